import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { AuthlogError } from '../errors.ts';
import type { EventLog, RecordedEvent } from '../record/event-log.ts';
import { openStore } from './open.ts';
import type { EventStore } from './store.ts';

export interface StoreLogOptions {
  /** `always`: an append resolves when the store has the event; else when there is room for it to wait. */
  readonly durability: 'none' | 'interval' | 'always';
}

const SOURCE = `recorder ${hostname()}`;

/** Events of one batch, and events that may wait while the store does not answer. */
const BATCH = 1000;
const MOST_WAITING = 10_000;
/** Milliseconds between two batches; a store is opened for each. */
const PAUSE = 250;

interface Waiting {
  readonly event: RecordedEvent;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Opens the store that a URL names to record to; rejects where it does not answer. */
export const openStoreLog = async (url: string, options: StoreLogOptions): Promise<EventLog> => {
  const store = await openStore(url);
  // A wrong password or a full disk is told now, and not when the first event is lost.
  await store.counts();
  return new StoreLog(store, options);
};

/** Records to a store, many events at a time. Where the store fails, its next batch tries the same events again. */
export class StoreLog implements EventLog {
  readonly #store: EventStore;
  readonly #isPatient: boolean;
  /** Tells the events of this log from those of others. */
  readonly #name = randomBytes(9).toString('base64url');
  #count = 0;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  #failure: unknown = null;

  constructor(store: EventStore, { durability }: StoreLogOptions) {
    this.#store = store;
    this.#isPatient = durability === 'always';
  }

  append(given: RecordedEvent): Promise<void> {
    const event = given.event_id === '' ? { ...given, event_id: this.#nextId() } : given;
    if (this.#waiting.length >= MOST_WAITING) return Promise.reject(this.#full());
    return new Promise((resolve, reject) => {
      if (this.#isPatient) this.#waiting.push({ event, resolve, reject });
      else {
        this.#waiting.push({ event, resolve: ignore, reject: ignore });
        resolve();
      }
      this.#timer ??= setTimeout(() => this.#flush(), this.#isPatient ? 0 : PAUSE);
    });
  }

  /** A store has no file that could have been renamed. */
  async reopen(): Promise<void> {
    await this.#drain();
  }

  async close(): Promise<void> {
    await this.#drain();
    const lost = this.#waiting.length;
    await this.#store.close();
    if (lost > 0) throw this.#failure;
  }

  async #drain(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  #flush(): void {
    this.#timer = null;
    this.#writing = this.#writing.then(async () => {
      const isDone = await this.#write();
      if (!isDone) this.#timer ??= setTimeout(() => this.#flush(), PAUSE * 4);
    });
  }

  /** Writes what waits; false where the store failed and events are kept for another try. */
  async #write(): Promise<boolean> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      try {
        await this.#append(batch.map(({ event }) => event));
      } catch (error) {
        this.#failure = error;
        if (!this.#isPatient) return false;
        // Whoever waits is told; to try again is the caller's matter.
        this.#waiting.splice(0, batch.length);
        for (const { reject } of batch) reject(error);
        continue;
      }
      this.#failure = null;
      this.#waiting.splice(0, batch.length);
      for (const { resolve } of batch) resolve();
    }
    return true;
  }

  async #append(events: readonly RecordedEvent[]): Promise<void> {
    const { added } = await this.#store.append({ events, checkpoint: null, counts: null });
    if (added === 0) return;
    // Each event stands for one line, as it would in a file; which of a repeat were new is not told.
    const withToken = events.filter(({ verdict }) => verdict !== null).length;
    const counts = {
      lines: added,
      linesWithToken: Math.min(withToken, added),
      linesSkipped: 0,
      notices: {},
    };
    // Counts of a machine of its own: several may record to one store.
    const checkpoint = { source: SOURCE, state: '' };
    await this.#store.append({ events: [], checkpoint, counts });
  }

  #nextId(): string {
    return `${this.#name}-${(this.#count++).toString(36)}`;
  }

  #full(): AuthlogError {
    const why = this.#failure instanceof AuthlogError ? `: ${this.#failure.message}` : '';
    const message = `the store does not take events${why}`;
    return new AuthlogError('OUTPUT', message, `${MOST_WAITING} events wait to be recorded`);
  }
}

const ignore = (): void => undefined;
