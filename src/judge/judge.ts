import type { KeyRing } from '../keys/key.ts';
import { PatternScanner } from '../scan/pattern.ts';
import { markCut, Scanner } from '../scan/scanner.ts';
import { Spans } from '../scan/spans.ts';
import type { Block } from '../source/block.ts';
import { readFacts } from '../source/fields/facts.ts';
import { TimeFlag, type LineContext, type LineFacts } from '../source/fields/fields.ts';
import { Identities } from '../verify/identities.ts';
import { clockTime, verdictAt, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import type { Verdict } from '../verify/verdict.ts';
import { Verifier } from '../verify/verifier.ts';
import { Columns } from './columns.ts';
import { EventWriter } from './events.ts';
import { NO_IDENTITY, type JudgedBlock } from './judged.ts';

/** What all blocks of a run have in common; plain data, so that it can be handed to a thread. */
export interface JudgeConfig {
  /** Null: `--no-verify`. */
  readonly ring: KeyRing | null;
  readonly policy: Policy;
  readonly zone: string;
  readonly year: number | null;
  /** Milliseconds, NaN for no bound; lines outside, or without a time, are skipped. */
  readonly since: number;
  readonly until: number;
  /** Source of the user's own pattern; null finds tokens by their shape and the label. */
  readonly pattern: string | null;
  readonly events: boolean;
}

/** A block and where it comes from. */
export interface BlockJob {
  readonly block: Block;
  readonly path: string;
  /** Milliseconds: dates without a year lie before this. */
  readonly reference: number;
  /** Number of the block's first line, from 1; used by events only. */
  readonly firstLine: number;
}

/** As seconds from the year 5138 on, as milliseconds the years 1973 to 5138. */
const LEAST_MILLISECONDS = 1e11;
const MOST_MILLISECONDS = 1e14;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Turns blocks into judged blocks: lines, tokens, verdicts. One per thread; keeps what repeats. */
export class Judge {
  readonly #config: JudgeConfig;
  readonly #scanner: Scanner;
  readonly #pattern: PatternScanner | null;
  readonly #verifier: Verifier;
  readonly #identities = new Identities();
  readonly #keys: ReadonlyMap<string, number>;
  readonly #spans = new Spans();
  readonly #columns = new Columns();
  readonly #judgements: Judgement[] = [];
  readonly #facts: LineFacts = { time: Number.NaN, timeFlags: 0, status: 0 };
  readonly #events: EventWriter | null;
  readonly #windowed: boolean;
  /** Start, end and number of the line of each span. */
  #lineStarts: Uint32Array = new Uint32Array(1024);
  #lineEnds: Uint32Array = new Uint32Array(1024);
  #lineNumbers: Uint32Array = new Uint32Array(1024);
  #lines = 0;
  #linesWithToken = 0;
  #linesSkipped = 0;
  #notices = new Map<string, number>();
  #firstIdentity = 0;

  constructor(config: JudgeConfig) {
    this.#config = config;
    this.#scanner = new Scanner(config.policy.maxToken);
    this.#pattern =
      config.pattern === null ? null : new PatternScanner(config.pattern, this.#scanner);
    this.#verifier = new Verifier(config.ring, config.policy, this.#identities, config.events);
    this.#keys = new Map((config.ring?.keys ?? []).map((key, index) => [key.id, index]));
    this.#events = config.events ? new EventWriter(config.policy) : null;
    this.#windowed = !Number.isNaN(config.since) || !Number.isNaN(config.until);
  }

  async judge(job: BlockJob): Promise<JudgedBlock> {
    const { block, reference } = job;
    const context: LineContext = { zone: this.#config.zone, reference, year: this.#config.year };
    this.#notices = new Map();
    this.#firstIdentity = this.#identities.beginBlock();
    this.#spans.clear();
    this.#readLines(block, context);
    const later = this.#verifier.judge(block.bytes, this.#spans, this.#judgements);
    if (later !== null) await later;
    return this.#summary(job, context);
  }

  #readLines(block: Block, context: LineContext): void {
    const { bytes, length } = block;
    const spans = this.#spans;
    this.#lines = 0;
    this.#linesWithToken = 0;
    this.#linesSkipped = 0;
    for (let start = 0; start < length;) {
      const before = spans.count;
      const end = this.#scanLine(bytes, start, length);
      this.#lines++;
      if (end === length && (block.cut || block.torn)) {
        if (block.cut) this.#note('overlong_line');
        markCut(spans, before, end);
      }
      const textEnd = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
      if (this.#windowed && !this.#inWindow(bytes, start, textEnd, context)) {
        if (spans.count > before && Number.isNaN(this.#facts.time)) this.#note('no_time_in_window');
        spans.truncate(before);
        this.#linesSkipped++;
      } else if (spans.count > before) {
        this.#linesWithToken++;
        this.#setLines(before, start, textEnd);
      }
      start = end + 1;
    }
  }

  #scanLine(bytes: Uint8Array, start: number, length: number): number {
    if (this.#pattern === null) return this.#scanner.scanLine(bytes, start, length, this.#spans);
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 || newline > length ? length : newline;
    if (!this.#pattern.scanLine(bytes, start, end, this.#spans)) this.#note('pattern_timeout');
    return end;
  }

  #setLines(from: number, start: number, end: number): void {
    const { count } = this.#spans;
    if (count > this.#lineStarts.length) {
      const size = Math.max(count, this.#lineStarts.length * 2);
      this.#lineStarts = grown(this.#lineStarts, size);
      this.#lineEnds = grown(this.#lineEnds, size);
      this.#lineNumbers = grown(this.#lineNumbers, size);
    }
    for (let i = from; i < count; i++) {
      this.#lineStarts[i] = start;
      this.#lineEnds[i] = end;
      this.#lineNumbers[i] = this.#lines - 1;
    }
  }

  #inWindow(bytes: Uint8Array, start: number, end: number, context: LineContext): boolean {
    readFacts(bytes, start, end, context, this.#facts);
    const { time } = this.#facts;
    const { since, until } = this.#config;
    if (Number.isNaN(time)) return false;
    return !(time < since) && !(time >= until);
  }

  #summary(job: BlockJob, context: LineContext): JudgedBlock {
    const { bytes } = job.block;
    const { policy } = this.#config;
    const spans = this.#spans;
    const columns = this.#columns;
    columns.reserve(spans.count);
    let line = -1;
    for (let i = 0; i < spans.count; i++) {
      const start = this.#lineStarts[i]!;
      if (start !== line) {
        line = start;
        readFacts(bytes, start, this.#lineEnds[i]!, context, this.#facts);
        this.#noteTime(this.#facts);
      }
      const judgement = this.#judgements[i]!;
      const { time, status } = this.#facts;
      const verdict = verdictAt(judgement, clockTime(policy, time), policy.leeway);
      const key = judgement.key === null ? -1 : this.#keys.get(judgement.key.id)!;
      columns.set(i, judgement, verdict, time, this.#identityOf(judgement), key);
      this.#noteToken(judgement, verdict, status);
      this.#events?.add(job, context, judgement, verdict, {
        kind: spans.kind[i]!,
        start: spans.start[i]!,
        end: spans.end[i]!,
        lineStart: start,
        lineEnd: this.#lineEnds[i]!,
        line: job.firstLine + this.#lineNumbers[i]!,
      });
    }
    return {
      lines: this.#lines,
      linesWithToken: this.#linesWithToken,
      linesSkipped: this.#linesSkipped,
      count: spans.count,
      ...columns.copy(spans.count, bytes.buffer as ArrayBuffer),
      firstIdentity: this.#firstIdentity,
      newIdentities: this.#identities.takeFresh(),
      notices: Array.from(this.#notices, ([code, count]) => ({ code, count })),
      events: this.#events === null ? null : this.#events.take(),
    };
  }

  /** A judgement from the cache may carry a number that was given up meanwhile. */
  #identityOf(judgement: Judgement): number {
    if (judgement.claims === null) return NO_IDENTITY;
    if (!this.#identities.knows(judgement.identity)) {
      judgement.identity = this.#identities.numberOf(judgement.claims.identity);
    }
    return judgement.identity;
  }

  #noteTime({ time, timeFlags }: LineFacts): void {
    if ((timeFlags & TimeFlag.bad) !== 0) this.#note('bad_timestamp');
    if ((timeFlags & TimeFlag.gap) !== 0) this.#note('time_in_dst_gap');
    if ((timeFlags & TimeFlag.fold) !== 0) this.#note('time_in_dst_fold');
    if (Number.isNaN(time) && this.#config.policy.clock === 'use') this.#note('no_line_time');
  }

  #noteToken(judgement: Judgement, verdict: Verdict, status: number): void {
    const { claims, header } = judgement;
    if (header !== null && header.offersKey) this.#note('header_offers_key');
    if (claims !== null) {
      if (claims.duplicate) this.#note('duplicate_claim');
      if (claims.exp > LEAST_MILLISECONDS && claims.exp < MOST_MILLISECONDS) {
        this.#note('exp_looks_like_ms');
      }
      if (Number.isNaN(claims.exp) && judgement.key !== null) this.#note('no_expiry');
    }
    if (status >= 200 && status < 300 && REFUSED.has(verdict)) this.#note('accepted_anyway');
  }

  #note(code: string): void {
    this.#notices.set(code, (this.#notices.get(code) ?? 0) + 1);
  }
}

/** Verdicts on which a server ought to refuse. */
const REFUSED: ReadonlySet<Verdict> = new Set<Verdict>([
  'expired',
  'not_yet_valid',
  'bad_signature',
  'alg_none',
  'alg_not_allowed',
  'unknown_key',
  'wrong_issuer',
  'wrong_audience',
  'malformed',
]);

const grown = (smaller: Uint32Array, size: number): Uint32Array => {
  const larger = new Uint32Array(size);
  larger.set(smaller);
  return larger;
};
