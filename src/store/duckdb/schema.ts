import type { DuckDBConnection } from '@duckdb/node-api';
import { AuthlogError } from '../../errors.ts';

const VERSION = 1;

/**
 * Columns of what is filtered and grouped, beside the event as its JSON without its ids, which do
 * not compress. `user_id` is JSON: the number 1 and the text "1" differ. `bearer` is the JSON of
 * what groups differ in beside token and verdict.
 */
const TABLES: readonly string[] = [
  'authlog_schema (version INTEGER NOT NULL)',
  `events (
    event_id VARCHAR NOT NULL,
    time BIGINT,
    verdict VARCHAR,
    token_id VARCHAR,
    user_id VARCHAR,
    user_id_type VARCHAR NOT NULL,
    email VARCHAR,
    roles VARCHAR NOT NULL,
    exp DOUBLE,
    key VARCHAR,
    alg VARCHAR,
    kid VARCHAR,
    iss VARCHAR,
    jti VARCHAR,
    status INTEGER,
    method VARCHAR,
    path VARCHAR,
    ip VARCHAR,
    bearer VARCHAR,
    json VARCHAR NOT NULL USING COMPRESSION zstd
  )`,
  'checkpoints (source VARCHAR NOT NULL, state VARCHAR NOT NULL)',
  `line_counts (
    lines BIGINT NOT NULL,
    lines_with_token BIGINT NOT NULL,
    lines_skipped BIGINT NOT NULL
  )`,
  'notices (code VARCHAR NOT NULL, count BIGINT NOT NULL)',
];

/** The tables that are copied when a store is written anew. */
export const TABLE_NAMES: readonly string[] = TABLES.map((table) => table.split(' ')[0]!);

/** Makes the tables of an empty database; `database` is the name under which it is attached. */
export const createTables = async (
  connection: DuckDBConnection,
  database: string,
): Promise<void> => {
  for (const table of TABLES) await connection.run(`CREATE TABLE ${database}.${table}`);
};

/** Marks a database with tables as a store. */
export const writeVersion = async (connection: DuckDBConnection): Promise<void> => {
  await connection.run(`INSERT INTO authlog_schema VALUES (${VERSION})`);
};

/** Throws USAGE where the database is not a store, or one of a newer version. */
export const checkVersion = async (connection: DuckDBConnection, path: string): Promise<void> => {
  const sql = "SELECT count(*)::DOUBLE FROM duckdb_tables() WHERE table_name = 'authlog_schema'";
  const [isStore] = await firstRow(connection, sql);
  if (isStore !== 1) {
    const hint = 'Name a history, or a file that does not exist yet; this one was left as it is.';
    throw new AuthlogError('USAGE', `${path} is a database of another program`, hint);
  }
  const [version] = await firstRow(connection, 'SELECT max(version)::DOUBLE FROM authlog_schema');
  if (version === VERSION) return;
  throw new AuthlogError(
    'USAGE',
    `${path} has version ${String(version)} of the history, this is authlog for version ${VERSION}`,
    'Update authlog.',
  );
};

/** The values of the first row of a result, none where it is empty. */
export const firstRow = async (
  connection: DuckDBConnection,
  sql: string,
  values: readonly (string | number)[] = [],
): Promise<readonly unknown[]> => {
  const reader = await connection.runAndReadAll(sql, [...values]);
  return reader.getRows()[0] ?? [];
};
