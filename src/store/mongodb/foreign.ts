import type { Collection, Long, ObjectId } from 'mongodb';
import { AuthlogError } from '../../errors.ts';
import { EVENT_SCHEMA } from '../../event/event.ts';
import { NO_TOKEN } from '../../event/token.ts';
import type { RecordedEvent } from '../../record/event-log.ts';
import { shownText, type UserIdType } from '../../verify/identity.ts';
import { storedJson } from '../bearer.ts';
import type {
  Appended,
  Checkpoint,
  EventFilter,
  EventStore,
  LineCounts,
  TokenGroup,
} from '../store.ts';
import { toAuthlogError } from './errors.ts';

/** A document of another program: who, and what happened. */
export interface ForeignDocument {
  readonly _id: unknown;
  readonly user_id?: unknown;
  readonly event?: unknown;
}

type ObjectIdType = typeof ObjectId;

const CHUNK = 1000;
/** Seconds that an ObjectId has room for. */
const LAST_SECOND = 0xff_ff_ff_ff;

/** Reads a collection of `{user_id, event}` as events without a token; their time is their ObjectId's. */
export class ForeignStore implements EventStore {
  readonly #collection: Collection<ForeignDocument>;
  readonly #objectId: ObjectIdType;
  readonly #label: string;
  readonly #close: () => Promise<void>;

  constructor(
    collection: Collection<ForeignDocument>,
    objectId: ObjectIdType,
    label: string,
    close: () => Promise<void>,
  ) {
    this.#collection = collection;
    this.#objectId = objectId;
    this.#label = label;
    this.#close = close;
  }

  async append(): Promise<Appended> {
    throw readOnly();
  }

  async forget(): Promise<number> {
    throw readOnly();
  }

  async checkpoint(): Promise<Checkpoint | null> {
    return null;
  }

  async counts(): Promise<LineCounts | null> {
    return null;
  }

  async *events(filter: EventFilter): AsyncIterable<readonly RecordedEvent[]> {
    const { since, until, verdicts } = filter;
    if (verdicts?.includes(null) === false) return;
    const range = this.#range(since, until);
    if (range !== null) yield* this.#found({ $type: 'objectId', ...range });
    if (since === null && until === null) yield* this.#found({ $not: { $type: 'objectId' } });
  }

  async *groups(): AsyncIterable<readonly TokenGroup[]> {
    // Without tokens there is nothing to group.
  }

  async revision(): Promise<string> {
    try {
      return String(await this.#collection.countDocuments());
    } catch (error) {
      throw toAuthlogError(error, 'INPUT', this.#label);
    }
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async *#found(ids: object): AsyncIterable<readonly RecordedEvent[]> {
    const { name } = { name: this.#collection.collectionName };
    let chunk: RecordedEvent[] = [];
    try {
      const cursor = this.#collection
        .find({ _id: ids }, { projection: { user_id: 1, event: 1 }, batchSize: CHUNK })
        .sort({ _id: 1 });
      for await (const document of cursor) {
        chunk.push(toEvent(document, name, this.#objectId));
        if (chunk.length < CHUNK) continue;
        yield chunk;
        chunk = [];
      }
    } catch (error) {
      throw toAuthlogError(error, 'INPUT', this.#label);
    }
    if (chunk.length > 0) yield chunk;
  }

  /** Bounds of ids; null where no ObjectId is that old or new. */
  #range(since: number | null, until: number | null): object | null {
    const from = since === null ? 0 : Math.max(0, Math.ceil(since / 1000));
    const end = until === null ? Infinity : Math.ceil(until / 1000);
    if (from > LAST_SECOND || end <= 0) return null;
    return {
      ...(from > 0 && { $gte: this.#objectId.createFromTime(from) }),
      ...(end <= LAST_SECOND && { $lt: this.#objectId.createFromTime(end) }),
    };
  }
}

const readOnly = (): AuthlogError =>
  new AuthlogError(
    'USAGE',
    'a collection that is named in the URL belongs to another program and is only read',
    'Leave out collection= to keep events in a collection of their own.',
  );

const toEvent = (
  { _id, user_id, event }: ForeignDocument,
  file: string,
  objectId: ObjectIdType,
): RecordedEvent => ({
  schema: EVENT_SCHEMA,
  event_id: _id instanceof objectId ? _id.toHexString() : storedJson(_id),
  time: _id instanceof objectId ? _id.getTimestamp().toISOString() : null,
  file: shownText(file),
  line: null,
  offset: null,
  token_id: null,
  ...NO_TOKEN,
  ...toUser(user_id),
  event: toText(event),
  ip: null,
  user_agent: null,
  method: null,
  path: null,
  status: null,
  request_id: null,
});

const toUser = (id: unknown): { user_id: string | number | null; user_id_type: UserIdType } => {
  if (typeof id === 'string') return { user_id: shownText(id), user_id_type: 'string' };
  if (typeof id === 'number' && Number.isFinite(id)) return { user_id: id, user_id_type: 'number' };
  if (id === undefined || id === null) return { user_id: null, user_id_type: 'none' };
  const kind: unknown = Reflect.get(id, '_bsontype');
  if (kind === 'Long' || kind === 'Decimal128') {
    return { user_id: (id as Long).toString(), user_id_type: 'number' };
  }
  if (kind === 'ObjectId')
    return { user_id: (id as ObjectId).toHexString(), user_id_type: 'string' };
  return { user_id: null, user_id_type: 'non_string' };
};

const toText = (event: unknown): string | null => {
  if (event === undefined || event === null) return null;
  return shownText(typeof event === 'string' ? event : JSON.stringify(event));
};
