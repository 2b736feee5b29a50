import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AuthlogError } from '../../errors.ts';
import { acquireLock } from '../../record/lock.ts';
import { codeOf, systemReason } from '../../source/system-error.ts';
import { CONFIG } from './create.ts';
import { lockHolder } from './failure.ts';
import {
  HEADERS_LENGTH,
  hasJournal,
  journalPath,
  removeJournal,
  rollBack,
  writeJournal,
  type Block,
} from './journal.ts';
import { loadDuckDb } from './load.ts';
import { Busy } from './patience.ts';

/** Leaves the merging of the log to `checkpoint`: DuckDB would also do it when the file is closed. */
export const withoutOwnCheckpoints = async (connection: DuckDBConnection): Promise<void> => {
  await connection.run('PRAGMA disable_checkpoint_on_shutdown');
};

/** Whether the log beside the file holds anything that is not in the file. */
export const hasLog = (path: string): boolean =>
  (statSync(`${path}.wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;

/**
 * Merges the log into the file, of which `fd` is a descriptor. DuckDB writes into blocks that the
 * last checkpoint still needs; stopped in the middle of one, it would never open the file again.
 * So they are kept in a journal for that long. Throws what the system or DuckDB reports; then the
 * log stays, and with it all that was acknowledged.
 */
export const checkpoint = async (
  connection: DuckDBConnection,
  path: string,
  fd: number,
): Promise<void> => {
  // What is in the blocks after a failure is not worth keeping: the journal of before is.
  if (!hasLog(path) || hasJournal(path)) return;
  writeJournal(path, fd, await metadataBlocks(connection));
  await connection.run('CHECKPOINT');
  removeJournal(path);
};

const metadataBlocks = async (connection: DuckDBConnection): Promise<readonly Block[]> => {
  const sql = `SELECT block_id::DOUBLE, (SELECT block_size FROM pragma_database_size()
    WHERE database_name = current_database())::DOUBLE FROM pragma_metadata_info()`;
  const rows = (await connection.runAndReadAll(sql)).getRows() as [number, number][];
  return rows.map(([id, length]) => ({ offset: HEADERS_LENGTH + id * length, length }));
};

/**
 * Takes back what a process had written of a checkpoint when it was stopped. Throws `Busy` where the
 * process lives, LOCKED where another one is at it, INPUT or OUTPUT where that can't be done.
 */
export const recover = async (path: string, doing: 'read' | 'write'): Promise<void> => {
  try {
    // Before anything is written: who may only read waits for a writer like everybody else.
    await refuseLiving(path);
    const lock = await acquireLock(`${journalPath(path)}.lock`);
    try {
      await refuseLiving(path);
      rollBack(path);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!hasJournal(path)) return;
    if (error instanceof Busy || codeOf(error) === 'LOCKED') throw error;
    const reason = error instanceof AuthlogError ? error.message : systemReason(error);
    throw new AuthlogError(
      doing === 'read' ? 'INPUT' : 'OUTPUT',
      `cannot ${doing} ${path}: a process was stopped while it wrote there, which can't be undone: ${reason}`,
      'Nothing is lost: open it once as a user who may write there, with room on the disk.',
    );
  }
};

/** Throws `Busy` where a writer lives; whoever opens the file later sees the journal and leaves. */
const refuseLiving = async (path: string): Promise<void> => {
  const { DuckDBInstance } = await loadDuckDb();
  try {
    const config = { ...CONFIG, access_mode: 'READ_ONLY' };
    (await DuckDBInstance.create(path, config)).closeSync();
  } catch (error) {
    const holder = lockHolder(error);
    if (holder !== null) throw new Busy(holder.pid);
    // Else it is what was torn: the locks are asked for first.
  }
};
