import { stat } from 'node:fs/promises';
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

/** The first configuration file that there is, null where there is none. Throws USAGE for one that can't be looked at. */
export const findConfig = async (host: ConfigHost): Promise<string | null> => {
  for (const folder of configFolders(host)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (await isThere(path)) return path;
    }
  }
  return null;
};

const isThere = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
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
