import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AuthlogError } from '../errors.ts';
import type { Durability } from './choices.ts';
import type { EventLog } from './event-log.ts';
import { JsonlLog } from './jsonl-log.ts';
import { acquireLock } from './lock.ts';
import type { SyncFile } from './syncer.ts';
import { TextLog } from './text-log.ts';

export interface OpenLogOptions {
  /** Default `interval`: at most the last second is lost when the machine stops. */
  readonly durability?: Durability;
  /** Each record holds the hash of the one before; one process at a time. */
  readonly chain?: boolean;
  /** Called with remarks, such as a file that others can read. */
  readonly onNotice?: (message: string) => void;
  readonly syncFile?: SyncFile;
}

/**
 * Opens a log to append events to: a path, made with mode 0600 where it does not exist. Throws
 * USAGE for a path that is not safe to write to or holds something else, LOCKED for a chain that
 * another process writes.
 */
export const openEventLog = async (to: string, options: OpenLogOptions = {}): Promise<EventLog> => {
  refuseStore(to);
  const { durability = 'interval', chain = false, onNotice = ignore, syncFile } = options;
  const lock = chain ? await acquireLock(`${realPath(to)}.lock`) : null;
  try {
    return new JsonlLog(to, {
      durability,
      lock,
      onNotice,
      ...(syncFile !== undefined && { syncFile }),
    });
  } catch (error) {
    lock?.release();
    throw error;
  }
};

/** Opens a log of `Token:` and `User Log:` lines, live tokens in it; a chain of such lines there is not. */
export const openTextLog = (to: string, options: OpenLogOptions = {}): TextLog => {
  refuseStore(to);
  const { durability = 'interval', chain = false, onNotice = ignore } = options;
  if (chain) {
    throw new AuthlogError('USAGE', 'only --format jsonl can be chained', 'Leave out one of both.');
  }
  return new TextLog(to, { durability, onNotice });
};

/** Refuses what is no file: standard output, a store (USAGE). */
const refuseStore = (to: string): void => {
  if (/^(?:duckdb:|mongodb(?:\+srv)?:|clickhouse:|https?:)/i.test(to)) {
    throw new AuthlogError(
      'USAGE',
      'this is a store, and no file',
      'Open it with openStoreLog(url) and record to that.',
    );
  }
  if (to === '' || to === '-') {
    throw new AuthlogError('USAGE', 'events are recorded to a file', 'Name one: --to FILE.');
  }
};

const ignore = (): void => undefined;

/** The same file by another name must have the same lock. */
const realPath = (path: string): string => {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
};
