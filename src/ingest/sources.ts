import { realpath, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AuthlogError } from '../errors.ts';
import type { Incomplete } from '../source/input.ts';
import { resolveInputs } from '../source/inputs.ts';
import { isStoreUrl } from '../source/store-url.ts';
import { logNames } from '../source/rotation.ts';
import { nodeDisk } from './disk.ts';
import { namesOf } from './look.ts';
import { logOf } from './siblings.ts';

/** Logs that arguments name; each with all its rotated parts. */
export interface FoundLogs {
  /** Absolute, sorted, each once. */
  readonly paths: readonly string[];
  readonly incomplete: readonly Incomplete[];
}

const GLOB_CHARACTERS = /[*?[\]{}()!]/;

/**
 * Files, quoted globs and directories → logs. A rotated part stands for its log. Throws USAGE for
 * standard input, which can't be read twice, and for a store.
 */
export const findLogs = async (args: readonly string[], cwd: string): Promise<FoundLogs> => {
  const paths = new Set<string>();
  const incomplete: Incomplete[] = [];
  for (const arg of args) {
    if (arg === '-') {
      throw new AuthlogError(
        'USAGE',
        'standard input cannot be ingested: nobody can say later how far it was read',
        'Let it be written to a file, and name that; or authlog events - | authlog record --store URL.',
      );
    }
    if (isStoreUrl(arg)) {
      throw new AuthlogError('USAGE', 'a store cannot be ingested', 'Name the log files.');
    }
    const files = await filesOf(arg, cwd);
    if (files === null) {
      const { inputs, incomplete: failures } = await resolveInputs([arg], {
        cwd,
        stdinIsTTY: false,
      });
      incomplete.push(...failures);
      for (const { path } of inputs) paths.add(await placeOf(logOf(resolve(cwd, path))));
    } else for (const file of files) paths.add(await placeOf(logOf(file)));
  }
  return { paths: [...paths].toSorted(), incomplete };
};

/** What an argument plainly names, null for a pattern. */
const filesOf = async (arg: string, cwd: string): Promise<readonly string[] | null> => {
  const path = resolve(cwd, arg);
  const stats = arg === '' ? null : await stat(path).catch(() => null);
  if (stats?.isDirectory() === true) {
    const names = logNames(await readdir(path).catch(() => []));
    if (names.length > 0) return names.map((name) => join(path, name));
  }
  if (stats?.isFile() === true) return [path];
  // A log that is not there yet, or only its rotated parts.
  if (stats === null && arg !== '' && !GLOB_CHARACTERS.test(arg)) return [path];
  return null;
};

/** The same file by one name, whatever links lead to its folder. */
const placeOf = async (path: string): Promise<string> =>
  join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));

/** All files of logs, each log's oldest first; those that can be listed. */
export const filesOfLogs = async (paths: readonly string[]): Promise<readonly string[]> => {
  const files: string[] = [];
  for (const path of paths) {
    const names = await namesOf(nodeDisk, path).catch(() => []);
    for (const name of names) files.push(join(dirname(path), name));
  }
  return files;
};
