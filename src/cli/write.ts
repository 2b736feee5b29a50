import { randomBytes } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { lstat, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AuthlogError } from '../errors.ts';
import type { Output } from './host.ts';

/** The reader of our output has gone (`| head`): nothing is wrong, and nothing is left to do. */
export class ClosedPipe extends Error {}

/** Where results go; `close` makes them final, `discard` leaves no trace. */
export interface Sink {
  write(chunk: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
  discard(): Promise<void>;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'no space left on the device'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['ENOENT', 'no such directory'],
  ['ENOTDIR', 'no such directory'],
  ['EISDIR', 'it is a directory'],
  ['EROFS', 'read-only file system'],
  ['EDQUOT', 'disk quota exceeded'],
  ['EFBIG', 'file too large'],
  ['EIO', 'input/output error'],
]);

const outputError = (what: string, error: unknown): AuthlogError => {
  const code = codeOf(error);
  return new AuthlogError('OUTPUT', `cannot write ${what}: ${REASONS.get(code) ?? code}`);
};

/** Writes to a stream and waits until it took each piece; a closed pipe throws `ClosedPipe`. */
export const streamSink = (stream: Output, name: string): Sink => {
  let failure: unknown = null;
  const remember = (error: unknown): void => {
    failure ??= error;
  };
  stream.on('error', remember);
  const check = (error: unknown): void => {
    if (error === null || error === undefined) return;
    throw codeOf(error) === 'EPIPE' ? new ClosedPipe() : outputError(name, error);
  };
  const done = (): Promise<void> => {
    // The listener stays: a stream that failed may say so again later.
    check(failure);
    return Promise.resolve();
  };
  return {
    write: async (chunk) => {
      check(failure);
      const error = await new Promise<unknown>((resolve) => {
        stream.write(chunk, (problem) => resolve(problem));
      });
      check(error);
    },
    close: done,
    discard: done,
  };
};

const temporary = new Set<string>();

/** Removes files that were not finished; for signal handlers, so synchronous. */
export const removeTemporaryFiles = (): void => {
  for (const path of temporary) rmSync(path, { force: true });
};

/**
 * Writes a file that appears whole or not at all: a new file beside it, mode 0600, synced, then
 * renamed over it. A symbolic link is replaced, never followed.
 */
export const fileSink = async (path: string): Promise<Sink> => {
  const name = `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`;
  const draft = join(dirname(path), name);
  let file: FileHandle;
  try {
    const found = await lstat(path).catch(() => null);
    if (found !== null && !found.isFile() && !found.isSymbolicLink()) {
      return await specialFileSink(path);
    }
    file = await open(draft, 'wx', 0o600);
  } catch (error) {
    throw outputError(path, error);
  }
  temporary.add(draft);
  const discard = async (): Promise<void> => {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
    temporary.delete(draft);
  };
  const attempt = async (step: () => Promise<unknown>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      await discard();
      throw outputError(path, error);
    }
  };
  return {
    write: (chunk) => attempt(() => file.writeFile(chunk)),
    close: () =>
      attempt(async () => {
        await file.sync();
        await file.close();
        await rename(draft, path);
        temporary.delete(draft);
        await syncDirectory(dirname(path));
      }),
    discard,
  };
};

/** The sink that `-o` names, else standard output. */
export const openSink = async (path: string | undefined, stdout: Output): Promise<Sink> =>
  path === undefined ? streamSink(stdout, 'standard output') : await fileSink(path);

/** `/dev/stdout`, a FIFO: there is nothing to rename over. */
const specialFileSink = async (path: string): Promise<Sink> => {
  const file = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  const attempt = async (step: () => Promise<unknown>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      if (codeOf(error) === 'EPIPE') throw new ClosedPipe();
      throw outputError(path, error);
    }
  };
  return {
    write: (chunk) => attempt(() => file.writeFile(chunk)),
    close: () => attempt(() => file.close()),
    discard: () => file.close(),
  };
};

// Not every file system can sync a directory; the rename itself has happened by then.
const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path).catch(() => null);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
};
