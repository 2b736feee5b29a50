import { planOf, type ReadOptions } from './analyze.ts';
import { compareCounts } from './compare/compare.ts';
import type { Comparison, Threshold, WindowSummary } from './compare/comparison.ts';
import { WindowCounts } from './compare/window-counts.ts';
import { readEventLines } from './event/lines.ts';
import { readAndJudge, type ReadInput } from './pipeline.ts';
import { isStore, type Incomplete } from './source/input.ts';
import type { Notice } from './summarize/summary.ts';
import { rfc3339 } from './summarize/time.ts';

export interface CompareOptions extends Omit<ReadOptions, 'since' | 'until'> {
  /** The newer window: milliseconds, `since` included and `until` not. */
  readonly since: number;
  readonly until: number;
  /** Milliseconds of the window before it. */
  readonly before: number;
  readonly threshold: Threshold;
  /** How many of each kind are listed, 0 for all. */
  readonly top: number;
  /** Names of users, issuers and keys that are told apart. */
  readonly mostNames?: number;
  /** Remarks and failures from before the reading. */
  readonly notices?: readonly Notice[];
  readonly incomplete?: readonly Incomplete[];
}

/**
 * Reads the sources once and returns what is new, gone, grown or shrunk between two windows of time
 * (`authlog.comparison/1`). Tokens without a time are in no window.
 */
export const compare = async (options: CompareOptions): Promise<Comparison> => {
  const { since, until, before, threshold, ring, now, zone = 'UTC' } = options;
  const windows = { start: since - before, since, until };
  const counts = new WindowCounts(windows, options.mostNames);
  const incomplete = [...(options.incomplete ?? [])];
  let withoutTime = 0;
  const plan = planOf({ ...options, since: windows.start, until }, 'events');
  const result = await readAndJudge(plan, ({ events, notices }) => {
    for (const event of readEventLines(events ?? new Uint8Array())) counts.add(event);
    for (const { code, count } of notices) if (code === 'no_time_in_window') withoutTime += count;
  });
  incomplete.push(...result.incomplete);
  for (const input of options.inputs.filter(isStore)) {
    const { readHistory } = await import('./history.ts');
    const history = await readHistory(input, { since: windows.start, until }, (events) => {
      for (const event of events) counts.add(event);
    });
    incomplete.push(...history.incomplete);
  }
  return {
    schema: 'authlog.comparison/1',
    now: rfc3339(now) ?? '',
    tz: zone,
    verification: { mode: ring === null && hasPlain(result.read) ? 'none' : 'verified' },
    threshold,
    older: windowOf(windows.start, since, counts.tokens.older),
    newer: windowOf(since, until, counts.tokens.newer),
    ...compareCounts(counts, threshold, options.top),
    notices: [
      ...(withoutTime === 0 ? [] : [noTime(withoutTime)]),
      ...(counts.leftOut === 0 ? [] : [tooManyNames(counts.leftOut)]),
      ...(options.notices ?? []),
      ...result.notices.map(({ code, message }) => ({ code, message, count: 1 })),
    ],
    incomplete: incomplete.length === 0 ? null : incomplete,
  };
};

const windowOf = (from: number, to: number, tokens: number): WindowSummary => ({
  since: rfc3339(from) ?? '',
  until: rfc3339(to) ?? '',
  tokens,
});

/** One log whose signatures were not checked is enough. */
const hasPlain = (read: readonly ReadInput[]): boolean =>
  read.some(({ recorded, bytes }) => !recorded && bytes > 0);

const noTime = (count: number): Notice => ({
  code: 'no_time_in_window',
  message: `${linesOf(count)} with a token ${count === 1 ? 'has' : 'have'} no time: in no window`,
  count,
});

const linesOf = (count: number): string => `${count} line${count === 1 ? '' : 's'}`;

const tooManyNames = (count: number): Notice => ({
  code: 'too_many_names',
  message: `too many names: ${count} token${count === 1 ? '' : 's'} of names that came last are missing among users, issuers and keys`,
  count,
});
