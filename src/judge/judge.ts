import { Kernel, type SlowRange } from '../kernel/kernel.ts';
import type { KernelModule } from '../kernel/module.ts';
import type { KeyRing } from '../keys/key.ts';
import { markCut } from '../scan/scanner.ts';
import { Spans } from '../scan/spans.ts';
import { lastLineStart, type Block } from '../source/block.ts';
import type { LineContext } from '../source/fields/fields.ts';
import { Identities } from '../verify/identities.ts';
import { clockTime, verdictAt, type Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import { Verifier } from '../verify/verifier.ts';
import { AuditWriter } from './audit-writer.ts';
import { Columns, columnsIn } from './columns.ts';
import { EventWriter, type Place } from './events.ts';
import type { BlockJob } from './job.ts';
import { NO_IDENTITY, type JudgedBlock } from './judged.ts';
import { LineReader } from './line-reader.ts';
import { LineScanner } from './line-scanner.ts';
import { Notices } from './notices.ts';
import { RecordedReader } from './recorded.ts';
import { TokenLines } from './token-lines.ts';

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
  /** Gather what the audit looks at. */
  readonly audit: boolean;
  /** Tell the whole way of requests in place of their address; default: false. */
  readonly forwarded?: boolean;
  /** Tell no fingerprint of tokens that the kernel recalls, for who hears of all blocks; default: false. */
  readonly fingerprintsOnce?: boolean;
  /** The fast twin, null to do without. */
  readonly kernel: KernelModule | null;
  /** The part of it that verifies RSA signatures; default: none. */
  readonly rsa?: KernelModule | null;
}

const CARRIAGE_RETURN = 0x0d;

/** Turns blocks into judged blocks: lines, tokens, verdicts. One per thread; keeps what repeats. */
export class Judge {
  readonly #config: JudgeConfig;
  readonly #present: { now: number };
  readonly #scanner: LineScanner;
  readonly #verifier: Verifier;
  readonly #identities = new Identities();
  readonly #kernel: Kernel | null;
  readonly #keys: ReadonlyMap<string, number>;
  readonly #spans = new Spans();
  readonly #columns = new Columns();
  readonly #judgements: Judgement[] = [];
  readonly #line = new LineReader();
  readonly #notices: Notices;
  readonly #events: EventWriter | null;
  readonly #auditWriter: AuditWriter | null;
  /** The same while a block is judged of which more than columns is wanted. */
  #audit: AuditWriter | null = null;
  readonly #recorded: RecordedReader;
  readonly #windowed: boolean;
  readonly #tokenLines = new TokenLines();
  #lines = 0;
  #linesWithToken = 0;
  #linesSkipped = 0;

  constructor(given: JudgeConfig) {
    // All parts share this policy, whose present goes on.
    const policy = { ...given.policy };
    const config = { ...given, policy };
    this.#config = config;
    this.#present = policy;
    const { pattern, ring, events, audit } = config;
    this.#verifier = new Verifier(ring, policy, this.#identities);
    this.#keys = new Map((ring?.keys ?? []).map((key, index) => [key.id, index]));
    this.#notices = new Notices(policy);
    this.#scanner = new LineScanner(policy.maxToken, pattern, this.#notices);
    this.#events = events ? new EventWriter(policy) : null;
    this.#windowed = !Number.isNaN(config.since) || !Number.isNaN(config.until);
    this.#kernel = this.#createKernel();
    this.#auditWriter = audit ? new AuditWriter(config, this.#kernel) : null;
    this.#recorded = new RecordedReader(
      config,
      this.#identities,
      this.#columns,
      this.#notices,
      this.#keys,
    );
  }

  /** Memory for the next block, from which its bytes need not be copied; null where there is none. */
  room(length: number): Uint8Array | null {
    return this.#kernel?.room(length) ?? null;
  }

  judge(job: BlockJob): JudgedBlock {
    const { block, reference, now = this.#present.now } = job;
    if (now !== this.#present.now) this.#moveTo(now);
    const { zone, year, forwarded = false } = this.#config;
    const context: LineContext = { zone, reference, year, forwarded };
    if (this.#identities.startOverIfFull(this.#kernel?.isFull ?? false)) this.#kernel?.forget();
    this.#spans.clear();
    this.#lines = 0;
    this.#linesWithToken = 0;
    this.#linesSkipped = 0;
    if (job.recorded) return this.#readRecorded(job);
    this.#audit = job.plain === true ? null : this.#auditWriter;
    this.#audit?.begin(block, context);
    const ranges = this.#judgeFast(block, context);
    for (const range of ranges ?? [{ start: 0, end: block.length }]) {
      this.#readLines(block, range.start, range.end, context);
    }
    this.#verifier.judge(block.bytes, this.#spans, this.#judgements);
    return this.#summary(job, context, ranges);
  }

  #moveTo(now: number): void {
    this.#present.now = now;
    this.#kernel?.moveTo(this.#config.policy);
  }

  #readRecorded(job: BlockJob): JudgedBlock {
    const counts = this.#recorded.read(job);
    const count = counts.linesWithToken;
    return {
      ...counts,
      count,
      ...this.#columns.copy(count, memoryOf(job)),
      ...this.#identities.takeFresh(),
      notices: this.#notices.take(),
      events:
        this.#config.events || (this.#auditWriter !== null && job.plain !== true)
          ? this.#recorded.takeEvents()
          : null,
    };
  }

  /** Events, windows of time and patterns need more of each line than the kernel tells. */
  #createKernel(): Kernel | null {
    const { kernel, ring, pattern } = this.#config;
    if (kernel === null || ring === null || this.#windowed) return null;
    if (this.#events !== null || pattern !== null) return null;
    const options = { fingerprintsOnce: false, rsa: null, ...this.#config, ring };
    const created = Kernel.create(kernel, options, this.#identities);
    if (created !== null) created.onLine = (facts) => this.#notices.addLine(facts);
    return created;
  }

  /** Lets the kernel judge what is plain; what is left over for the slow way, null where that is all. */
  #judgeFast(block: Block, context: LineContext): readonly SlowRange[] | null {
    if (this.#kernel === null) return null;
    const { bytes, length } = block;
    // The last line of a damaged block lacks its rest, which only the slow way minds.
    const end = block.cut || block.torn ? lastLineStart(bytes, length) : length;
    const ranges = this.#kernel.judge(bytes, end, context);
    if (ranges === null || end === length) return ranges;
    return [...ranges, { start: end, end: length, tokensBefore: this.#kernel.tokens }];
  }

  #readLines(block: Block, from: number, to: number, context: LineContext): void {
    const { bytes } = block;
    const spans = this.#spans;
    for (let start = from; start < to;) {
      const before = spans.count;
      const end = this.#scanner.scan(bytes, start, to, this.#spans);
      this.#lines++;
      if (end === block.length && (block.cut || block.torn)) {
        if (block.cut) this.#notices.add('overlong_line');
        markCut(spans, before, end);
      }
      const textEnd = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
      if (this.#windowed && !this.#inWindow(block, start, textEnd, context)) {
        if (spans.count > before && Number.isNaN(this.#line.facts.time)) {
          this.#notices.add('no_time_in_window');
        }
        spans.truncate(before);
        this.#linesSkipped++;
      } else if (spans.count > before) {
        this.#linesWithToken++;
        this.#tokenLines.set(before, spans.count, start, textEnd, this.#lines - 1);
      }
      start = end + 1;
    }
  }

  #inWindow(block: Block, start: number, end: number, context: LineContext): boolean {
    this.#line.readFacts(block, start, end, context);
    const { time } = this.#line.facts;
    const { since, until } = this.#config;
    return !Number.isNaN(time) && !(time < since) && !(time >= until);
  }

  #summary(job: BlockJob, context: LineContext, ranges: readonly SlowRange[] | null): JudgedBlock {
    const kernel = ranges === null ? null : this.#kernel;
    const slow = this.#spans.count;
    const fast = kernel?.tokens ?? 0;
    this.#columns.reserve(slow + fast);
    if (kernel === null) this.#addSlow(job, context, 0, slow, 0);
    else this.#merge(job, context, kernel, ranges!);
    return {
      lines: this.#lines + (kernel?.lines ?? 0),
      linesWithToken: this.#linesWithToken + (kernel?.linesWithToken ?? 0),
      linesSkipped: this.#linesSkipped,
      count: slow + fast,
      ...this.#columns.copy(slow + fast, memoryOf(job)),
      ...this.#identities.takeFresh(),
      notices: this.#notices.take(),
      events: this.#events === null ? null : this.#events.take(),
      ...(this.#audit === null ? null : { audit: this.#audit.take() }),
    };
  }

  /** Puts the tokens of both ways in the order of the log. */
  #merge(job: BlockJob, context: LineContext, kernel: Kernel, ranges: readonly SlowRange[]): void {
    const { buffer, offset } = kernel.columns;
    const judged = columnsIn(buffer, kernel.tokens, offset);
    this.#audit?.startFast(kernel.places, judged);
    let fast = 0;
    let slow = 0;
    for (const { end, tokensBefore } of ranges) {
      this.#columns.adopt(judged, fast, tokensBefore, fast + slow);
      this.#audit?.addFast(fast, tokensBefore);
      fast = tokensBefore;
      let next = slow;
      while (next < this.#spans.count && this.#spans.start[next]! < end) next++;
      this.#addSlow(job, context, slow, next, fast);
      slow = next;
    }
    this.#columns.adopt(judged, fast, kernel.tokens, fast + slow);
    this.#audit?.addFast(fast, kernel.tokens);
    for (const [code, count] of kernel.notices) this.#notices.add(code, count);
  }

  /** Adds the tokens number `from` to `to` of the slow way, behind `fast` others. */
  #addSlow(job: BlockJob, context: LineContext, from: number, to: number, fast: number): void {
    const { policy } = this.#config;
    const spans = this.#spans;
    const { starts, ends, numbers } = this.#tokenLines;
    const isTold = this.#events !== null || this.#audit !== null;
    const { facts } = this.#line;
    let line = -1;
    for (let i = from; i < to; i++) {
      const start = starts[i]!;
      if (start !== line) {
        line = start;
        if (isTold) this.#line.readFields(job.block, start, ends[i]!, context);
        else this.#line.readFacts(job.block, start, ends[i]!, context);
        this.#notices.addLine(facts);
      }
      const judgement = this.#judgements[i]!;
      const { time, status } = facts;
      const verdict = verdictAt(judgement, clockTime(policy, time), policy.leeway);
      this.#columns.set(fast + i, {
        verdict,
        identity: this.#identityOf(judgement),
        expiry: judgement.claims === null ? Number.NaN : judgement.claims.exp,
        time,
        fingerprintHigh: judgement.fingerprintHigh,
        fingerprintLow: judgement.fingerprintLow,
        key: judgement.key === null ? -1 : this.#keys.get(judgement.key.id)!,
      });
      this.#notices.addToken(judgement, verdict, status);
      if (!isTold) continue;
      const place: Place = {
        kind: spans.kind[i]!,
        start: spans.start[i]!,
        end: spans.end[i]!,
        lineStart: start,
        line: job.firstLine + numbers[i]!,
      };
      this.#events?.add(job, judgement, verdict, place, this.#line.fields);
      this.#audit?.addSlow(judgement, verdict, facts, place, this.#line.fields);
    }
  }

  /** A judgement from the cache may carry a number that was given up meanwhile. */
  #identityOf(judgement: Judgement): number {
    if (judgement.claims === null) return NO_IDENTITY;
    if (!this.#identities.knows(judgement.identity)) {
      judgement.identity = this.#identities.numberOf(judgement.claims.identity);
    }
    return judgement.identity;
  }
}

const memoryOf = ({ block, memory }: BlockJob): ArrayBuffer =>
  memory ?? (block.bytes.buffer as ArrayBuffer);
