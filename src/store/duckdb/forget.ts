import { chmodSync, closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { AuthlogError } from '../../errors.ts';
import { storedUser } from '../bearer.ts';
import type { EventStore } from '../store.ts';
import { hasLog } from './checkpoint.ts';
import { quoted, type Session } from './database.ts';
import { createTables, firstRow, TABLE_NAMES } from './schema.ts';

type Forgotten = Parameters<EventStore['forget']>[0];

/**
 * Writes the store anew without the events and puts it in the place of the old one: blocks that
 * are merely free would keep what was in them. Needs as much room again; returns how many events went.
 */
export const forgetEvents = async (
  { connection, folder, checkpoint }: Session,
  path: string,
  what: Forgotten,
): Promise<number> => {
  const [goes, value] =
    'before' in what
      ? (['time < $1', what.before] as const)
      : (['user_id = $1', storedUser(what.userId)] as const);
  const sql = `SELECT count(*)::DOUBLE FROM events WHERE ${goes}`;
  const count = (await firstRow(connection, sql, [value]))[0] as number;
  if (count === 0) return 0;
  // What a killed writer left in the log beside the file belongs to the old file.
  await checkpoint();
  if (hasLog(path)) {
    throw new AuthlogError('OUTPUT', `cannot write ${path}: its log could not be merged into it`);
  }
  const draft = join(folder, 'draft');
  await connection.run(`ATTACH ${quoted(draft)} AS draft`);
  await createTables(connection, 'draft.main');
  for (const name of TABLE_NAMES) {
    const stays = name === 'events' ? ` WHERE (${goes}) IS NOT TRUE` : '';
    const values = name === 'events' ? [value] : [];
    await connection.run(`INSERT INTO draft.main.${name} FROM main.${name}${stays}`, values);
  }
  await connection.run('CHECKPOINT draft');
  await connection.run('DETACH draft');
  chmodSync(draft, 0o600);
  sync(draft);
  renameSync(draft, path);
  return count;
};

const sync = (path: string): void => {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};
