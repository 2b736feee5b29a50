import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { AuthlogError } from '../errors.ts';
import { maskTokens } from './fields/mask.ts';
import type { Incomplete, Input, InputNotice } from './input.ts';
import { logNames } from './rotation.ts';
import { isStoreUrl, shownStoreUrl } from './store-url.ts';
import { codeOf, systemReason } from './system-error.ts';

export interface InputHost {
  readonly cwd: string;
  readonly stdinIsTTY: boolean;
}

export interface ResolvedInputs {
  readonly inputs: Input[];
  /** What was named and cannot be read; the rest still can. */
  readonly incomplete: Incomplete[];
  readonly notices: InputNotice[];
}

const GLOB_CHARACTERS = /[*?[\]{}()!]/;
const PERMISSIONS = 0o7777n;

/**
 * Turns arguments (file, glob, directory, `-`) into inputs, each file once however it is named.
 * Throws AuthlogError USAGE for a directory without logs.
 */
export const resolveInputs = async (
  args: readonly string[],
  host: InputHost,
): Promise<ResolvedInputs> => {
  const found: ResolvedInputs = { inputs: [], incomplete: [], notices: [] };
  const seen = new Map<string, string>();

  const addStdin = (): void => {
    if (isRepeated('stdin', '-')) return;
    found.inputs.push({ path: '-', kind: 'stdin', size: null, mtime: null, mode: null });
    if (host.stdinIsTTY) {
      found.notices.push({
        code: 'stdin_terminal',
        message: 'reading from the terminal; end with Ctrl-D',
      });
    }
  };

  const isRepeated = (identity: string, path: string): boolean => {
    const first = seen.get(identity);
    if (first === undefined) {
      seen.set(identity, path);
      return false;
    }
    const message =
      first === path
        ? `${path} was named more than once and is read once`
        : `${path} is the same file as ${first} and is read once`;
    found.notices.push({ code: 'duplicate_input', message });
    return true;
  };

  const giveUp = (named: string, reason: string): void => {
    // What was taken for a path may be a token that somebody pasted.
    const path = maskTokens(named);
    found.incomplete.push({ path, reason: 'unreadable', detail: `cannot read ${path}: ${reason}` });
  };

  const addFile = async (path: string, stats: BigIntStats): Promise<void> => {
    if (stats.isSocket()) return giveUp(path, 'it is a socket');
    if (isRepeated(`${stats.dev}:${stats.ino}`, path)) return;
    try {
      await access(resolve(host.cwd, path), constants.R_OK);
    } catch (error) {
      return giveUp(path, systemReason(error));
    }
    found.inputs.push(inputOf(path, stats));
  };

  const addDirectory = async (path: string): Promise<void> => {
    let names: string[];
    try {
      names = await readdir(resolve(host.cwd, path));
    } catch (error) {
      return giveUp(path, systemReason(error));
    }
    let logs = 0;
    for (const name of logNames(names)) {
      const child = path.endsWith('/') ? path + name : `${path}/${name}`;
      const stats = await statOf(host.cwd, child);
      if (stats instanceof Error) giveUp(child, systemReason(stats));
      else if (stats.isFile()) await addFile(child, stats);
      else continue;
      logs++;
    }
    if (logs === 0) {
      throw new AuthlogError(
        'USAGE',
        `${path} is a directory without log files`,
        'name the files, or quote a pattern of their names',
      );
    }
  };

  const addMissing = async (arg: string, error: Error): Promise<void> => {
    if (codeOf(error) !== 'ENOENT' || !GLOB_CHARACTERS.test(arg)) {
      return giveUp(arg, systemReason(error));
    }
    const paths = await matches(arg, host.cwd);
    if (paths.length === 0) giveUp(arg, 'no such file, and as a pattern it matches none');
    for (const path of paths) {
      const stats = await statOf(host.cwd, path);
      if (stats instanceof Error) giveUp(path, systemReason(stats));
      else await addFile(path, stats);
    }
  };

  for (const arg of args) {
    if (arg === '-') {
      addStdin();
      continue;
    }
    if (isStoreUrl(arg)) {
      const path = shownStoreUrl(arg);
      if (isRepeated(`store ${arg}`, path)) continue;
      found.inputs.push({ path, kind: 'store', url: arg, size: null, mtime: null, mode: null });
      continue;
    }
    const stats = await statOf(host.cwd, arg);
    if (stats instanceof Error) await addMissing(arg, stats);
    else if (stats.isDirectory()) await addDirectory(arg);
    else await addFile(arg, stats);
  }
  return found;
};

const statOf = async (cwd: string, path: string): Promise<BigIntStats | Error> => {
  try {
    // An empty name, from an unset variable, must not become the current directory.
    return await stat(path === '' ? '' : resolve(cwd, path), { bigint: true });
  } catch (error) {
    return error instanceof Error ? error : new Error('unknown error');
  }
};

const inputOf = (path: string, stats: BigIntStats): Input => {
  const isFile = stats.isFile();
  const hasMode = isFile && process.platform !== 'win32';
  return {
    path,
    kind: 'file',
    size: isFile ? Number(stats.size) : null,
    mtime: isFile ? Number(stats.mtimeMs) : null,
    mode: hasMode ? Number(stats.mode & PERMISSIONS) : null,
  };
};

/** Sorted by code unit, so that a run does not depend on the file system's order. */
const matches = async (pattern: string, cwd: string): Promise<string[]> => {
  const { glob } = await import('tinyglobby');
  const paths = await glob(pattern, {
    cwd,
    absolute: isAbsolute(pattern),
    expandDirectories: false,
  });
  return paths.toSorted();
};
