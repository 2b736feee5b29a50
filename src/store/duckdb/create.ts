import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../../source/system-error.ts';
import { loadDuckDb } from './load.ts';
import { createTables, writeVersion } from './schema.ts';

/** What every database is opened with: bounded, and nothing is fetched from anywhere. */
export const CONFIG: Readonly<Record<string, string>> = {
  threads: '2',
  memory_limit: '256MB',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  storage_compatibility_version: 'v1.4.0',
  // Only `checkpoint` merges a log into its file.
  checkpoint_threshold: '1TB',
};

/** How the folders begin that stand beside a store for a while; a process that is killed leaves its own. */
export const folderPrefix = (path: string): string =>
  join(dirname(path), `.${basename(path)}.tmp-`);

/** Makes an empty store (mode 0600) that appears at once and whole; one that is there already stays. */
export const createStoreFile = async (path: string): Promise<void> => {
  makeFolder(dirname(path));
  // DuckDB makes files that everybody may read: in a folder of our own nobody can.
  const folder = mkdtempSync(folderPrefix(path));
  try {
    const draft = join(folder, 'draft');
    await createDraft(draft);
    chmodSync(draft, 0o600);
    linkSync(draft, path);
  } catch (error) {
    // Another process was faster, and may have cleared this folder away with those of the dead.
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** `recursive` of mkdir never comes back where the system says that there is no such directory (/proc). */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
};

const createDraft = async (path: string): Promise<void> => {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(path, { ...CONFIG });
  try {
    const connection = await instance.connect();
    await createTables(connection, 'main');
    await writeVersion(connection);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
};
