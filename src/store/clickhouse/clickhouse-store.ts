import type { ErrorCode } from '../../errors.ts';
import type { RecordedEvent } from '../../record/event-log.ts';
import { byStoredId, storedJson, storedUser, timeOf } from '../bearer.ts';
import { inTurn } from '../in-turn.ts';
import { addCounts } from '../line-counts.ts';
import type {
  Appended,
  Batch,
  Checkpoint,
  EventFilter,
  EventStore,
  LineCounts,
  MissingPart,
  TokenGroup,
} from '../store.ts';
import { toAuthlogError } from './errors.ts';
import { deleteRows } from './forget.ts';
import { Reader, type Servers } from './reader.ts';
import { groupQuery, toGroup, toRow, type GroupRow } from './rows.ts';
import type { CheckpointRow, EventRow, Tables } from './schema.ts';
import type { Server } from './server.ts';
import { inSlice, limitOf, slicesOf, type Slice } from './slices.ts';
import { found, literal, NO_TIME } from './sql.ts';

const NO_SOURCE = 'null';
const DAY = 86_400_000;
/** Of one question for ids, so that it stays below what servers take as a query. */
const MOST_IDS = 10_000;
const MOST_ID_CHARACTERS = 1 << 20;

type JsonRow = Pick<EventRow, 'event_id' | 'json'>;

/** Events in ClickHouse, on one server or on the shards of a cluster; checkpoints on the first server. */
export class ClickHouseStore implements EventStore {
  readonly #servers: Servers;
  readonly #tables: Tables;
  readonly #inTurn = inTurn();

  constructor(servers: Servers, tables: Tables) {
    this.#servers = servers;
    this.#tables = tables;
  }

  append(batch: Batch): Promise<Appended> {
    return this.#inTurn(() => this.#try('OUTPUT', () => this.#append(batch)));
  }

  checkpoint(source: string): Promise<Checkpoint | null> {
    return this.#try('INPUT', async () => {
      const row = await this.#checkpointRow(storedJson(source));
      return row === null ? null : { source, state: JSON.parse(row.state) as string };
    });
  }

  counts(): Promise<LineCounts | null> {
    return this.#try('INPUT', async () => {
      const rows = await this.#first.rows<{ readonly latest: string }>(
        `SELECT source, argMax(counts, version) AS latest FROM ${this.#tables.checkpoints} GROUP BY source`,
      );
      return rows
        .map(({ latest }) => JSON.parse(latest) as LineCounts | null)
        .reduce(addCounts, null);
    });
  }

  async *events(
    filter: EventFilter,
    onMissing?: (part: MissingPart) => void,
  ): AsyncIterable<readonly RecordedEvent[]> {
    const reader = new Reader(this.#servers, onMissing);
    const condition = found(filter);
    for await (const slice of slicesOf(reader, this.#tables.events, condition)) {
      yield* this.#eventsOf(reader, slice, condition);
    }
  }

  async *groups(
    filter: EventFilter,
    onMissing?: (part: MissingPart) => void,
  ): AsyncIterable<readonly TokenGroup[]> {
    const reader = new Reader(this.#servers, onMissing);
    const query = groupQuery(this.#tables.events, found(filter));
    for await (const rows of reader.stream<GroupRow>(query)) yield rows.map(toGroup);
  }

  revision(): Promise<string> {
    return this.#try('INPUT', async () => {
      const [row] = await this.#first.rows<{ readonly events: number }>(
        `SELECT count() AS events FROM ${this.#tables.events}`,
      );
      return String(row?.events ?? 0);
    });
  }

  forget(what: { before: number } | { userId: string | number }): Promise<number> {
    const condition =
      'before' in what
        ? found({ since: null, until: what.before })
        : `user = ${literal(storedUser(what.userId))}`;
    return this.#inTurn(() =>
      this.#try('OUTPUT', () => deleteRows(this.#servers.all, this.#tables, condition)),
    );
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await Promise.all(this.#servers.all.map((server) => server.close()));
    });
  }

  async #append({ events, checkpoint, counts }: Batch): Promise<Appended> {
    const fresh = byStoredId(events);
    for (const id of await this.#known(fresh)) fresh.delete(id);
    const added = fresh.size;
    if (added > 0) {
      const rows = [...fresh].map(([id, event]) => toRow(id, event));
      await this.#first.insert(this.#tables.events, rows);
    }
    if (checkpoint !== null || counts !== null) await this.#account(checkpoint, counts);
    return { added, known: events.length - added };
  }

  /** The ids that are there already. A day around the batch is searched: a zone may have been corrected. */
  async #known(events: ReadonlyMap<string, RecordedEvent>): Promise<readonly string[]> {
    let [from, to, hasNoTime] = [Infinity, -Infinity, false];
    for (const event of events.values()) {
      const time = timeOf(event);
      if (Number.isNaN(time)) hasNoTime = true;
      else [from, to] = [Math.min(from, time - DAY), Math.max(to, time + DAY)];
    }
    const window = [
      ...(from <= to ? [`(time >= ${from} AND time <= ${to})`] : []),
      ...(hasNoTime ? [`time = ${NO_TIME}`] : []),
    ].join(' OR ');
    const known: string[] = [];
    for (const ids of portions([...events.keys()])) {
      const rows = await this.#first.rows<{ readonly event_id: string }>(
        `SELECT DISTINCT event_id FROM ${this.#tables.events} WHERE (${window}) AND event_id IN (${ids.map(literal).join(',')})`,
      );
      for (const row of rows) known.push(row.event_id);
    }
    return known;
  }

  async #account(checkpoint: Checkpoint | null, counts: LineCounts | null): Promise<void> {
    const source = checkpoint === null ? NO_SOURCE : storedJson(checkpoint.source);
    const known = await this.#checkpointRow(source);
    const before = known === null ? null : (JSON.parse(known.counts) as LineCounts | null);
    const row: CheckpointRow = {
      source,
      state: checkpoint === null ? '' : storedJson(checkpoint.state),
      counts: storedJson(addCounts(before, counts)),
      version: (known?.version ?? 0) + 1,
    };
    await this.#first.insert(this.#tables.checkpoints, [row]);
  }

  async #checkpointRow(source: string): Promise<CheckpointRow | null> {
    const [row] = await this.#first.rows<CheckpointRow>(
      `SELECT source, state, counts, version FROM ${this.#tables.checkpoints} ` +
        `WHERE source = ${literal(source)} ORDER BY version DESC LIMIT 1`,
    );
    return row ?? null;
  }

  async *#eventsOf(
    reader: Reader,
    slice: Slice,
    condition: string,
  ): AsyncIterable<readonly RecordedEvent[]> {
    const limit = limitOf(slice);
    for (let after: string | null = null; ;) {
      const rows: readonly JsonRow[] = await reader.rows<JsonRow>(
        `SELECT event_id, json FROM ${this.#tables.events} WHERE ${inSlice(slice)} AND ${condition}` +
          `${after === null ? '' : ` AND event_id > ${literal(after)}`} ` +
          `ORDER BY time, event_id${limit === null ? '' : ` LIMIT ${limit}`}`,
      );
      // What a repeat has inserted once more stands side by side.
      const once = rows.filter((row, i) => row.event_id !== rows[i - 1]?.event_id);
      if (once.length > 0) yield once.map(({ json }) => JSON.parse(json) as RecordedEvent);
      if (limit === null || rows.length < limit) return;
      after = rows.at(-1)!.event_id;
    }
  }

  get #first(): Server {
    return this.#servers.all[0]!;
  }

  async #try<T>(code: ErrorCode, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw toAuthlogError(error, code, this.#first.name);
    }
  }
}

function* portions(ids: readonly string[]): Iterable<readonly string[]> {
  let open: string[] = [];
  let characters = 0;
  for (const id of ids) {
    open.push(id);
    characters += id.length;
    if (open.length < MOST_IDS && characters < MOST_ID_CHARACTERS) continue;
    yield open;
    open = [];
    characters = 0;
  }
  if (open.length > 0) yield open;
}
