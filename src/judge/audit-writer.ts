import { reasonOf } from '../event/token.ts';
import { LINE_WORDS, TOKEN_WORDS, type TokenPlaces } from '../kernel/kernel.ts';
import type { VerificationKey } from '../keys/key.ts';
import { HeaderCache } from '../scan/header.ts';
import { SpanKind } from '../scan/spans.ts';
import type { Block } from '../source/block.ts';
import type { LineContext, LineFacts, LineFields } from '../source/fields/fields.ts';
import { decodePayload, readClaims } from '../verify/claims.ts';
import { clockTime, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import { VERDICTS, type Verdict } from '../verify/verdict.ts';
import type { ColumnViews } from './columns.ts';
import type { Place } from './events.ts';
import { PairReader, readPair } from './pair.ts';
import type { TokenSample } from '../weak/weak-secret.ts';
import { UseWriter } from './use-writer.ts';
import type { UseColumns } from './uses.ts';

const NEWLINE = 0x0a;
const DOT = 0x2e;
const OPEN_BRACE = 0x7b;
/** The kernel takes no longer token. */
const LONGEST_FAST = 8192;
const LOW_BITS = 2048;
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
  readonly #pairs = new PairReader();
  readonly #headers = new HeaderCache(LONGEST_FAST);
  readonly #json = new Uint8Array(LONGEST_FAST);
  /** Numbers of tokens: of judgements that may come again, and by the kernel's fingerprints. */
  #judged = new WeakMap<Judgement, number>();
  readonly #fast = new Map<number, number>();
  #block: Block = NO_BLOCK;
  #context: LineContext = { zone: 'UTC', reference: 0, year: null };
  #fields: LineFields | null = null;
  #fieldsOf = -1;
  #counted = 0;
  #lines = 0;

  constructor(policy: Policy, keys: readonly VerificationKey[]) {
    this.#policy = policy;
    this.#keys = keys;
  }

  begin(block: Block, context: LineContext): void {
    this.#block = block;
    this.#context = context;
    this.#fieldsOf = -1;
    this.#counted = 0;
    this.#lines = 0;
    if (this.#writer.startOverIfFull()) this.#fast.clear();
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
      fields: this.#fieldsAt(lineStart, lineEnd, 0),
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
      const lineStart = lines[line]! - block;
      const place = {
        line: this.#lineAt(lineStart),
        offset: this.#block.offset + start,
        time: columns.times[i]!,
      };
      this.#writer.add({
        ...place,
        status: lines[line + 2]!,
        token: this.#fastToken(columns, i, start, tokens[at + 1]! - block, place),
        verdict: columns.verdicts[i]!,
        reason: null,
        fields: this.#fieldsAt(lineStart, lines[line + 1]! - block, lines[line + 3]!),
      });
    }
  }

  take(): UseColumns {
    this.#block = NO_BLOCK;
    this.#fields = null;
    return this.#writer.take();
  }

  #fastToken(
    { fingerprints, keys }: ColumnViews,
    i: number,
    start: number,
    end: number,
    place: SamplePlace,
  ): number {
    const low = fingerprints[i * 2 + 1]!;
    const name = fingerprints[i * 2]! * (2 ** 32 / LOW_BITS) + Math.floor(low / LOW_BITS);
    const known = this.#fast.get(name);
    if (known !== undefined && known % LOW_BITS === low % LOW_BITS) {
      return Math.floor(known / LOW_BITS);
    }
    const token = this.#readToken(start, end, keys[i]!, place);
    this.#fast.set(name, token * LOW_BITS + (low % LOW_BITS));
    return token;
  }

  /** What the kernel found plain: header and claims can be read. */
  #readToken(start: number, end: number, key: number, place: SamplePlace): number {
    const { bytes } = this.#block;
    const headerEnd = bytes.indexOf(DOT, start);
    const payloadEnd = bytes.indexOf(DOT, headerEnd + 1);
    const length = decodePayload(bytes, headerEnd + 1, payloadEnd, this.#json) as number;
    const { claims } = readClaims(this.#json, length, this.#policy.userClaims);
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

  /** @param known 1 where the kernel has read time and status: then JSON is valid, and what is none is bare */
  #fieldsAt(start: number, end: number, known: number): LineFields {
    if (this.#fields === null || this.#fieldsOf !== start) {
      const isJson = this.#block.bytes[start] === OPEN_BRACE;
      const isBare = known === 1 && !isJson;
      this.#fields =
        known === 1 || !isJson
          ? this.#pairs.read(this.#block, start, end, this.#context, isBare)
          : readPair(this.#block, start, end, this.#context);
      this.#fieldsOf = start;
    }
    return this.#fields;
  }
}

const VERDICT_INDEX: ReadonlyMap<Verdict, number> = new Map(VERDICTS.map((v, i) => [v, i]));
