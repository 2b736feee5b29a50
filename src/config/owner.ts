import { stat } from 'node:fs/promises';
import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';

const ROOT = 0;
const OTHERS_WRITE = 0o002;

/**
 * Throws USAGE for a file that somebody else could have put in the way: its flags would say whose
 * signatures count and where results are written.
 */
export const checkOwner = async (path: string, name: string): Promise<void> => {
  const user = process.getuid?.();
  if (user === undefined) return;
  const { uid, mode } = await stat(path);
  const why =
    uid !== user && uid !== ROOT
      ? `belongs to another user (${uid})`
      : (mode & OTHERS_WRITE) === 0
        ? null
        : `can be written by everyone (${(mode & 0o777).toString(8).padStart(4, '0')})`;
  if (why === null) return;
  throw new AuthlogError(
    'USAGE',
    `${printable(name)} sets flags, but ${why}`,
    `Say that you mean it: --config ${printable(name)}; or --config - for none.`,
  );
};
