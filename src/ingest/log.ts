import { AuthlogError } from '../errors.ts';
import type { EventStore, LineCounts } from '../store/store.ts';
import type { BatchLimits } from './batch.ts';
import { checkConfig } from './config.ts';
import type { Change, EventId } from './events.ts';
import type { PassOptions } from './pass.ts';
import { Passes, type PassEnd } from './passes.ts';
import { decodeState, type LogState } from './state.ts';
import { StoreKeeper, type Stored } from './store-keeper.ts';

/** What all logs of a run have in common. */
export interface LogOptions extends PassOptions {
  readonly store: EventStore;
  readonly resetState: boolean;
  readonly limits: BatchLimits;
  readonly eventId: EventId;
  readonly change: Change | null;
}

/** What passes over a log did; adds up. */
export interface Totals {
  lines: number;
  linesWithToken: number;
  linesSkipped: number;
  /** Events that the store did not have yet. */
  added: number;
  readonly notices: Record<string, number>;
}

/** One log, its rotated parts included: knows how far it is in the store, and brings the rest there. */
export class LogReader {
  readonly path: string;
  readonly source: string;
  readonly totals: Totals = {
    lines: 0,
    linesWithToken: 0,
    linesSkipped: 0,
    added: 0,
    notices: {},
  };
  readonly #passes: Passes;

  private constructor(path: string, source: string, options: LogOptions, state: LogState) {
    this.path = path;
    this.source = source;
    const onStored = ({ counts, added }: Stored): void => {
      if (counts !== null) this.#count(counts);
      this.totals.added += added;
    };
    const newKeeper = (): StoreKeeper => new StoreKeeper(source, options, onStored);
    this.#passes = new Passes(path, options, state, newKeeper);
  }

  /**
   * Reads the checkpoint of `source` for the log `path`. Throws USAGE where it can't be used, or
   * where the settings are others; `resetState` forgets the one and accepts the other.
   */
  static async open(path: string, source: string, options: LogOptions): Promise<LogReader> {
    const { store, config, resetState } = options;
    const checkpoint = await store.checkpoint(source);
    let state: LogState = { config, generations: [] };
    if (checkpoint !== null) {
      try {
        state = decodeState(source, checkpoint.state);
        if (!resetState) checkConfig(path, state.config, config);
      } catch (error) {
        if (!resetState || !(error instanceof AuthlogError)) throw error;
      }
    }
    return new LogReader(path, source, options, state);
  }

  /** Reads what is new, until all of it is stored or it shall stop. Rejects with OUTPUT where the store fails. */
  pass(): Promise<PassEnd> {
    return this.#passes.pass();
  }

  #count({ lines, linesWithToken, linesSkipped, notices }: LineCounts): void {
    const { totals } = this;
    totals.lines += lines;
    totals.linesWithToken += linesWithToken;
    totals.linesSkipped += linesSkipped;
    for (const [code, count] of Object.entries(notices)) {
      totals.notices[code] = (totals.notices[code] ?? 0) + count;
    }
  }
}
