import { IncompleteInput, type Incomplete } from '../source/input.ts';
import { isUntouched, type Look } from './look.ts';
import { JudgePool } from '../threads/pool.ts';
import { Pass, type Keeper, type PassOptions } from './pass.ts';
import { Changed } from './pieces.ts';
import type { LogState } from './state.ts';

/** What is left to say after a pass. */
export interface PassEnd {
  /** Lines without a line break that wait for it. */
  readonly held: number;
  readonly incomplete: readonly Incomplete[];
  /** Everything that is on disk was read. */
  readonly isComplete: boolean;
}

/** @param startsOver other judges number their identities from the start */
export type NewKeeper = (startsOver: boolean) => Keeper;

const TRIES = 8;

/** Pass after pass over one log: each brings on what is new, whatever was renamed, copied or truncated meanwhile. */
export class Passes {
  readonly #path: string;
  readonly #options: PassOptions;
  /** Made anew for each look: what an abandoned one took is not kept. */
  readonly #newKeeper: NewKeeper;
  #pool: JudgePool | null = null;
  #state: LogState;
  /** What was there when all of it had been read, and what was said then. */
  #last: { readonly look: Look; readonly end: PassEnd } | null = null;

  constructor(path: string, options: PassOptions, state: LogState, newKeeper: NewKeeper) {
    this.#path = path;
    this.#options = options;
    this.#state = state;
    this.#newKeeper = newKeeper;
  }

  /** Reads what is new, until all of it is kept or it shall stop. Rejects as the keeper does. */
  async pass(): Promise<PassEnd> {
    const { disk } = this.#options;
    const path = this.#path;
    if (this.#last !== null && (await isUntouched(disk, path, this.#last.look))) {
      return this.#last.end;
    }
    this.#last = null;
    const incomplete: Incomplete[] = [];
    for (let turn = 1; ; turn++) {
      const keeper = this.#newKeeper(this.#pool === null);
      const pool = (this.#pool ??= this.#newPool());
      const pass = new Pass(path, this.#options, this.#state, incomplete, keeper, pool);
      try {
        const { held, isComplete, look } = await pass.run();
        if (!this.#options.keepsJudges) await this.close();
        if (isComplete && incomplete.length === 0)
          this.#last = { look, end: { held, isComplete, incomplete: [] } };
        return { held, isComplete, incomplete };
      } catch (error) {
        // What these judges have numbered was taken by nobody.
        await this.close();
        if (error instanceof Changed && turn < TRIES) continue;
        if (!(error instanceof IncompleteInput) && !(error instanceof Changed)) throw error;
        const detail = `${path}: it is rotated again and again while it is read; run again`;
        incomplete.push({ path, reason: 'changed', detail });
        return { held: 0, incomplete, isComplete: false };
      } finally {
        this.#state = pass.state;
      }
    }
  }

  /** Ends the judges; the next pass starts others. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    await pool?.close();
  }

  #newPool(): JudgePool {
    const { judge, threads, blockSize } = this.#options;
    return new JudgePool(judge, threads, blockSize);
  }
}
