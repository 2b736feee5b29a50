import { existsSync, statSync } from 'node:fs';
import { AuthlogError } from '../../errors.ts';
import type { RecordedEvent } from '../../record/event-log.ts';
import type { Verdict } from '../../verify/verdict.ts';
import { storedUser } from '../bearer.ts';
import { inTurn } from '../in-turn.ts';
import type {
  Appended,
  Batch,
  Checkpoint,
  EventFilter,
  EventStore,
  EventSubject,
  LineCounts,
  TokenGroup,
} from '../store.ts';
import { appendBatch, readCheckpoint, readCounts } from './append.ts';
import { openToRead, openToWrite, quoted, type Session } from './database.ts';
import { storeFailure } from './failure.ts';
import { forgetEvents } from './forget.ts';
import { writeParquet } from './parquet.ts';
import { slicesOf } from './slices.ts';
import { EVENT_COLUMNS, eventOf, groupOf, groupsSql } from './rows.ts';

/** Opens the store in a file; a missing one is empty, and made by the first write, unless `create` is false (INPUT). */
export const openDuckDbStore = async (
  path: string,
  { create = true }: { readonly create?: boolean } = {},
): Promise<DuckDbStore> => {
  if (!create && !existsSync(path)) {
    throw new AuthlogError('INPUT', `cannot read ${path}: no such file or directory`);
  }
  const store = new DuckDbStore(path);
  // What is no store is refused before anything is read that should go there.
  await store.counts();
  return store;
};

/** A store in one file. It is locked only while a batch is written or a result is read. */
export class DuckDbStore implements EventStore {
  readonly path: string;
  readonly #inTurn = inTurn();

  constructor(path: string) {
    this.path = path;
  }

  append(batch: Batch): Promise<Appended> {
    return this.#write(({ connection }) => appendBatch(connection, batch));
  }

  async checkpoint(source: string): Promise<Checkpoint | null> {
    return this.#read(null, ({ connection }) => readCheckpoint(connection, source));
  }

  async counts(): Promise<LineCounts | null> {
    return this.#read(null, ({ connection }) => readCounts(connection));
  }

  async *events(filter: EventFilter): AsyncIterable<readonly RecordedEvent[]> {
    const where = condition(filter);
    const select = `SELECT ${EVENT_COLUMNS} FROM events WHERE ${where}`;
    const plan = async ({ connection }: Session): Promise<readonly string[]> =>
      (await slicesOf(connection, where)).map(
        (slice) => `${select} AND ${slice} ORDER BY time, event_id`,
      );
    for await (const rows of this.#stream(plan)) {
      yield rows.map(eventOf);
    }
  }

  async *groups(filter: EventFilter): AsyncIterable<readonly TokenGroup[]> {
    for await (const rows of this.#stream(async () => [groupsSql(condition(filter))]))
      yield rows.map(groupOf);
  }

  /** Told by the files alone: nobody who writes is waited for. */
  async revision(): Promise<string> {
    return [this.path, `${this.path}.wal`].map(fileRevision).join(' ');
  }

  /** Needs as much room again as the store has: it is written anew. */
  async forget(
    what: { readonly before: number } | { readonly userId: string | number },
  ): Promise<number> {
    if (!existsSync(this.path)) return 0;
    return this.#write((session) => forgetEvents(session, this.path, what));
  }

  /** Writes events as a Parquet file; rejects with OUTPUT where that can't be written. */
  async exportParquet(path: string, filter: EventFilter): Promise<void> {
    const missing = new AuthlogError(
      'INPUT',
      `cannot read ${this.path}: no such file or directory`,
    );
    const isDone = await this.#read(false, async ({ connection }) => {
      await writeParquet(connection, path, condition(filter));
      return true;
    });
    if (!isDone) throw missing;
  }

  /** Waits for what is being written; nothing stays open between two calls. */
  async close(): Promise<void> {
    await this.#inTurn(async () => undefined);
  }

  #write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const session = await openToWrite(this.path);
      try {
        return await work(session);
      } catch (error) {
        throw storeFailure(error, this.path, 'write');
      } finally {
        await session.close();
      }
    });
  }

  async #read<T>(empty: T, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await openToRead(this.path);
    if (session === null) return empty;
    try {
      return await work(session);
    } catch (error) {
      throw storeFailure(error, this.path, 'read');
    } finally {
      await session.close();
    }
  }

  /** The rows of the queries that `plan` names, one query after the other. */
  async *#stream(
    plan: (session: Session) => Promise<readonly string[]>,
  ): AsyncIterable<readonly (readonly unknown[])[]> {
    const session = await openToRead(this.path);
    if (session === null) return;
    try {
      for (const sql of await plan(session)) {
        const result = await session.connection.stream(sql);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) break;
          yield chunk.getRows();
        }
      }
    } catch (error) {
      throw storeFailure(error, this.path, 'read');
    } finally {
      await session.close();
    }
  }
}

/** The rows that a filter finds; none without a time where it names any. */
const condition = ({ since, until, verdicts, about }: EventFilter): string =>
  [
    'true',
    ...(since === null ? [] : [`time >= ${since}`]),
    ...(until === null ? [] : [`time < ${until}`]),
    ...(verdicts === undefined ? [] : [hasVerdict(verdicts)]),
    ...(about === undefined ? [] : [isAbout(about)]),
  ].join(' AND ');

const hasVerdict = (verdicts: readonly (Verdict | null)[]): string => {
  const words = verdicts.filter((verdict) => verdict !== null).map(quoted);
  const either = [
    ...(words.length === 0 ? [] : [`verdict IN (${words.join(', ')})`]),
    ...(verdicts.includes(null) ? ['verdict IS NULL'] : []),
  ];
  return either.length === 0 ? 'false' : `(${either.join(' OR ')})`;
};

const isAbout = (subject: EventSubject): string => {
  if ('tokenId' in subject) return `token_id = ${anyText(subject.tokenId)}`;
  if ('ip' in subject) return `ip = ${anyText(subject.ip)}`;
  if (subject.userId === null) return 'user_id IS NULL';
  return `user_id = ${anyText(storedUser(subject.userId))}`;
};

/** As hexadecimal digits: a text may hold anything. */
const anyText = (text: string): string =>
  `decode(unhex('${Buffer.from(text, 'utf8').toString('hex')}'))`;

const fileRevision = (path: string): string => {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? '-' : `${stats.ino}.${stats.size}.${stats.mtimeNs}`;
};
