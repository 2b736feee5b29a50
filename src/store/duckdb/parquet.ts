import { chmodSync, lstatSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AuthlogError } from '../../errors.ts';
import { storeFailure } from './failure.ts';
import { quoted } from './database.ts';

/** Of a text, a user id loses its quotes; its type stands beside it. */
const COLUMNS = `* EXCLUDE (bearer) REPLACE (
  epoch_ms(time) AS time,
  CASE WHEN user_id[1] = '"' THEN user_id[2:-2] ELSE user_id END AS user_id)`;

/** Writes events as a Parquet file (mode 0600) that appears when it is whole; in the order in which they came; the last column is the event's JSON without its ids. */
export const writeParquet = async (
  connection: DuckDBConnection,
  path: string,
  where: string,
): Promise<void> => {
  const target = resolve(path);
  if (lstatSync(target, { throwIfNoEntry: false })?.isFile() === false) {
    throw new AuthlogError('USAGE', `cannot write ${path}: it is not a regular file`);
  }
  let folder: string | null = null;
  try {
    folder = mkdtempSync(join(dirname(target), `.${basename(target)}.new-`));
    const draft = join(folder, 'draft.parquet');
    const select = `SELECT ${COLUMNS} FROM events WHERE ${where}`;
    await connection.run(`COPY (${select}) TO ${quoted(draft)} (FORMAT parquet, COMPRESSION zstd)`);
    chmodSync(draft, 0o600);
    renameSync(draft, target);
  } catch (error) {
    throw storeFailure(error, path, 'write');
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
};
