import { Buffer } from 'node:buffer';
import { hashOfText, TextHash } from '../event/text-hash.ts';
import { reasonOf } from '../event/token.ts';
import { LINE_WORDS, TOKEN_WORDS, type TokenPlaces } from '../kernel/kernel.ts';
import type { VerificationKey } from '../keys/key.ts';
import { HeaderCache } from '../scan/header.ts';
import { latin1 } from '../scan/text.ts';
import { SpanKind } from '../scan/spans.ts';
import type { Block } from '../source/block.ts';
import type { LineContext, LineFacts } from '../source/fields/fields.ts';
import { QuickAccess } from '../source/fields/quick-access.ts';
import {
  FIELDS,
  QuickJson,
  type FieldNumbers,
  type HashOf,
  type NumberOf,
} from '../source/fields/quick-json.ts';
import { decodePayload, readClaims } from '../verify/claims.ts';
import { shownText, SHORTEST_TOKEN } from '../verify/identity.ts';
import { clockTime, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import { VERDICT_INDEX, type Verdict } from '../verify/verdict.ts';
import type { ColumnViews } from './columns.ts';
import type { Place } from './events.ts';
import { hasUserLog, readPair } from './pair.ts';
import type { TokenSample } from '../weak/weak-secret.ts';
import { UseWriter } from './use-writer.ts';
import { NO_TEXT, type UseColumns } from './uses.ts';

const NEWLINE = 0x0a;
const USER_LOG = Buffer.from('User Log: ');
const DOT = 0x2e;
const OPEN_BRACE = 0x7b;
/** The kernel takes no longer token. */
const LONGEST_FAST = 8192;
const NO_BLOCK: Block = {
  bytes: new Uint8Array(0),
  length: 0,
  offset: 0,
  cut: false,
  torn: false,
};

type SamplePlace = Pick<TokenSample, 'line' | 'offset' | 'time'>;

/** Tells the audit of the uses in a block, whichever way they were judged, in the order of the log. */
export class AuditWriter {
  readonly #policy: Policy;
  readonly #keys: readonly VerificationKey[];
  readonly #writer = new UseWriter();
  readonly #numberOf: NumberOf = (text) => this.#writer.numberOf(text);
  #json: QuickJson;
  #access: QuickAccess;
  readonly #headers = new HeaderCache(LONGEST_FAST);
  readonly #payload = new Uint8Array(LONGEST_FAST);
  /** Numbers of tokens: of judgements that may come again, and by the first word of the kernel's fingerprints. */
  #judged = new WeakMap<Judgement, number>();
  readonly #fast = new Map<number, { readonly low: number; readonly token: number }>();
  #block: Block = NO_BLOCK;
  #context: LineContext = { zone: 'UTC', reference: 0, year: null };
  #fields: FieldNumbers = [...NO_FIELDS];
  #fieldsOf = -1;
  /** Null: not looked for yet. */
  #hasUserLogs: boolean | null = null;
  #counted = 0;
  #lines = 0;

  constructor(policy: Policy, keys: readonly VerificationKey[]) {
    this.#policy = policy;
    this.#keys = keys;
    this.#json = new QuickJson(this.#numberOf, hashOfId);
    this.#access = new QuickAccess(this.#numberOf, hashOfId);
  }

  begin(block: Block, context: LineContext): void {
    this.#block = block;
    this.#context = context;
    this.#fieldsOf = -1;
    this.#hasUserLogs = null;
    this.#counted = 0;
    this.#lines = 0;
    const { tokens, texts } = this.#writer.startOverIfFull();
    if (tokens) this.#fast.clear();
    if (!texts) return;
    this.#json = new QuickJson(this.#numberOf, hashOfId);
    this.#access = new QuickAccess(this.#numberOf, hashOfId);
  }

  /** A use that the slow way judged. */
  addSlow(judgement: Judgement, verdict: Verdict, facts: LineFacts, place: Place): void {
    const { kind, start, end, lineStart, lineEnd } = place;
    const offset = this.#block.offset + start;
    const line = this.#lineAt(lineStart);
    let token = this.#judged.get(judgement) ?? -1;
    if (!this.#writer.knows(token) || kind === SpanKind.cut) {
      token = this.#writer.addToken(judgement, this.#block.bytes.subarray(start, end), {
        line,
        offset,
        time: facts.time,
      });
      this.#judged.set(judgement, token);
    }
    this.#writer.add({
      time: facts.time,
      status: facts.status,
      offset,
      line,
      token,
      verdict: VERDICT_INDEX.get(verdict)!,
      reason: reasonOf(judgement, verdict, clockTime(this.#policy, facts.time)),
      fields: this.#slowFields(lineStart, lineEnd),
    });
  }

  /** The uses number `from` to `to` that the kernel judged. */
  addFast(
    { block, tokens, lines }: TokenPlaces,
    columns: ColumnViews,
    from: number,
    to: number,
  ): void {
    for (let i = from; i < to; i++) {
      const at = i * TOKEN_WORDS;
      const line = tokens[at + 3]! * LINE_WORDS;
      const start = tokens[at]! - block;
      const end = tokens[at + 1]! - block;
      const lineStart = lines[line]! - block;
      this.#counted = lineStart;
      this.#lines = lines[line + 6]!;
      const offset = this.#block.offset + start;
      this.#writer.add({
        time: columns.times[i]!,
        status: lines[line + 2]!,
        offset,
        line: this.#lines,
        token: this.#fastToken(columns, i, start, end),
        verdict: columns.verdicts[i]!,
        reason: null,
        fields: this.#fastFields(lineStart, lines[line + 1]! - block, lines[line + 3]!, start, end),
      });
    }
  }

  take(): UseColumns {
    this.#block = NO_BLOCK;
    return this.#writer.take();
  }

  #fastToken(
    { fingerprints, keys, times }: ColumnViews,
    i: number,
    start: number,
    end: number,
  ): number {
    const high = fingerprints[i * 2]! | 0;
    const low = fingerprints[i * 2 + 1]! | 0;
    const known = this.#fast.get(high);
    if (known !== undefined && known.low === low) return known.token;
    const place = { line: this.#lines, offset: this.#block.offset + start, time: times[i]! };
    const token = this.#readToken(start, end, keys[i]!, place);
    this.#fast.set(high, { low, token });
    return token;
  }

  /** What the kernel found plain: header and claims can be read. */
  #readToken(start: number, end: number, key: number, place: SamplePlace): number {
    const { bytes } = this.#block;
    const headerEnd = bytes.indexOf(DOT, start);
    const payloadEnd = bytes.indexOf(DOT, headerEnd + 1);
    const length = decodePayload(bytes, headerEnd + 1, payloadEnd, this.#payload) as number;
    const { claims } = readClaims(this.#payload, length, this.#policy.userClaims);
    const header = this.#headers.get(bytes, start, headerEnd);
    const known = { header, claims, key: this.#keys[key] ?? null, verdict: null };
    return this.#writer.addToken(known, bytes.subarray(start, end), place);
  }

  /** Number of the line in the block; asked for lines in their order. */
  #lineAt(start: number): number {
    const { bytes } = this.#block;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, this.#counted);
      if (newline < 0 || newline >= start) break;
      this.#counted = newline + 1;
      this.#lines++;
    }
    return this.#lines;
  }

  #slowFields(start: number, end: number): FieldNumbers {
    if (this.#fieldsOf !== start) {
      this.#fieldsOf = start;
      const fields = readPair(this.#block, start, end, this.#context);
      this.#fields = this.#writer.numbersOf(fields);
    }
    return this.#fields;
  }

  /** @param known 1 where the kernel has read time and status: then JSON is valid, and what is none is bare */
  #fastFields(
    start: number,
    end: number,
    known: number,
    token: number,
    tokenEnd: number,
  ): FieldNumbers {
    if (this.#fieldsOf === start) return this.#fields;
    const { bytes } = this.#block;
    const isJson = bytes[start] === OPEN_BRACE;
    this.#hasUserLogs ??= holdsUserLog(this.#block);
    const isPair = this.#hasUserLogs && hasUserLog(this.#block, start, end);
    if (isPair || (isJson && known === 0) || this.#context.forwarded === true) {
      return this.#slowFields(start, end);
    }
    if (known === 1 && !isJson) return NO_FIELDS;
    const fields = this.#fields;
    const isRead = isJson
      ? this.#json.read(bytes, start, end, token, tokenEnd, fields)
      : this.#access.read(bytes, start, end, fields);
    if (!isRead) return this.#slowFields(start, end);
    this.#fieldsOf = start;
    return fields;
  }
}

/** Most blocks have no such line: then none of their lines need be looked at. */
const holdsUserLog = ({ bytes, length }: Block): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, length).includes(USER_LOG);

const NO_FIELDS: FieldNumbers = FIELDS.map(() => NO_TEXT);

/** `-` is none; what could hold a token is masked as elsewhere. */
const hashOfId: HashOf = (bytes, start, end) => {
  if (end - start === 1 && bytes[start] === 0x2d) return NO_TEXT;
  if (end - start >= SHORTEST_TOKEN) {
    return hashOfText(shownText(latin1(bytes, start, end)));
  }
  for (let at = start; at < end; at++) idHash.add(bytes[at]!);
  return idHash.take();
};

const idHash = new TextHash();
