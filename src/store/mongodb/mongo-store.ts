import type { Collection, MongoBulkWriteError } from 'mongodb';
import { AuthlogError, type ErrorCode } from '../../errors.ts';
import { encodeEvent } from '../../event/encode.ts';
import type { RecordedEvent } from '../../record/event-log.ts';
import type { Verdict } from '../../verify/verdict.ts';
import { bearerText, byStoredId, storedJson, storedUser, timeOf } from '../bearer.ts';
import { inTurn } from '../in-turn.ts';
import { addCounts } from '../line-counts.ts';
import type {
  Appended,
  Batch,
  Checkpoint,
  EventFilter,
  EventStore,
  LineCounts,
  TokenGroup,
} from '../store.ts';
import { toAuthlogError } from './errors.ts';
import { GroupTally } from './group-tally.ts';

/** An event: what is searched and grouped by, what a person looks for, and the whole of it as JSON. */
export interface EventDocument {
  /** The event's id. */
  readonly _id: string;
  readonly time: Date | null;
  readonly user_id: string | number | null;
  readonly event: string | null;
  /** `user_id` as JSON: what events of a user are found by. */
  readonly user: string;
  readonly verdict: Verdict | null;
  readonly token_id: string | null;
  readonly bearer: string;
  readonly status: number | null;
  readonly ip: string | null;
  readonly json: string;
}

/** A source's state, and the sum of its batches' counts as JSON: one document, so both or none change. */
export interface CheckpointDocument {
  /** The source as JSON; `null` for batches without a source. */
  readonly _id: string;
  readonly state: string | null;
  readonly counts: string;
}

export interface MongoCollections {
  readonly events: Collection<EventDocument>;
  readonly checkpoints: Collection<CheckpointDocument>;
}

const DUPLICATE_KEY = 11000;
const CHUNK = 1000;
const CHUNK_CHARACTERS = 4 << 20;
const NO_SOURCE = 'null';

/** Events in MongoDB, grouped in this process: at most a million groups at a time. */
export class MongoStore implements EventStore {
  readonly #collections: MongoCollections;
  readonly #label: string;
  readonly #close: () => Promise<void>;
  readonly #inTurn = inTurn();

  constructor(collections: MongoCollections, label: string, close: () => Promise<void>) {
    this.#collections = collections;
    this.#label = label;
    this.#close = close;
  }

  append(batch: Batch): Promise<Appended> {
    return this.#inTurn(() => this.#try('OUTPUT', () => this.#append(batch)));
  }

  checkpoint(source: string): Promise<Checkpoint | null> {
    return this.#try('INPUT', async () => {
      const found = await this.#collections.checkpoints.findOne({ _id: storedJson(source) });
      if (found === null || found.state === null) return null;
      return { source, state: JSON.parse(found.state) as string };
    });
  }

  counts(): Promise<LineCounts | null> {
    return this.#try('INPUT', async () => {
      let sum: LineCounts | null = null;
      for await (const { counts } of this.#collections.checkpoints.find()) {
        sum = addCounts(sum, JSON.parse(counts) as LineCounts | null);
      }
      return sum;
    });
  }

  async *events(filter: EventFilter): AsyncIterable<readonly RecordedEvent[]> {
    const isAll = filter.since === null && filter.until === null;
    const rest = { ...verdictOf(filter), ...subjectOf(filter) };
    yield* this.#found({ time: windowOf(filter) ?? { $ne: null }, ...rest });
    if (isAll) yield* this.#found({ time: null, ...rest });
  }

  async *groups(filter: EventFilter): AsyncIterable<readonly TokenGroup[]> {
    const tally = new GroupTally();
    const time = windowOf(filter);
    const projection = { _id: 0, token_id: 1, verdict: 1, bearer: 1, time: 1, status: 1 };
    await this.#try('INPUT', async () => {
      const uses = this.#collections.events
        .find(
          {
            ...subjectOf(filter),
            verdict: { $ne: null, ...verdictOf(filter).verdict },
            ...(time !== null && { time }),
          },
          { projection },
        )
        .batchSize(10_000);
      for await (const { token_id, verdict, bearer, time: at, status } of uses) {
        if (token_id === null || verdict === null) continue;
        const isAccepted = status !== null && status >= 200 && status < 300;
        tally.add({ tokenId: token_id, verdict, bearer, time: at?.getTime() ?? NaN, isAccepted });
      }
    });
    yield* tally.chunks();
  }

  revision(): Promise<string> {
    return this.#try('INPUT', async () => String(await this.#collections.events.countDocuments()));
  }

  forget(what: { before: number } | { userId: string | number }): Promise<number> {
    const filter =
      'before' in what
        ? { time: windowOf({ since: null, until: what.before })! }
        : { user: storedUser(what.userId) };
    return this.#inTurn(() =>
      this.#try(
        'OUTPUT',
        async () => (await this.#collections.events.deleteMany(filter)).deletedCount,
      ),
    );
  }

  async close(): Promise<void> {
    await this.#inTurn(this.#close);
  }

  async #append({ events, checkpoint, counts }: Batch): Promise<Appended> {
    const documents = [...byStoredId(events)].map(([id, event]) => toDocument(id, event));
    const added = documents.length === 0 ? 0 : await this.#insert(documents);
    if (checkpoint !== null || counts !== null) await this.#account(checkpoint, counts);
    return { added, known: events.length - added };
  }

  async #insert(documents: readonly EventDocument[]): Promise<number> {
    try {
      const { insertedCount } = await this.#collections.events.insertMany(documents, {
        ordered: false,
      });
      return insertedCount;
    } catch (error) {
      const { name, cause, writeErrors, insertedCount, result } = error as MongoBulkWriteError;
      if (name !== 'MongoBulkWriteError') throw error;
      const errors = Array.isArray(writeErrors) ? writeErrors : [writeErrors];
      const other = errors.find(({ code }) => code !== DUPLICATE_KEY);
      if (other !== undefined) throw other;
      // A connection that breaks comes as such an error too, with nothing said of any document.
      if (insertedCount + errors.length !== documents.length) throw cause ?? error;
      const unsafe = result.getWriteConcernError();
      if (unsafe !== undefined) throw unsafe;
      return insertedCount;
    }
  }

  async #account(checkpoint: Checkpoint | null, counts: LineCounts | null): Promise<void> {
    const { checkpoints } = this.#collections;
    const name = checkpoint === null ? NO_SOURCE : storedJson(checkpoint.source);
    const known = await checkpoints.findOne({ _id: name });
    const before = known === null ? null : (JSON.parse(known.counts) as LineCounts | null);
    const state = checkpoint === null ? null : storedJson(checkpoint.state);
    const sum = storedJson(addCounts(before, counts));
    await checkpoints.replaceOne({ _id: name }, { state, counts: sum }, { upsert: true });
  }

  async *#found(filter: object): AsyncIterable<readonly RecordedEvent[]> {
    let chunk: RecordedEvent[] = [];
    let characters = 0;
    try {
      const cursor = this.#collections.events
        .find(filter, { projection: { json: 1 } })
        .sort({ time: 1, _id: 1 })
        .batchSize(CHUNK);
      for await (const { json } of cursor) {
        chunk.push(this.#read(json));
        characters += json.length;
        if (chunk.length < CHUNK && characters < CHUNK_CHARACTERS) continue;
        yield chunk;
        chunk = [];
        characters = 0;
      }
    } catch (error) {
      throw toAuthlogError(error, 'INPUT', this.#label);
    }
    if (chunk.length > 0) yield chunk;
  }

  #read(json: unknown): RecordedEvent {
    if (typeof json === 'string') return JSON.parse(json) as RecordedEvent;
    throw new AuthlogError(
      'INPUT',
      `${this.#label} holds documents in its collection "events" that authlog did not write`,
      'Name the collection to read documents of another program: ?collection=events.',
    );
  }

  async #try<T>(code: ErrorCode, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw toAuthlogError(error, code, this.#label);
    }
  }
}

const toDocument = (id: string, event: RecordedEvent): EventDocument => {
  const time = timeOf(event);
  return {
    _id: id,
    time: Number.isNaN(time) ? null : new Date(time),
    user_id: event.user_id,
    event: event.event,
    user: storedUser(event.user_id),
    verdict: event.verdict,
    token_id: event.token_id,
    bearer: bearerText(event),
    status: event.status,
    ip: event.ip,
    json: encodeEvent(event),
  };
};

/** A range of the index; null for all. */
const windowOf = ({ since, until }: EventFilter): { $gte?: Date; $lt?: Date } | null => {
  if (since === null && until === null) return null;
  return {
    ...(since !== null && { $gte: toDate(since) }),
    ...(until !== null && { $lt: toDate(until) }),
  };
};

/** Null among them stands for events without a token. */
const verdictOf = ({ verdicts }: EventFilter): { verdict?: { $in: (Verdict | null)[] } } =>
  verdicts === undefined ? {} : { verdict: { $in: [...verdicts] } };

const subjectOf = ({ about }: EventFilter): { user?: string; token_id?: string; ip?: string } => {
  if (about === undefined) return {};
  if ('tokenId' in about) return { token_id: about.tokenId };
  return 'ip' in about ? { ip: about.ip } : { user: storedUser(about.userId) };
};

const LAST_DATE = 8.64e15;

const toDate = (milliseconds: number): Date =>
  new Date(Math.min(LAST_DATE, Math.max(-LAST_DATE, Math.ceil(milliseconds))));
