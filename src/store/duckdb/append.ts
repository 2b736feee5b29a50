import type { DuckDBConnection } from '@duckdb/node-api';
import { byStoredId, storedId } from '../bearer.ts';
import type { Appended, Batch, Checkpoint, LineCounts } from '../store.ts';
import { appendEvent } from './rows.ts';
import { firstRow } from './schema.ts';

/** Writes a batch in one transaction: its events, its checkpoint and its counts, or nothing. */
export const appendBatch = async (
  connection: DuckDBConnection,
  { events, checkpoint, counts }: Batch,
): Promise<Appended> => {
  // Beside the batch itself, which the process holds too.
  await connection.run("SET memory_limit = '128MB'");
  await connection.run('BEGIN');
  const unique = byStoredId(events);
  let added = 0;
  if (unique.size > 0) {
    await connection.run('CREATE TEMP TABLE staging AS FROM events LIMIT 0');
    const appender = await connection.createAppender('staging', 'main', 'temp');
    for (const [id, event] of unique) appendEvent(appender, id, event);
    appender.closeSync();
    const sql = 'INSERT INTO events FROM temp.staging ANTI JOIN events USING (event_id)';
    added = (await connection.run(sql)).rowsChanged;
  }
  if (checkpoint !== null) await putCheckpoint(connection, checkpoint);
  if (counts !== null) await addCounts(connection, counts);
  await connection.run('COMMIT');
  return { added, known: events.length - added };
};

const putCheckpoint = async (
  connection: DuckDBConnection,
  { source, state }: Checkpoint,
): Promise<void> => {
  const name = storedId(source);
  const sql = 'UPDATE checkpoints SET state = $1 WHERE source = $2';
  const { rowsChanged } = await connection.run(sql, [state, name]);
  if (rowsChanged === 0) {
    await connection.run('INSERT INTO checkpoints (state, source) VALUES ($1, $2)', [state, name]);
  }
};

const addCounts = async (connection: DuckDBConnection, counts: LineCounts): Promise<void> => {
  const numbers = [counts.lines, counts.linesWithToken, counts.linesSkipped].map(BigInt);
  const sum = `UPDATE line_counts SET lines = lines + $1,
    lines_with_token = lines_with_token + $2, lines_skipped = lines_skipped + $3`;
  if ((await connection.run(sum, numbers)).rowsChanged === 0) {
    await connection.run('INSERT INTO line_counts VALUES ($1, $2, $3)', numbers);
  }
  for (const [code, count] of Object.entries(counts.notices)) {
    const values = [BigInt(count), storedId(code)];
    const more = 'UPDATE notices SET count = count + $1 WHERE code = $2';
    if ((await connection.run(more, values)).rowsChanged > 0) continue;
    await connection.run('INSERT INTO notices (count, code) VALUES ($1, $2)', values);
  }
};

/** The checkpoint of a source, null where there is none. */
export const readCheckpoint = async (
  connection: DuckDBConnection,
  source: string,
): Promise<Checkpoint | null> => {
  const sql = 'SELECT state FROM checkpoints WHERE source = $1';
  const [state] = await firstRow(connection, sql, [storedId(source)]);
  return state === undefined ? null : { source, state: state as string };
};

/** The sums of all counts, null where there were none. */
export const readCounts = async (connection: DuckDBConnection): Promise<LineCounts | null> => {
  const [lines, linesWithToken, linesSkipped] = (await firstRow(
    connection,
    'SELECT lines::DOUBLE, lines_with_token::DOUBLE, lines_skipped::DOUBLE FROM line_counts',
  )) as readonly number[];
  if (lines === undefined) return null;
  const notices = await connection.runAndReadAll('SELECT code, count::DOUBLE FROM notices');
  return {
    lines,
    linesWithToken: linesWithToken!,
    linesSkipped: linesSkipped!,
    notices: Object.fromEntries(notices.getRows() as [string, number][]),
  };
};
