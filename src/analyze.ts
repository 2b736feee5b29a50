import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import type { JudgeConfig } from './judge/judge.ts';
import { compileKernel } from './kernel/module.ts';
import { compileRsaFor } from './kernel/rsa.ts';
import type { KeyRing } from './keys/key.ts';
import type { Plan } from './jobs.ts';
import { knownBytes, readAndJudge, type ReadInput, type Sink } from './pipeline.ts';
import { isStore, type Incomplete, type Input } from './source/input.ts';
import type { ActivityTally } from './summarize/activity.ts';
import type { SortKey } from './summarize/order.ts';
import { summarize, type SummaryContext } from './summarize/summarize.ts';
import type { Notice, Summary } from './summarize/summary.ts';
import { Tally } from './summarize/tally.ts';
import type { UserRows } from './summarize/user-rows.ts';
import { DEFAULT_USER_CLAIMS } from './verify/policy.ts';

/** How logs are read and judged. Times are in milliseconds since the epoch. */
export interface ReadOptions {
  readonly inputs: readonly Input[];
  /** Read where an input's kind is `stdin`. */
  readonly stdin: Readable;
  /** Null does not check signatures: then no token is more than `unverified`. */
  readonly ring: KeyRing | null;
  /** With `ring` null: refuse whatever is not a file of events, whose verdicts were recorded. */
  readonly recordedOnly?: boolean;
  readonly now: number;
  readonly clock?: 'use' | 'now';
  /** Seconds of tolerance for `exp` and `nbf`. */
  readonly leeway?: number;
  readonly issuers?: readonly string[] | null;
  readonly audiences?: readonly string[] | null;
  readonly userClaims?: readonly string[];
  readonly allowPadding?: boolean;
  /** IANA zone of times without an offset, and of the calendar days of the report. */
  readonly zone?: string;
  /** Year of dates that have none; null guesses it. */
  readonly year?: number | null;
  /** Only lines whose own time is in [since, until). */
  readonly since?: number | null;
  readonly until?: number | null;
  /** Regular expression whose first group is the token. */
  readonly pattern?: string | null;
  /** Bytes of the longest line, characters of the longest token that are judged. */
  readonly maxLine?: number;
  readonly maxToken?: number;
  readonly threads?: number;
  readonly blockSize?: number;
  /** Where relative paths start (default: the working directory). */
  readonly cwd?: string;
  /** Told how many more bytes were read. */
  readonly onProgress?: ((bytes: number) => void) | null;
}

/** What only the summary needs. */
export interface AnalyzeOptions extends ReadOptions {
  /** Users that get a row of their own. */
  readonly maxUsers?: number;
  readonly sort?: SortKey;
  /** Remarks and failures from before the reading. */
  readonly notices?: readonly Notice[];
  readonly incomplete?: readonly Incomplete[];
  /** Counts verdicts over time too. */
  readonly activity?: ActivityTally | null;
}

export const DEFAULT_MAX_LINE: number = 1 << 20;
export const DEFAULT_MAX_TOKEN: number = 64 << 10;
export const DEFAULT_MAX_USERS = 1_000_000;
const BLOCK_SIZE = 256 << 10;
/** Of so many bytes, blocks are larger: there are enough of them, and each has its price. */
const LARGE = 64 << 20;
const LARGE_BLOCK_SIZE = 1 << 20;
const MOST_THREADS = 8;

/**
 * Reads the logs once and returns the summary `authlog.summary/1`, whose fields
 * `schema/authlog.summary-1.json` describes. Bad tokens are counted, never thrown; an input that can't be
 * read to its end is listed in `incomplete`.
 */
export const analyze = async (options: AnalyzeOptions): Promise<Summary> => {
  const { tally, context } = await readTally(options);
  tally.settle();
  return summarize(tally, context);
};

/** The same for who only writes users as JSON, most tokens first: `users` are not in the summary unless null. */
export const analyzeApart = async (
  options: AnalyzeOptions,
): Promise<{ readonly summary: Summary; readonly users: UserRows | null }> => {
  const { tally, context } = await readTally(options);
  tally.settleApart();
  return { summary: summarize(tally, context), users: tally.apart };
};

const readTally = async (
  options: AnalyzeOptions,
): Promise<{ readonly tally: Tally; readonly context: SummaryContext }> => {
  const { ring, now } = options;
  const { judge, ...rest } = planOf(options, 'columns');
  // One tally hears of all that the judges judge.
  const plan: Plan = { ...rest, judge: { ...judge, fingerprintsOnce: true } };
  const { policy, zone } = judge;
  const keys = ring?.keys ?? [];
  // Not before the first block has come: until then there is enough to do, workers start.
  let made: Tally | null = null;
  const tallyOf = (): Tally =>
    (made ??= new Tally({
      now: now / 1000,
      zone,
      maxUsers: options.maxUsers ?? DEFAULT_MAX_USERS,
      keys: keys.length,
      bytes: knownBytes(options.inputs),
      // The kernel adds up single uses, and stores tell of groups.
      kernel: options.inputs.some(isStore) ? null : judge.kernel,
      judges: plan.threads + 1,
      keysExpire: keys.some((key) => key.notBefore !== null || key.notAfter !== null),
    }));
  const { activity = null } = options;
  const { read, incomplete, notices } = await readSources(options, plan, (judged, origin) => {
    activity?.add(judged);
    tallyOf().add(judged, origin);
  });
  const context: SummaryContext = {
    policy,
    zone,
    keys: ring?.keys ?? null,
    inputs: options.inputs,
    read,
    incomplete,
    notices,
    sort: options.sort ?? 'tokens',
    searched: searchedFor(options.pattern ?? null),
  };
  return { tally: tallyOf(), context };
};

/** What came of reading all sources; the judged blocks went to the sink. */
export interface SourcesRead {
  readonly read: readonly ReadInput[];
  readonly incomplete: readonly Incomplete[];
  readonly notices: readonly Notice[];
}

/** Reads logs, then stores, with what was remarked before. */
export const readSources = async (
  options: AnalyzeOptions,
  plan: Plan,
  sink: Sink,
): Promise<SourcesRead> => {
  const result = await readAndJudge(plan, sink);
  const incomplete = [...(options.incomplete ?? []), ...result.incomplete];
  const read = [...result.read];
  const filter = { since: options.since ?? null, until: options.until ?? null };
  const ids = (options.ring?.keys ?? []).map(({ id }) => id);
  for (const [index, input] of options.inputs.filter(isStore).entries()) {
    const { judgeHistory } = await import('./history.ts');
    const origin = plan.threads + 1 + index;
    const history = await judgeHistory(input, filter, plan.judge.policy, ids, (judged) =>
      sink(judged, origin, { path: input.path, firstLine: 1 }),
    );
    incomplete.push(...history.incomplete);
    if (options.activity) await countHistory(input, filter, options.activity);
    read.push({ path: input.path, bytes: 0, lines: history.lines, recorded: true });
  }
  const notices = [
    ...(options.notices ?? []),
    ...result.notices.map(({ code, message }) => ({ code, message, count: 1 })),
  ];
  return { read, incomplete, notices };
};

/** Groups know the first and the last use alone: over time single events are counted. */
const countHistory = async (
  input: Input,
  filter: { readonly since: number | null; readonly until: number | null },
  activity: ActivityTally,
): Promise<void> => {
  const { readHistory } = await import('./history.ts');
  await readHistory(input, filter, (events) => {
    for (const { time, verdict } of events) {
      if (verdict !== null) activity.see(time === null ? Number.NaN : Date.parse(time), verdict);
    }
  });
};

/** What blocks tell beside their columns: nothing, lines of events, what the audit looks at. */
export type Detail = 'columns' | 'events' | 'audit';

/** Defaults filled in, for `readAndJudge`. */
export const planOf = (options: ReadOptions, detail: Detail): Plan => ({
  inputs: options.inputs.filter((input) => !isStore(input)),
  stdin: options.stdin,
  judge: judgeConfig(options, detail),
  recordedOnly: options.ring === null && options.recordedOnly === true,
  threads: options.threads ?? Math.min(availableParallelism(), MOST_THREADS),
  blockSize: options.blockSize ?? blockSizeFor(knownBytes(options.inputs) ?? 0),
  maxLine: options.maxLine ?? DEFAULT_MAX_LINE,
  cwd: options.cwd ?? process.cwd(),
  onProgress: options.onProgress ?? null,
});

const blockSizeFor = (bytes: number): number => (bytes < LARGE ? BLOCK_SIZE : LARGE_BLOCK_SIZE);

/** What judges do with is compiled here: threads get it ready. */
const kernelFor = ({ ring }: ReadOptions, detail: Detail): Pick<JudgeConfig, 'kernel' | 'rsa'> => {
  const kernel = detail === 'events' ? null : compileKernel();
  return { kernel, rsa: kernel === null ? null : compileRsaFor(ring) };
};

const judgeConfig = (options: ReadOptions, detail: Detail): JudgeConfig => ({
  ring: options.ring,
  policy: {
    clock: options.clock ?? 'use',
    now: options.now,
    leeway: options.leeway ?? 0,
    issuers: options.issuers ?? null,
    audiences: options.audiences ?? null,
    userClaims: options.userClaims ?? DEFAULT_USER_CLAIMS,
    allowPadding: options.allowPadding ?? false,
    maxToken: options.maxToken ?? DEFAULT_MAX_TOKEN,
  },
  zone: options.zone ?? 'UTC',
  year: options.year ?? null,
  since: options.since ?? Number.NaN,
  until: options.until ?? Number.NaN,
  pattern: options.pattern ?? null,
  events: detail === 'events',
  audit: detail === 'audit',
  ...kernelFor(options, detail),
});

/** What is looked for, in words. */
export const searchedFor = (pattern: string | null): string =>
  pattern === null
    ? 'compact JWS and JWE (eyJ….….…) anywhere in a line, and for the label "Token: "'
    : 'what --pattern matches';
