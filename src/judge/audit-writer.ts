import { Buffer } from 'node:buffer';
import { reasonOf } from '../event/token.ts';
import { LINE_WORDS, TOKEN_WORDS, type Kernel, type TokenPlaces } from '../kernel/kernel.ts';
import type { LineTexts } from '../kernel/line-texts.ts';
import type { VerificationKey } from '../keys/key.ts';
import { HeaderCache } from '../scan/header.ts';
import { SpanKind } from '../scan/spans.ts';
import type { Block } from '../source/block.ts';
import type { Field } from '../source/fields/objectfields.ts';
import type { LineContext, LineFacts, LineFields } from '../source/fields/fields.ts';
import { decodePayload, readClaims } from '../verify/claims.ts';
import { clockTime, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import { VERDICT_INDEX, type Verdict } from '../verify/verdict.ts';
import type { TokenSample } from '../weak/weak-secret.ts';
import { columnsIn, type ColumnViews } from './columns.ts';
import type { Place } from './events.ts';
import { FastTokens } from './fast-tokens.ts';
import type { JudgeConfig } from './judge.ts';
import { LineReader } from './line-reader.ts';
import { hasUserLog } from './pair.ts';
import { UseWriter, type FieldNumbers } from './use-writer.ts';
import { NO_TEXT, UseField, type UseColumns } from './uses.ts';

const NEWLINE = 0x0a;
const USER_LOG = Buffer.from('User Log: ');
const DOT = 0x2e;
/** The kernel takes no longer token. */
const LONGEST_FAST = 8192;
const NO_WORDS = new Uint32Array(0);
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
  readonly #texts: LineTexts | null;
  readonly #headers = new HeaderCache(LONGEST_FAST);
  readonly #payload = new Uint8Array(LONGEST_FAST);
  /** Numbers of tokens: of judgements that may come again, and of the kernel's. */
  #judged = new WeakMap<Judgement, number>();
  readonly #fast = new FastTokens();
  #block: Block = NO_BLOCK;
  #context: LineContext = { zone: 'UTC', reference: 0, year: null };
  readonly #line = new LineReader();
  /** Where the line starts that it read last. */
  #fieldsOf = -1;
  #numbered: LineFields | null = null;
  #numbers: FieldNumbers = [];
  #hasUserLogs = false;
  #places: TokenPlaces = { block: 0, tokens: NO_WORDS, lines: NO_WORDS };
  #columns: ColumnViews = columnsIn(new ArrayBuffer(0), 0);
  #counted = 0;
  #lines = 0;

  /** @param kernel whose tokens are told of, null for none */
  constructor({ policy, ring, forwarded = false }: JudgeConfig, kernel: Kernel | null) {
    this.#policy = policy;
    this.#keys = ring?.keys ?? [];
    const numberOf = (field: Field, text: string): number =>
      this.#writer.numberOfField(field, text);
    this.#texts = kernel?.lineTexts(numberOf, forwarded) ?? null;
  }

  begin(block: Block, context: LineContext): void {
    this.#block = block;
    this.#context = context;
    this.#fieldsOf = -1;
    this.#numbered = null;
    this.#counted = 0;
    this.#lines = 0;
    const { tokens, texts } = this.#writer.startOverIfFull();
    if (tokens) this.#fast.clear();
    if (texts) this.#texts?.forget();
  }

  /** A use that the slow way judged, in a line that says `fields`. */
  addSlow(
    judgement: Judgement,
    verdict: Verdict,
    facts: LineFacts,
    { kind, start, end, lineStart }: Place,
    fields: LineFields,
  ): void {
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
      fields: this.#numbersOf(fields),
    });
  }

  /** Once for a block, before uses that the kernel judged. */
  startFast(places: TokenPlaces, columns: ColumnViews): void {
    this.#places = places;
    this.#columns = columns;
    if (places.tokens.length === 0) return;
    this.#texts!.read();
    const { cut, torn } = this.#block;
    // The kernel has not got the last line of a damaged block.
    this.#hasUserLogs = this.#texts!.holdsUserLog || ((cut || torn) && holdsUserLog(this.#block));
  }

  /** The uses number `from` to `to` that the kernel judged. */
  addFast(from: number, to: number): void {
    const { block, tokens, lines } = this.#places;
    const { times, verdicts } = this.#columns;
    const writer = this.#writer;
    for (let i = from; i < to; i++) {
      const at = i * TOKEN_WORDS;
      const index = tokens[at + 3]!;
      const line = index * LINE_WORDS;
      const start = tokens[at]! - block;
      this.#counted = lines[line]! - block;
      this.#lines = lines[line + 6]!;
      const token = this.#fastToken(i, start, tokens[at + 1]! - block);
      const use = writer.next();
      const { numbers } = writer;
      numbers[use + UseField.time] = times[i]!;
      numbers[use + UseField.offset] = this.#block.offset + start;
      numbers[use + UseField.line] = this.#lines;
      numbers[use + UseField.token] = token;
      numbers[use + UseField.verdict] = verdicts[i]!;
      numbers[use + UseField.status] = lines[line + 2]!;
      numbers[use + UseField.reason] = NO_TEXT;
      const end = lines[line + 1]! - block;
      if (this.#isSlow(end) || !this.#texts!.write(index, numbers, use + UseField.ip)) {
        numbers.set(this.#slowFields(this.#counted, end), use + UseField.ip);
      }
    }
  }

  take(): UseColumns {
    this.#block = NO_BLOCK;
    return this.#writer.take();
  }

  #fastToken(i: number, start: number, end: number): number {
    const { fingerprints, keys, times } = this.#columns;
    const high = fingerprints[i * 2]! | 0;
    const low = fingerprints[i * 2 + 1]! | 0;
    const known = this.#fast.get(high, low);
    if (known >= 0) return known;
    const place = { line: this.#lines, offset: this.#block.offset + start, time: times[i]! };
    const token = this.#readToken(start, end, keys[i]!, place);
    this.#fast.set(high, low, token);
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

  /** Of a line that the kernel judged and cannot tell of. */
  #slowFields(start: number, end: number): FieldNumbers {
    if (this.#fieldsOf !== start) {
      this.#fieldsOf = start;
      this.#line.readFields(this.#block, start, end, this.#context);
    }
    return this.#numbersOf(this.#line.fields);
  }

  #numbersOf(fields: LineFields): FieldNumbers {
    if (this.#numbered !== fields) {
      this.#numbered = fields;
      this.#numbers = this.#writer.numbersOf(fields);
    }
    return this.#numbers;
  }

  /** Whether the line that begins at what was counted last, and ends at `end`, is one that the kernel does not tell of. */
  #isSlow(end: number): boolean {
    return this.#hasUserLogs && hasUserLog(this.#block, this.#counted, end);
  }
}

const holdsUserLog = ({ bytes, length }: Block): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, length).includes(USER_LOG);
