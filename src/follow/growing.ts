import type { Incomplete } from '../source/input.ts';
import type { PoolResult } from '../threads/pool.ts';

/** A source that goes on. */
export interface Growing {
  /** Reads what is new; all of it, unless it shall stop. */
  turn(): Promise<Turn>;
  /** What was read so far. */
  readonly read: ReadSoFar;
  /** Nothing will come any more. */
  readonly isEnded: boolean;
}

/** What is to be said after a turn. */
export interface Turn {
  /** Lines without a line break that wait for it. */
  readonly held: number;
  readonly incomplete: readonly Incomplete[];
  /** All that was there was read. */
  readonly isComplete: boolean;
}

export interface ReadSoFar {
  readonly path: string;
  bytes: number;
  lines: number;
  recorded: boolean;
}

/** Where a block comes from, as evidence names it; `firstLine` from 1. */
export interface BlockPlace {
  readonly path: string;
  readonly firstLine: number;
}

/** Takes judged blocks of one source in their order. */
export interface Taker {
  /** From here on other judges number their identities from the start. */
  startOver(): void;
  take(result: PoolResult, place: BlockPlace): void;
  /** Waits until what was taken has been seen to. */
  flush(): Promise<void>;
}
