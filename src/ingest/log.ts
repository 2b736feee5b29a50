import type { JudgeConfig } from '../judge/judge.ts';
import { IncompleteInput, type Incomplete } from '../source/input.ts';
import { AuthlogError } from '../errors.ts';
import type { EventStore, LineCounts } from '../store/store.ts';
import type { BatchLimits } from './batch.ts';
import { checkConfig } from './config.ts';
import type { Disk } from './disk.ts';
import type { Change, EventId } from './events.ts';
import type { Matcher } from './match.ts';
import { isUntouched, type Look } from './look.ts';
import { Pass, type Stored } from './pass.ts';
import { Changed } from './pieces.ts';
import { decodeState, type Config, type LogState } from './state.ts';

/** What all logs of a run have in common. */
export interface LogOptions {
  readonly store: EventStore;
  readonly disk: Disk;
  /** Asked anew for each pass: the clock goes on. */
  readonly judge: () => JudgeConfig;
  readonly config: Config;
  /** There is no key: only files of events will do. */
  readonly recordedOnly: boolean;
  readonly resetState: boolean;
  readonly threads: number;
  readonly blockSize: number;
  readonly maxLine: number;
  readonly limits: BatchLimits;
  readonly match: Matcher;
  readonly eventId: EventId;
  readonly change: Change | null;
  readonly onProgress: ((bytes: number) => void) | null;
  readonly shouldStop: () => boolean;
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

/** What is left to say after a pass. */
export interface PassEnd {
  /** Lines without a line break that wait for it. */
  readonly held: number;
  readonly incomplete: readonly Incomplete[];
  /** Everything that is on disk was read. */
  readonly isComplete: boolean;
}

const TRIES = 8;

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
  readonly #options: LogOptions;
  #state: LogState;
  /** What was there when all of it had been read, and what was said then. */
  #last: { readonly look: Look; readonly end: PassEnd } | null = null;

  private constructor(path: string, source: string, options: LogOptions, state: LogState) {
    this.path = path;
    this.source = source;
    this.#options = options;
    this.#state = state;
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
  async pass(): Promise<PassEnd> {
    const { disk } = this.#options;
    if (this.#last !== null && (await isUntouched(disk, this.path, this.#last.look))) {
      return this.#last.end;
    }
    this.#last = null;
    const incomplete: Incomplete[] = [];
    const onStored = ({ state, counts, added }: Stored): void => {
      this.#state = state;
      if (counts !== null) this.#count(counts);
      this.totals.added += added;
    };
    for (let turn = 1; ; turn++) {
      const { path, source } = this;
      const pass = new Pass(path, source, this.#options, this.#state, incomplete, onStored);
      try {
        const { held, isComplete, look } = await pass.run();
        if (isComplete && incomplete.length === 0)
          this.#last = { look, end: { held, isComplete, incomplete: [] } };
        return { held, isComplete, incomplete };
      } catch (error) {
        if (error instanceof Changed && turn < TRIES) continue;
        if (!(error instanceof IncompleteInput) && !(error instanceof Changed)) throw error;
        const detail = `${path}: it is rotated again and again while it is read; run again`;
        incomplete.push({ path, reason: 'changed', detail });
        return { held: 0, incomplete, isComplete: false };
      }
    }
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
