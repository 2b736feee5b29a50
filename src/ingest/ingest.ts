import type { Lock } from '../record/lock.ts';
import type { Incomplete } from '../source/input.ts';
import type { FoundLogs } from './sources.ts';
import { LogReader, type LogOptions, type Totals } from './log.ts';
import { pause } from './pause.ts';

/** How to read logs into a store. */
export interface IngestOptions extends Omit<LogOptions, 'shouldStop'> {
  /** Asked again while following: logs come and go. */
  readonly find: () => Promise<FoundLogs>;
  /** The name of a log in the store. */
  readonly nameOf: (path: string) => string;
  /** Rejects with LOCKED where another run reads that log into that store. */
  readonly lock: (source: string) => Promise<Lock>;
  /** Milliseconds between two looks; null reads what is there and ends. */
  readonly follow: number | null;
  /** Ends the run after the batch that is being read. */
  readonly signal: AbortSignal;
  /** Told after each pass over all logs. */
  readonly onPass: ((logs: readonly LogResult[]) => void) | null;
}

/** What became of one log. */
export interface LogResult {
  readonly path: string;
  readonly totals: Totals;
  /** Lines without a line break that wait for it. */
  readonly held: number;
}

export interface IngestResult {
  readonly logs: readonly LogResult[];
  readonly incomplete: readonly Incomplete[];
  /** The signal came before all was read. */
  readonly isStopped: boolean;
}

interface Entry {
  readonly reader: LogReader;
  readonly lock: Lock;
  held: number;
}

const MOST_REMARKS = 1000;

/**
 * Brings every line of the logs into the store that is not there yet; each event once, whatever
 * happens in between. Rejects with LOCKED, with OUTPUT where the store fails (the next run goes on
 * from there), with USAGE where the state in the store is of no use.
 */
export const ingest = async (options: IngestOptions): Promise<IngestResult> => {
  const { signal, follow, onPass } = options;
  const entries = new Map<string, Entry>();
  const incomplete: Incomplete[] = [];
  const tell = (failures: readonly Incomplete[]): void => {
    for (const failure of failures) {
      const isTold = incomplete.some((other) => other.detail === failure.detail);
      if (!isTold && incomplete.length < MOST_REMARKS) incomplete.push(failure);
    }
  };
  const shouldStop = (): boolean => signal.aborted;
  const results = (): readonly LogResult[] =>
    Array.from(entries.values(), ({ reader: { path, totals }, held }) => ({ path, totals, held }));
  let isComplete = true;
  try {
    for (;;) {
      const found = await options.find();
      // While following, a log may be away for a moment.
      if (follow === null) tell(found.incomplete);
      await openLogs(found.paths, entries, { ...options, shouldStop });
      isComplete = !shouldStop();
      for (const entry of entries.values()) {
        if (shouldStop()) break;
        const end = await entry.reader.pass();
        entry.held = end.held;
        isComplete &&= end.isComplete;
        tell(end.incomplete.filter(({ detail }) => follow === null || !isAway(detail)));
      }
      onPass?.(results());
      if (follow === null || shouldStop()) break;
      await pause(follow, signal);
      if (shouldStop()) break;
    }
  } finally {
    for (const { lock } of entries.values()) lock.release();
  }
  return { logs: results(), incomplete, isStopped: shouldStop() && !isComplete };
};

/** Takes the locks of logs that are new here, and reads how far they are. */
const openLogs = async (
  paths: readonly string[],
  entries: Map<string, Entry>,
  options: IngestOptions & LogOptions,
): Promise<void> => {
  for (const path of paths) {
    if (entries.has(path)) continue;
    const source = options.nameOf(path);
    const lock = await options.lock(source);
    try {
      entries.set(path, { reader: await LogReader.open(path, source, options), lock, held: 0 });
    } catch (error) {
      lock.release();
      throw error;
    }
  }
};

const isAway = (detail: string): boolean => detail.endsWith('no such file or directory');
