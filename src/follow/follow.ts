import { pause } from '../ingest/pause.ts';
import type { Growing, Turn } from './growing.ts';

/** How a run goes on. */
export interface FollowOptions {
  /** Opens the sources; each shall stop in the middle of a turn where `shouldStop` says so. */
  readonly open: (shouldStop: () => boolean) => Promise<readonly Growing[]>;
  /** One turn of all sources. */
  readonly round: (sources: readonly Growing[]) => Promise<readonly Turn[]>;
  /** Milliseconds from the start of a round to the next. */
  readonly poll: number;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Told after each round. */
  readonly onRound: (turns: readonly Turn[]) => void;
}

/** Rounds over all sources until the end is asked for, or nothing can come any more; what the last one left to say. */
export const follow = async (options: FollowOptions): Promise<readonly Turn[]> => {
  const { open, round, poll, signal, onRound } = options;
  let isLast = false;
  const sources = await open(() => signal.aborted && !isLast);
  try {
    for (;;) {
      isLast = signal.aborted;
      const began = performance.now();
      const turns = await round(sources);
      onRound(turns);
      // What was written until the end was asked for still counts, where all before it was read.
      if (isLast || (signal.aborted && turns.some(({ isComplete }) => !isComplete))) return turns;
      if (sources.length > 0 && sources.every(({ isEnded }) => isEnded)) return turns;
      // Who has fallen behind does not rest.
      await pause(Math.max(0, poll - (performance.now() - began)), signal);
    }
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
};

/** One source after the other. */
export const inTurn = async (sources: readonly Growing[]): Promise<readonly Turn[]> => {
  const turns: Turn[] = [];
  for (const source of sources) turns.push(await source.turn());
  return turns;
};
