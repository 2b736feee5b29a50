import { Buffer } from 'node:buffer';
import { decodeEvent, identityOf, tellsClaims, type ReadEvent } from '../event/decode.ts';
import { encodeEvent } from '../event/encode.ts';
import { EVENT_START, type AuthEvent } from '../event/event.ts';
import { isoTime, tokenIdWords } from '../event/token.ts';
import type { Block } from '../source/block.ts';
import type { Identities } from '../verify/identities.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { Columns, Use } from './columns.ts';
import type { BlockJob } from './job.ts';
import type { JudgeConfig } from './judge.ts';
import { NO_IDENTITY } from './judged.ts';
import { isSuccess, type Notices } from './notices.ts';

const NEWLINE = 0x0a;
const START: Uint8Array = Buffer.from(EVENT_START, 'latin1');

/** Whether a source is a file of events: its first line says so. Later lines can't make it one. */
export const startsWithEvent = ({ bytes, length }: Pick<Block, 'bytes' | 'length'>): boolean =>
  length >= START.length && START.every((byte, i) => bytes[i] === byte);

/** The lines of a block of events; its columns and notices went where the judge keeps them. */
export interface RecordedCounts {
  lines: number;
  linesWithToken: number;
  linesSkipped: number;
}

/** Reads blocks of `authlog.event/1`: the verdicts stand as they were recorded. */
export class RecordedReader {
  readonly #config: JudgeConfig;
  readonly #identities: Identities;
  readonly #columns: Columns;
  readonly #notices: Notices;
  readonly #keys: ReadonlyMap<string, number>;
  #uses: Use[] = [];
  #lines: string[] = [];

  constructor(
    config: JudgeConfig,
    identities: Identities,
    columns: Columns,
    notices: Notices,
    keys: ReadonlyMap<string, number>,
  ) {
    this.#config = config;
    this.#identities = identities;
    this.#columns = columns;
    this.#notices = notices;
    this.#keys = keys;
  }

  read(job: BlockJob): RecordedCounts {
    const { bytes, length } = job.block;
    const counts: RecordedCounts = { lines: 0, linesWithToken: 0, linesSkipped: 0 };
    this.#uses = [];
    for (let start = 0; start < length;) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 || newline > length ? length : newline;
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
      this.#line(job, text, start, counts);
      counts.lines++;
      start = end + 1;
    }
    this.#columns.reserve(this.#uses.length);
    for (const [at, use] of this.#uses.entries()) this.#columns.set(at, use);
    return counts;
  }

  /** The events since the last call as lines, encoded. */
  takeEvents(): Uint8Array {
    const text = Buffer.from(this.#lines.join(''), 'utf8');
    this.#lines = [];
    return Uint8Array.from(text);
  }

  #line(job: BlockJob, text: string, start: number, counts: RecordedCounts): void {
    const read = decodeEvent(text);
    if (read === null) {
      if (text.trim() !== '') this.#notices.add('no_event');
      return;
    }
    const { event } = read;
    const time = event.time === null ? Number.NaN : Date.parse(event.time);
    if (!this.#inWindow(time)) {
      if (event.verdict !== null && Number.isNaN(time)) this.#notices.add('no_time_in_window');
      counts.linesSkipped++;
      return;
    }
    if (this.#config.events || this.#config.audit) this.#emit(job, read, start, counts.lines);
    if (event.verdict === null) return;
    this.#add(event, event.verdict, time);
    counts.linesWithToken++;
  }

  #inWindow(time: number): boolean {
    const { since, until } = this.#config;
    if (Number.isNaN(since) && Number.isNaN(until)) return true;
    return !Number.isNaN(time) && !(time < since) && !(time >= until);
  }

  #add(event: AuthEvent, verdict: Verdict, time: number): void {
    const hasClaims = tellsClaims(event);
    const identity = hasClaims ? this.#identities.numberOf(identityOf(event)) : NO_IDENTITY;
    const expiry = event.exp === null ? Number.NaN : Number(event.exp);
    const [fingerprintHigh, fingerprintLow] = tokenIdWords(event.token_id!);
    this.#uses.push({
      verdict,
      identity,
      expiry,
      time,
      fingerprintHigh,
      fingerprintLow,
      key: event.key === null ? -1 : (this.#keys.get(event.key) ?? -1),
    });
    const accepted = isSuccess(event.status ?? 0) ? 1 : 0;
    this.#notices.addUses(verdict, expiry, hasClaims, 1, accepted);
  }

  /** The event as `authlog events` prints it: where it was read, and whose verdict it is. */
  #emit(job: BlockJob, { event, more }: ReadEvent, start: number, line: number): void {
    // The links of a chain hold for the bytes that were recorded.
    const { prev: _prev, hash: _hash, ...rest } = more;
    const time = event.time === null ? null : isoTime(Date.parse(event.time));
    const { file, line: itsLine, offset } = event;
    const place =
      file === null
        ? { file: job.path, line: job.firstLine + line, offset: job.block.offset + start }
        : { file, line: itsLine, offset };
    const told = { ...event, time, ...place, ...rest, verified_by: 'recorder' };
    this.#lines.push(encodeEvent(told), '\n');
  }
}
