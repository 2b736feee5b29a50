import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AuthlogError } from '../errors.ts';
import { acquireLock, type Lock } from '../record/lock.ts';
import { systemReason } from '../source/system-error.ts';

const NAME_LENGTH = 22;

/** Where the lock of a log lies: beside the file of an embedded store, else in the user's state folder. */
export const lockPath = (
  store: { readonly file: string | null; readonly url: string },
  source: string,
  env: Readonly<Record<string, string | undefined>>,
): string => {
  const name = createHash('sha256').update(`${store.url}\0${source}`).digest('base64url');
  const short = name.slice(0, NAME_LENGTH);
  if (store.file !== null) return `${store.file}.${short}.lock`;
  const state = env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(state, 'authlog', 'locks', `${short}.lock`);
};

/** Takes a lock at once or not at all. Rejects with LOCKED where another run holds it, with OUTPUT where it can't be made. */
export const takeLock = async (path: string): Promise<Lock> => {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AuthlogError(
      'OUTPUT',
      `cannot make the folder of the lock ${path}: ${systemReason(error)}`,
      'Set XDG_STATE_HOME to a folder that may be written.',
    );
  }
  return await acquireLock(path, 0);
};
