import type { BlockPlace } from '../judge/judged.ts';
import type { PassEnd } from '../ingest/passes.ts';
import type { PoolResult } from '../threads/pool.ts';

/** A source that goes on. */
export interface Growing {
  /** Reads what is new; all of it, unless it shall stop. */
  turn(): Promise<Turn>;
  /** Ends what waits for more. */
  close(): Promise<void>;
  /** What was read so far. */
  readonly read: ReadSoFar;
  /** Nothing will come any more. */
  readonly isEnded: boolean;
}

/** What is to be said after a turn. */
export type Turn = PassEnd;

export interface ReadSoFar {
  readonly path: string;
  bytes: number;
  lines: number;
  recorded: boolean;
}

/** Takes judged blocks of one source in their order. */
export interface Taker {
  /** From here on other judges number their identities from the start. */
  startOver(): void;
  take(result: PoolResult, place: BlockPlace): void;
  /** Waits until what was taken has been seen to. */
  flush(): Promise<void>;
}
