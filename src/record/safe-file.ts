import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { AuthlogError } from '../errors.ts';
import { codeOf, systemReason } from '../source/system-error.ts';

const FLAGS =
  constants.O_RDWR |
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_NOFOLLOW |
  // A FIFO without a reader would wait for one.
  constants.O_NONBLOCK;

/** Opens or creates (mode 0600) a regular file of our own to append to; anything else is refused (USAGE). */
export const openSafely = (path: string): { readonly fd: number; readonly stats: Stats } => {
  refuseFolder(path);
  const before = lstatSync(path, { throwIfNoEntry: false });
  // Some devices act on being opened.
  if (before !== undefined) refuseKind(path, before);
  const fd = openOrRefuse(path);
  try {
    const stats = fstatSync(fd);
    refuseKind(path, stats);
    if (process.geteuid !== undefined && stats.uid !== process.geteuid()) {
      throw refusal(path, 'it belongs to another user', 'Record as its owner, or to a new file.');
    }
    if (before === undefined) syncFolder(path);
    return { fd, stats };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

/** Users other than the owner can read the file. */
export const isReadableByOthers = ({ mode }: Stats): boolean => (mode & 0o044) !== 0;

/** The refusal to record to `path`, exit 2. */
export const refusal = (path: string, reason: string, hint: string): AuthlogError =>
  new AuthlogError('USAGE', `will not record to ${path}: ${reason}`, hint);

const openOrRefuse = (path: string): number => {
  try {
    return openSync(path, FLAGS, 0o600);
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw symbolicLink(path);
    const code = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'EPERM'].includes(codeOf(error) ?? '')
      ? 'USAGE'
      : 'OUTPUT';
    throw new AuthlogError(code, `cannot record to ${path}: ${systemReason(error)}`);
  }
};

const symbolicLink = (path: string): AuthlogError =>
  refusal(path, 'it is a symbolic link', 'Name the file that it points to.');

const refuseKind = (path: string, stats: Stats): void => {
  if (stats.isFile()) return;
  if (stats.isSymbolicLink()) throw symbolicLink(path);
  const kind = stats.isDirectory() ? 'a directory' : stats.isFIFO() ? 'a FIFO' : 'a device';
  throw refusal(path, `it is ${kind}`, 'Name a regular file, or one that does not exist yet.');
};

const refuseFolder = (path: string): void => {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder === undefined || (folder.mode & 0o1002) !== 0o002) return;
  throw refusal(
    path,
    'everybody may rename and delete files in its directory',
    `Take the right away: chmod o-w ${dirname(path)}`,
  );
};

/** Makes durable that a file is in its folder, where the file system can do that. */
export const syncFolder = (path: string): void => {
  try {
    const fd = openSync(dirname(path), constants.O_RDONLY);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {}
};
