import { open, stat, type FileHandle } from 'node:fs/promises';
import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import { systemReason } from '../source/system-error.ts';
import { LONGEST_GUESS } from './guesser.ts';

/** Whole lines of a word list, in memory of their own. */
export interface Lines {
  readonly bytes: Uint8Array;
  /** Number of the first line, from 1. */
  readonly first: number;
}

/** A word list that can be read. */
export interface Wordlist {
  readonly path: string;
  /** Bytes; null where it is no regular file, which can be read once only. */
  readonly size: number | null;
}

const CHUNK = 1 << 20;
const NEWLINE = 0x0a;
const NOTHING = new Uint8Array(0);

/** Makes sure, before anything else is done, that word lists are there. Throws USAGE. */
export const findWordlists = async (paths: readonly string[]): Promise<readonly Wordlist[]> =>
  Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch((error: unknown) => {
        throw unreadable(path, error);
      });
      if (found.isDirectory()) {
        throw new AuthlogError('USAGE', `the word list ${printable(path)} is a directory`);
      }
      return { path, size: found.isFile() ? found.size : null };
    }),
  );

/** The lines of a list, some 1 MiB at a time. Throws USAGE where it can't be read. */
export const readLines = async function* ({ path }: Wordlist): AsyncGenerator<Lines> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    yield* wholeLines(file);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await file.close();
  }
};

const wholeLines = async function* (file: FileHandle): AsyncGenerator<Lines> {
  let first = 1;
  let rest: Uint8Array = NOTHING;
  // The rest of a line too long to be a secret goes by.
  let isPassing = false;
  for (;;) {
    const room = new Uint8Array(rest.length + CHUNK);
    room.set(rest);
    const { bytesRead } = await file.read(room, rest.length, CHUNK);
    if (bytesRead === 0) break;
    const filled = room.subarray(0, rest.length + bytesRead);
    let start = 0;
    if (isPassing) {
      const end = filled.indexOf(NEWLINE);
      rest = NOTHING;
      if (end < 0) continue;
      isPassing = false;
      first++;
      start = end + 1;
    }
    const end = Math.max(start, filled.lastIndexOf(NEWLINE) + 1);
    rest = filled.slice(end);
    if (rest.length > LONGEST_GUESS + 1) {
      isPassing = true;
      rest = NOTHING;
    }
    if (end === start) continue;
    const count = countLines(filled, start, end);
    yield { bytes: filled.subarray(start, end), first };
    first += count;
  }
  if (rest.length > 0) yield { bytes: rest, first };
};

const countLines = (bytes: Uint8Array, start: number, end: number): number => {
  let count = 0;
  for (let at = start; at < end; at = bytes.indexOf(NEWLINE, at) + 1) count++;
  return count;
};

const unreadable = (path: string, error: unknown): AuthlogError =>
  error instanceof AuthlogError
    ? error
    : new AuthlogError(
        'USAGE',
        `cannot read the word list ${printable(path)}: ${systemReason(error)}`,
      );
