import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openSafely } from '../../record/safe-file.ts';
import { inTurn } from '../in-turn.ts';
import { checkpoint, hasLog, recover, withoutOwnCheckpoints } from './checkpoint.ts';
import { CONFIG, createStoreFile, folderPrefix } from './create.ts';
import { storeFailure } from './failure.ts';
import { hasJournal } from './journal.ts';
import { loadDuckDb } from './load.ts';
import { Busy, patiently } from './patience.ts';
import { checkVersion } from './schema.ts';

/** A database that is open, for as long as `close` was not called. */
export interface Session {
  readonly connection: DuckDBConnection;
  /** A folder (mode 0700) beside the store, where it can be written, that goes with the session. */
  readonly folder: string;
  /** Merges the log into the file; throws where that fails, and the log stays. */
  readonly checkpoint: () => Promise<void>;
  close(): Promise<void>;
}

interface Open {
  readonly instance: DuckDBInstance;
  readonly folder: string;
}

/**
 * What this process does with a file. The system's locks hold between processes only, and closing
 * any handle of a file gives up all locks that the process has on it: so one instance at a time,
 * and one attempt after the other to open one.
 */
interface Use {
  readonly inTurn: ReturnType<typeof inTurn>;
  isWriting: boolean;
  readers: number;
  reading: Open | null;
}

const uses = new Map<string, Use>();

const useOf = (path: string): Use => {
  const known = uses.get(path);
  if (known !== undefined) return known;
  const use: Use = { inTurn: inTurn(), isWriting: false, readers: 0, reading: null };
  uses.set(path, use);
  return use;
};

/** Opens a store to be read, shared with other readers; null where there is none. Waits for a writer. */
export const openToRead = async (path: string): Promise<Session | null> => {
  const use = useOf(path);
  const attempt = async (): Promise<Session | null> => {
    if (use.isWriting) throw new Busy(process.pid);
    if (use.reading === null && statSync(path, { throwIfNoEntry: false }) === undefined) {
      return null;
    }
    const { instance, folder } = (use.reading ??= await open(path, 'read'));
    use.readers++;
    const connection = await instance.connect();
    return sessionOf(connection, folder, mergeNothing, () => {
      if (--use.readers > 0) return;
      close(use.reading!);
      use.reading = null;
    });
  };
  try {
    return await patiently(path, () => use.inTurn(attempt));
  } catch (error) {
    throw storeFailure(error, path, 'read');
  }
};

/** Opens a store to be written, alone, and makes it where there is none. Waits for readers and writers. */
export const openToWrite = async (path: string): Promise<Session> => {
  const use = useOf(path);
  const attempt = async (): Promise<Session> => {
    if (use.isWriting || use.reading !== null) throw new Busy(process.pid);
    const { fd, ...opened } = await openAlone(path);
    const connection = await opened.instance.connect();
    use.isWriting = true;
    const merge = (): Promise<void> => checkpoint(connection, path, fd);
    return sessionOf(connection, opened.folder, merge, () => {
      removeEmptyLog(path);
      close(opened);
      closeSync(fd);
      use.isWriting = false;
    });
  };
  try {
    return await patiently(path, () => use.inTurn(attempt));
  } catch (error) {
    throw storeFailure(error, path, 'write');
  }
};

/** A reader leaves the log where it is. */
const mergeNothing = async (): Promise<void> => undefined;

const openAlone = async (path: string): Promise<Open & { readonly fd: number }> => {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) await createStoreFile(path);
  // Not closed before DuckDB's own, as its locks would go with it.
  const { fd } = openSafely(path);
  try {
    const opened = await open(path, 'write');
    try {
      if (fstatSync(fd).ino !== statSync(path).ino) throw new Busy(null);
      // Opened after its first write, it would be readable by everybody.
      closeSync(openSync(`${path}.wal`, 'a', 0o600));
    } catch (error) {
      close(opened);
      throw error;
    }
    return { ...opened, fd };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

/** The log of a session that wrote nothing: an empty one is harmless, and in the way of nobody who has the file alone. */
const removeEmptyLog = (path: string): void => {
  if (!hasLog(path)) rmSync(`${path}.wal`, { force: true });
};

const open = async (path: string, doing: 'read' | 'write'): Promise<Open> => {
  const { DuckDBInstance } = await loadDuckDb();
  const before = statSync(path);
  if (hasJournal(path)) await recover(path, doing);
  const access = doing === 'read' ? { access_mode: 'READ_ONLY' } : {};
  const instance = await DuckDBInstance.create(path, { ...CONFIG, ...access });
  try {
    const connection = await instance.connect();
    await withoutOwnCheckpoints(connection);
    // Another process put a new file in its place, or was stopped, while we opened the old one.
    if (statSync(path, { throwIfNoEntry: false })?.ino !== before.ino) throw new Busy(null);
    if (hasJournal(path)) throw new Busy(null);
    if (doing === 'write') removeLeft(path);
    const folder = ownFolder(path);
    await connection.run(`SET temp_directory = ${quoted(folder)}`);
    await checkVersion(connection, path);
    connection.closeSync();
    return { instance, folder };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
};

const close = ({ instance, folder }: Open): void => {
  instance.closeSync();
  rmSync(folder, { recursive: true, force: true });
};

const sessionOf = (
  connection: DuckDBConnection,
  folder: string,
  merge: () => Promise<void>,
  closeAll: () => void,
): Session => {
  let isOpen = true;
  return {
    connection,
    folder,
    checkpoint: merge,
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      // All of it is in the log: the next writer tries again.
      await merge().catch(() => undefined);
      connection.closeSync();
      closeAll();
    },
  };
};

/** Where sorting spills to. A reader may not have the right to write beside the store. */
const ownFolder = (path: string): string => {
  try {
    return mkdtempSync(folderPrefix(path));
  } catch {
    return mkdtempSync(join(tmpdir(), 'authlog-'));
  }
};

/** Folders of processes that were killed: whoever has the file alone knows that nobody uses them. */
const removeLeft = (path: string): void => {
  const prefix = folderPrefix(path);
  for (const name of readdirSync(dirname(path))) {
    const folder = join(dirname(path), name);
    if (folder.startsWith(prefix)) rmSync(folder, { recursive: true, force: true });
  }
};

/** A text as SQL writes it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
