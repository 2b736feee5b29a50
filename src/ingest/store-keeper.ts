import type { Generation, LogState } from './state.ts';
import type { LineCounts } from '../store/store.ts';
import type { PoolResult } from '../threads/pool.ts';
import { Gathered } from './batch.ts';
import { readEvents } from './events.ts';
import type { LogOptions } from './log.ts';
import type { Keeper } from './pass.ts';
import { encodeState } from './state.ts';

/** What the store took. */
export interface Stored {
  readonly state: LogState;
  readonly counts: LineCounts | null;
  readonly added: number;
}

const NO_LINES: Uint8Array = new Uint8Array();

/** Gathers events, and keeps them in the store together with the checkpoint. */
export class StoreKeeper implements Keeper {
  readonly #source: string;
  readonly #options: LogOptions;
  readonly #onStored: (stored: Stored) => void;
  #gathered = new Gathered();

  constructor(source: string, options: LogOptions, onStored: (stored: Stored) => void) {
    this.#source = source;
    this.#options = options;
    this.#onStored = onStored;
  }

  get isEmpty(): boolean {
    return this.#gathered.isEmpty;
  }

  get isFull(): boolean {
    return this.#gathered.isFull(this.#options.limits);
  }

  take({ judged }: PoolResult, from: Generation, text: number): boolean {
    const { eventId, change } = this.#options;
    this.#gathered.add(
      judged,
      readEvents(judged.events ?? NO_LINES, from.id, eventId, change),
      text,
    );
    return true;
  }

  async keep(state: LogState, before: LogState | null): Promise<void> {
    // First the ids alone: should only the events arrive, the next run finds the same ids for them.
    if (before !== null) await this.#append(before, new Gathered());
    await this.#append(state, this.#gathered);
    this.#gathered = new Gathered();
  }

  async #append(state: LogState, { events, isEmpty, counts }: Gathered): Promise<void> {
    const checkpoint = { source: this.#source, state: encodeState(this.#source, state) };
    const told = isEmpty ? null : counts;
    const { added } = await this.#options.store.append({ events, checkpoint, counts: told });
    this.#onStored({ state, counts: told, added });
  }
}
