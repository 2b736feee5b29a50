import type { DuckDBConnection, DuckDBListValue } from '@duckdb/node-api';
import { firstRow } from './schema.ts';

/** Events that are sorted at once: sorting all of them would need room for all that they say. */
const SLICE = 25_000;

/**
 * Conditions that part the events which `where` finds into slices of about the same size, in the
 * order of the contract: by time, those without one last and by id.
 */
export const slicesOf = async (
  connection: DuckDBConnection,
  where: string,
): Promise<readonly string[]> => {
  const count = `SELECT count(time)::DOUBLE, count(*)::DOUBLE FROM events WHERE ${where}`;
  const [timed, all] = (await firstRow(connection, count)) as readonly number[];
  const byTime = between('time', await timeBorders(connection, where, timed!));
  if (timed === all) return byTime.map((slice) => `time IS NOT NULL AND ${slice}`);
  const byId = between('event_id', await idBorders(connection, where));
  return [
    ...byTime.map((slice) => `time IS NOT NULL AND ${slice}`),
    ...byId.map((slice) => `time IS NULL AND ${slice}`),
  ];
};

const timeBorders = async (
  connection: DuckDBConnection,
  where: string,
  count: number,
): Promise<readonly string[]> => {
  const slices = Math.ceil(count / SLICE);
  if (slices < 2) return [];
  const shares = Array.from({ length: slices - 1 }, (_, i) => (i + 1) / slices);
  const sql = `SELECT list_sort(list_distinct(approx_quantile(time, [${shares.join(', ')}])))
    FROM events WHERE ${where}`;
  const [borders] = (await firstRow(connection, sql)) as readonly DuckDBListValue[];
  return borders!.items.map(String);
};

const idBorders = async (
  connection: DuckDBConnection,
  where: string,
): Promise<readonly string[]> => {
  const numbered = `SELECT event_id, row_number() OVER (ORDER BY event_id) AS number
    FROM events WHERE time IS NULL AND ${where}`;
  // As hexadecimal digits: an id may hold anything.
  const sql = `SELECT hex(event_id) FROM (${numbered}) WHERE number % ${SLICE} = 0 ORDER BY number`;
  const rows = (await connection.runAndReadAll(sql)).getRows();
  return rows.map(([id]) => `decode(unhex('${String(id)}'))`);
};

/** Conditions for what is below the first border, between each two, and from the last one on. */
const between = (column: string, borders: readonly string[]): readonly string[] =>
  Array.from({ length: borders.length + 1 }, (_, i) => {
    const from = i === 0 ? 'true' : `${column} >= ${borders[i - 1]}`;
    return i === borders.length ? from : `${from} AND ${column} < ${borders[i]}`;
  });
