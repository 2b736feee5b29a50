import { Buffer } from 'node:buffer';
import { AuthlogError } from './errors.ts';
import {
  DEFAULT_MAX_USERS,
  planOf,
  readSources,
  searchedFor,
  type AnalyzeOptions,
} from './analyze.ts';
import {
  TALLY_SCHEMA,
  type TallyFoot,
  type TallyHead,
  type TallyKey,
} from './merge/tally-format.ts';
import { TallyProblem, TallyReader } from './merge/tally-reader.ts';
import { TallyWriter } from './merge/tally-writer.ts';
import { readBlocks } from './source/blocks.ts';
import { prepareZone } from './source/fields/zone.ts';
import { IncompleteInput, type Incomplete, type Input } from './source/input.ts';
import { openInput, type OpenOptions } from './source/open.ts';
import type { SortKey } from './summarize/order.ts';
import { summarize } from './summarize/summarize.ts';
import type { Summary } from './summarize/summary.ts';
import { Tally } from './summarize/tally.ts';

/** Bytes of the longest line of a tally: a user with the longest claims that a token can have. */
const MOST_LINE = 4 << 20;
const BLOCK_SIZE = 1 << 20;

/**
 * Reads the logs as `analyze` does and writes a tally (`authlog.tally/1`, NDJSON): everything that a
 * summary is made of, so that `mergeTallies` can add up those of many machines. No token is in it.
 */
export const writeTally = async (
  options: AnalyzeOptions,
  write: (text: string) => Promise<void>,
): Promise<readonly Incomplete[]> => {
  const plan = planOf(options, 'columns');
  const writer = new TallyWriter(headOf(options));
  const { read, incomplete, notices } = await readSources(options, plan, async (judged, origin) => {
    writer.add(judged, origin);
    const text = writer.take();
    if (text !== '') await write(text);
  });
  const files = options.inputs.map(({ path, kind, mode }) => ({ path, kind, mode }));
  writer.end({ inputs: read, files, notices, incomplete });
  await write(writer.take());
  return incomplete;
};

const headOf = (options: AnalyzeOptions): TallyHead => {
  const { clock = 'use', now, zone = 'UTC', ring, leeway = 0, year, since, until } = options;
  const { issuers, audiences, userClaims, allowPadding, pattern, maxToken, maxLine } = options;
  const rules = {
    leeway,
    issuers,
    audiences,
    userClaims,
    allowPadding,
    pattern,
    maxToken,
    maxLine,
  };
  return {
    schema: TALLY_SCHEMA,
    now,
    clock,
    tz: zone,
    policy: JSON.stringify({ ...rules, year, since, until }),
    keys: ring?.keys.map(({ id, kty, algs }) => ({ id, kty, algs })) ?? null,
    searched: searchedFor(pattern ?? null),
  };
};

export interface MergeOptions extends OpenOptions {
  readonly maxUsers?: number;
  readonly sort?: SortKey;
  /** Failures from before the reading. */
  readonly incomplete?: readonly Incomplete[];
}

/**
 * The summary of all the logs that the tallies were made of: the same as `analyze` makes of the logs
 * themselves, in this order. Throws USAGE for what is no tally, and where tallies were judged by
 * different rules; a torn one is listed in `incomplete`.
 */
export const mergeTallies = async (
  inputs: readonly Input[],
  options: MergeOptions,
): Promise<Summary> => {
  const keys: TallyKey[] = [];
  const total = new Total(options.maxUsers ?? DEFAULT_MAX_USERS, keys);
  for (const [origin, input] of inputs.entries()) await total.add(input, origin, options);
  const { tally, head } = total;
  if (tally === null || head === null) {
    const [first] = options.incomplete ?? [];
    if (first !== undefined) throw new AuthlogError('INPUT', first.detail);
    throw new AuthlogError(
      'USAGE',
      'there is no tally to merge',
      'Make one: analyze --format tally',
    );
  }
  return summarize(tally, {
    policy: { now: head.now, clock: head.clock },
    zone: head.tz,
    keys: head.keys === null ? null : keys,
    inputs: total.feet.flatMap(({ files }) => files),
    read: total.feet.flatMap((foot) => foot.inputs),
    incomplete: [
      ...(options.incomplete ?? []),
      ...total.feet.flatMap((foot) => foot.incomplete),
      ...total.torn,
    ],
    notices: total.feet.flatMap((foot) => foot.notices),
    sort: options.sort ?? 'tokens',
    searched: head.searched,
  });
};

/** The sum of tallies so far. */
class Total {
  tally: Tally | null = null;
  head: TallyHead | null = null;
  readonly feet: TallyFoot[] = [];
  readonly torn: Incomplete[] = [];
  readonly #maxUsers: number;
  readonly #keys: TallyKey[];

  constructor(maxUsers: number, keys: TallyKey[]) {
    this.#maxUsers = maxUsers;
    this.#keys = keys;
  }

  async add(input: Input, origin: number, options: MergeOptions): Promise<void> {
    const reader = new TallyReader((key) => this.#keyNumber(key));
    try {
      for await (const line of linesOf(input, options)) {
        const isFirst = reader.head === null;
        const block = reader.line(line);
        if (isFirst) await this.#begin(reader.head!, input.path);
        if (block !== null) this.tally!.add(block, origin);
      }
    } catch (error) {
      this.#problem(error, reader, input.path);
    }
    if (this.tally !== null && reader.head !== null) this.tally.add(reader.rest(), origin);
    if (reader.foot !== null) this.feet.push(reader.foot);
    else if (!this.torn.some(({ path }) => path === input.path)) {
      const detail = `${input.path} is a torn tally: its end is missing`;
      this.torn.push({ path: input.path, reason: 'truncated', detail });
    }
  }

  #problem(error: unknown, { head }: TallyReader, path: string): void {
    if (error instanceof IncompleteInput) {
      this.torn.push({ path, reason: error.reason, detail: error.message });
      return;
    }
    if (!(error instanceof TallyProblem)) throw error;
    if (head !== null) {
      this.torn.push({
        path,
        reason: 'corrupt',
        detail: `${path} is damaged: a line is no part of a tally`,
      });
      return;
    }
    throw new AuthlogError(
      'USAGE',
      `${path} is no tally`,
      'Make one: authlog analyze FILE --format tally -o FILE.tally',
    );
  }

  async #begin(head: TallyHead, path: string): Promise<void> {
    if (this.head !== null) {
      refuseDifference(this.head, head, path);
      return;
    }
    this.head = head;
    await prepareZone(head.tz);
    this.tally = new Tally({
      now: head.now / 1000,
      zone: head.tz,
      maxUsers: this.#maxUsers,
      keys: MOST_KEYS,
      bytes: null,
      kernel: null,
      judges: 1,
      // Whether keys had windows of use is not told.
      keysExpire: true,
    });
  }

  #keyNumber(key: TallyKey): number {
    const known = this.#keys.findIndex(({ id, kty }) => id === key.id && kty === key.kty);
    if (known >= 0) return known;
    if (this.#keys.length === MOST_KEYS) throw new TallyProblem();
    return this.#keys.push(key) - 1;
  }
}

/** Keys of all tallies together. */
const MOST_KEYS = 4096;

/** Numbers judged by different rules do not add up. */
const refuseDifference = (one: TallyHead, other: TallyHead, path: string): void => {
  const differs = (what: string, hint: string): AuthlogError =>
    new AuthlogError(
      'USAGE',
      `${path} was made with another ${what} than the tally before it`,
      hint,
    );
  if (one.now !== other.now) throw differs('--now', 'Give every analyze the same --now.');
  if (one.tz !== other.tz) throw differs('--tz', 'Give every analyze the same --tz.');
  const isSame =
    one.clock === other.clock &&
    one.policy === other.policy &&
    (one.keys === null) === (other.keys === null);
  if (!isSame) throw differs('policy', 'Give every analyze the same flags.');
};

async function* linesOf(input: Input, options: MergeOptions): AsyncIterable<string> {
  const chunks = openInput(input, options);
  for await (const { bytes, length } of readBlocks(chunks, {
    blockSize: BLOCK_SIZE,
    maxLine: MOST_LINE,
  })) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString();
    for (const line of text.split('\n')) if (line !== '') yield line;
  }
}
