import { statSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { AuthlogError } from '../errors.ts';
import { errorCode, printable } from '../keys/printable.ts';

export interface ConfigHost {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the system's own settings; default: `/etc`. */
  readonly system?: string;
}

const NAMES = ['authlog.config.json', 'authlog.config.yaml', 'authlog.config.yml'];

/** Where a configuration may be, what counts most first. */
export const configFolders = ({ cwd, env, system = '/etc' }: ConfigHost): readonly string[] => {
  const { XDG_CONFIG_HOME: own = '', HOME: home = '' } = env;
  // XDG Base Directory: a relative path is no path, and ~/.config takes its place where it is not set.
  const user = isAbsolute(own)
    ? own
    : own === '' && isAbsolute(home)
      ? join(home, '.config')
      : null;
  return [cwd, ...(user === null ? [] : [join(user, 'authlog')]), join(system, 'authlog')];
};

/**
 * The first configuration file that there is, null where there is none. Throws USAGE for one that
 * can't be looked at; a folder that is closed to this user is passed over where `mayPass`.
 */
export const findConfig = (host: ConfigHost, mayPass = false): string | null => {
  for (const folder of configFolders(host)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (isThere(path, mayPass)) return path;
    }
  }
  return null;
};

/** Synchronous: nine answers of the system take less time than one promise each. */
const isThere = (path: string, mayPass: boolean): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const code = errorCode(error);
    // HOME of another user, or a folder of secrets: no place where settings for this one lie.
    if (mayPass && code === 'EACCES') return false;
    // To go on without it would audit by other rules than those that somebody wrote down.
    throw new AuthlogError(
      'USAGE',
      `cannot look for ${printable(path)}: ${code ?? 'unreadable'}`,
      'Give --config FILE, or --config - for none.',
    );
  }
};

/** A path as messages call it: relative where it lies below the working directory. */
export const shownPath = (path: string, cwd: string): string => {
  const below = relative(cwd, path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
};
