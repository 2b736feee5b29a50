import { basename, dirname, join } from 'node:path';
import { IncompleteInput, type Incomplete } from '../source/input.ts';
import { codeOf, systemReason } from '../source/system-error.ts';
import { layoutOf, lookPacked, MARK_SIZE, markAt, startAlike } from './content.ts';
import type { Disk, DiskFile, Identity } from './disk.ts';
import type { Sight } from './match.ts';
import { rotatedParts } from './siblings.ts';
import type { Generation } from './state.ts';

/** A log on disk at one moment. */
export interface Look {
  /** The oldest first, the file that is being written last, if it is there. */
  readonly sights: readonly Sight[];
  /** Files that can't be read at all. */
  readonly unreadable: readonly Incomplete[];
  /** Names of the files, to tell whether something was rotated since. */
  readonly names: readonly string[];
}

/** Compressed files up to here are read again to see what they are; of longer ones size and time are believed. */
const SMALL = 1 << 16;
const TRIES = 10;

/** The files of a log, the oldest first; names only. */
export const namesOf = async (disk: Disk, path: string): Promise<readonly string[]> => {
  const name = basename(path);
  let all: string[];
  try {
    all = await disk.list(dirname(path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
  return [...rotatedParts(name, all), ...all.filter((other) => other === name)];
};

/** Looks at a log until nothing was rotated meanwhile. */
export const lookAt = async (
  disk: Disk,
  path: string,
  generations: readonly Generation[],
): Promise<Look> => {
  for (let turn = 1; turn <= TRIES; turn++) {
    const look = await lookOnce(disk, path, await namesOf(disk, path), generations);
    if (look !== null && (await isUnchanged(disk, path, look))) return look;
  }
  throw new IncompleteInput('changed', 'files come and go all the time');
};

/**
 * Whether the same files still have the same names. Names alone would not tell: a rotation renames
 * each file to the name of another.
 */
export const isUnchanged = (disk: Disk, path: string, look: Look): Promise<boolean> =>
  isAsSeen(disk, path, look, false);

/** The same, and the current file has not been written to either. */
export const isUntouched = async (disk: Disk, path: string, look: Look): Promise<boolean> =>
  look.unreadable.length === 0 && (await isAsSeen(disk, path, look, true));

const isAsSeen = async (disk: Disk, path: string, look: Look, whole: boolean): Promise<boolean> => {
  const names = await namesOf(disk, path);
  if (names.join('\0') !== look.names.join('\0')) return false;
  for (const { path: child, rotated, file: seen } of look.sights) {
    const file = await disk.open(child).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (file === null) return false;
    try {
      const { dev, ino, size, mtime } = await file.identity();
      if (dev !== seen.dev || ino !== seen.ino) return false;
      // The file of today grows; those of before seldom do.
      if ((rotated || whole) && (size !== seen.size || mtime !== seen.mtime)) return false;
    } finally {
      await file.close();
    }
  }
  return true;
};

/** Null where a file went away meanwhile. */
const lookOnce = async (
  disk: Disk,
  path: string,
  names: readonly string[],
  generations: readonly Generation[],
): Promise<Look | null> => {
  const sights: Sight[] = [];
  const unreadable: Incomplete[] = [];
  for (const name of names) {
    const child = join(dirname(path), name);
    try {
      const sight = await see(disk, child, child !== path, generations);
      if (sight !== null) sights.push(sight);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      const detail =
        error instanceof IncompleteInput
          ? error.message
          : `cannot read ${child}: ${systemReason(error)}`;
      const reason = error instanceof IncompleteInput ? error.reason : 'unreadable';
      if (!(error instanceof IncompleteInput) && codeOf(error) === null) throw error;
      unreadable.push({ path: child, reason, detail });
    }
  }
  try {
    return { sights: await markCopy(disk, sights), unreadable, names };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
};

const see = async (
  disk: Disk,
  path: string,
  rotated: boolean,
  generations: readonly Generation[],
): Promise<Sight | null> => {
  const file = await disk.open(path);
  try {
    const identity = await file.identity();
    if (!identity.isFile) {
      if (rotated) return null;
      throw new IncompleteInput('unsupported', `cannot read ${path}: it is not a regular file`);
    }
    return await seeFile(file, identity, path, rotated, generations);
  } finally {
    await file.close();
  }
};

const seeFile = async (
  file: DiskFile,
  identity: Identity,
  path: string,
  rotated: boolean,
  generations: readonly Generation[],
): Promise<Sight> => {
  const { dev, ino, size, mtime } = identity;
  const base = { name: basename(path), path, rotated, file: { dev, ino, size, mtime } };
  const layout = await layoutOf(file);
  if (layout === 'utf-16') {
    const detail = `${path} is UTF-16, which can't be read on from where it was left; convert it`;
    throw new IncompleteInput('unsupported', detail);
  }
  const same = rotated ? generations.find((g) => isSameFile(g, identity)) : undefined;
  if (layout === 'compressed') {
    if (same !== undefined && size > SMALL) {
      const known = { sealed: true, hashes: NO_HASHES, known: same.id, isCopy: false };
      return { ...base, ...known, length: same.offset, damage: null };
    }
    const look = await lookPacked(file, path, positionsOf(generations));
    const damage =
      look.damage === null
        ? null
        : { path, reason: look.damage.reason, detail: look.damage.message };
    return { ...base, ...look, sealed: true, known: null, isCopy: false, damage };
  }
  const length = Math.max(0, size - layout.bom);
  const hashesAt = async (some: readonly Generation[]): Promise<Map<number, string>> => {
    const hashes = new Map<number, string>();
    for (const at of [MARK_SIZE, length, ...positionsOf(some)]) {
      if (at > length || hashes.has(at)) continue;
      const hash = await markAt(file, layout.bom, at);
      if (hash !== null) hashes.set(at, hash);
    }
    return hashes;
  };
  // Mostly a file is what it was: then the marks of all the others need not be looked for.
  const own = same === undefined ? NO_HASHES : await hashesAt([same]);
  const isKnown = same?.marks.every(({ at, hash }) => own.get(at) === hash) ?? false;
  const hashes = isKnown ? own : await hashesAt(generations);
  const known = isKnown ? same!.id : null;
  return { ...base, sealed: false, length, hashes, known, isCopy: false, damage: null };
};

const NO_HASHES: ReadonlyMap<number, string> = new Map();

const isSameFile = ({ done, file }: Generation, identity: Identity): boolean =>
  done &&
  file.dev === identity.dev &&
  file.ino === identity.ino &&
  file.size === identity.size &&
  file.mtime === identity.mtime;

const positionsOf = (generations: readonly Generation[]): readonly number[] =>
  generations.flatMap(({ marks, copied }) =>
    [...marks, ...(copied === null ? [] : [copied])].map(({ at }) => at),
  );

/** Tells whether the newest rotated file is what copytruncate has made so far of the current one. */
const markCopy = async (disk: Disk, sights: readonly Sight[]): Promise<readonly Sight[]> => {
  const current = sights.at(-1);
  const newest = sights.at(-2);
  if (current === undefined || newest === undefined || current.rotated) return sights;
  if (newest.known !== null || newest.sealed || newest.length === 0) return sights;
  if (newest.length > current.length || newest.file.ino === current.file.ino) return sights;
  if (newest.length >= MARK_SIZE && newest.hashes.get(MARK_SIZE) !== current.hashes.get(MARK_SIZE))
    return sights;
  const [one, other] = [await disk.open(newest.path), await disk.open(current.path)];
  try {
    const layouts = [await layoutOf(one), await layoutOf(other)];
    const [a, b] = layouts.map((layout) => (typeof layout === 'object' ? layout.bom : null));
    if (a === null || a === undefined || b === null || b === undefined) return sights;
    if (!(await startAlike(one, a, other, b, newest.length))) return sights;
    return sights.map((sight) => (sight === newest ? { ...sight, isCopy: true } : sight));
  } finally {
    await one.close();
    await other.close();
  }
};
