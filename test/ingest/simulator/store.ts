import type { RecordedEvent } from '../../../src/record/event-log.ts';
import type {
  Appended,
  Batch,
  Checkpoint,
  EventStore,
  LineCounts,
} from '../../../src/store/store.ts';

/** Keeps users by event id, and can be stopped before, in the middle of and after each append. */
export class CrashingStore implements EventStore {
  readonly #users = new Map<string, number>();
  readonly #states = new Map<string, string>();
  /** Events and checkpoint at once; else the events come first. */
  readonly #isAtomic: boolean;
  /** Lines of all batches; with the checkpoint, as every store has to keep them. */
  lines = 0;
  onCall: () => void = () => undefined;

  constructor(isAtomic: boolean) {
    this.#isAtomic = isAtomic;
  }

  async append({ events, checkpoint, counts }: Batch): Promise<Appended> {
    this.onCall();
    let added = 0;
    for (const { event_id: id, user_id: user } of events) {
      if (!this.#users.has(id)) added++;
      this.#users.set(id, Number(user));
      if (!this.#isAtomic) this.onCall();
    }
    if (checkpoint !== null) this.#states.set(checkpoint.source, checkpoint.state);
    this.lines += counts?.lines ?? 0;
    this.onCall();
    return { added, known: events.length - added };
  }

  async checkpoint(source: string): Promise<Checkpoint | null> {
    this.onCall();
    const state = this.#states.get(source);
    return state === undefined ? null : { source, state };
  }

  /** How many events each user has. */
  uses(): ReadonlyMap<number, number> {
    const uses = new Map<number, number>();
    // What was cut off inside its token has no user.
    for (const user of this.#users.values())
      if (user > 0) uses.set(user, (uses.get(user) ?? 0) + 1);
    return uses;
  }

  async counts(): Promise<LineCounts | null> {
    return null;
  }

  async *events(): AsyncIterable<readonly RecordedEvent[]> {}
  async *groups(): AsyncIterable<never> {}

  async revision(): Promise<string> {
    return String(this.#users.size);
  }

  async forget(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {}
}
