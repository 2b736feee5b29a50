import type { Incomplete } from '../source/input.ts';
import type { FileId, Generation, Mark } from './state.ts';

/** One file of a log as it was found on disk. */
export interface Sight {
  readonly name: string;
  readonly path: string;
  /** False for the file that is being written. */
  readonly rotated: boolean;
  /** Compressed: it never grows. */
  readonly sealed: boolean;
  readonly file: FileId;
  /** Bytes of its text, as many as can be recovered. */
  readonly length: number;
  /** Hashes of the text by position: where a generation has a mark, at the head, and at the end. */
  readonly hashes: ReadonlyMap<number, string>;
  /** A generation that it is beyond doubt, without a look at all of its text. */
  readonly known: string | null;
  /** Holds nothing but what the current file starts with: somebody is copying that (copytruncate). */
  readonly isCopy: boolean;
  /** Why the text can't be read to its end. */
  readonly damage: Incomplete | null;
}

export interface Match {
  readonly sight: Sight;
  /** Null for a file that was never read. */
  readonly generation: Generation | null;
}

/** What the files on disk are. */
export interface Matching {
  /** The oldest first, the current file last; empty files are left out, and copies of what is read anyway. */
  readonly matches: readonly Match[];
  /** Generations whose files are not there any more. */
  readonly gone: readonly Generation[];
}

/** Tells which file is which generation. */
export type Matcher = (generations: readonly Generation[], sights: readonly Sight[]) => Matching;

/**
 * Each generation is at most one file and each file at most one generation. What proves most is
 * believed first: the farther a generation was read, the less can another file be taken for it. Of
 * equal proofs the one of the older file counts: where every file starts with the same lines, the
 * current one would fit too.
 */
export const matchFiles: Matcher = (generations, sights) => {
  const taken = new Map<Sight, Generation>();
  const left = new Set(generations);
  const take = (sight: Sight, generation: Generation): void => {
    taken.set(sight, generation);
    left.delete(generation);
  };
  for (const sight of sights) {
    const known = generations.find(({ id }) => id === sight.known);
    if (known !== undefined && left.has(known)) take(sight, known);
  }
  const open = sights.filter((sight) => !sight.isCopy && !taken.has(sight));
  for (const proof of [proofOf, proofOfDamaged]) {
    const pairs = [...left].flatMap((generation) =>
      open.map((sight) => ({ generation, sight, bytes: proof(sight, generation) })),
    );
    // Stable: the older generation and the older file stay in front.
    for (const { generation, sight, bytes } of pairs.toSorted((a, b) => b.bytes - a.bytes)) {
      if (bytes > 0 && left.has(generation) && !taken.has(sight)) take(sight, generation);
    }
  }
  const isCopy = (sight: Sight): boolean =>
    sight.isCopy || generations.some((generation) => isFinishedCopy(sight, generation));
  return {
    matches: sights
      .filter((sight) => taken.has(sight) || (sight.length > 0 && !isCopy(sight)))
      .map((sight) => ({ sight, generation: taken.get(sight) ?? null })),
    gone: [...left],
  };
};

const holds = ({ hashes }: Sight, { at, hash }: Mark): boolean => hashes.get(at) === hash;

/** How many bytes of a file prove that it is this generation; 0 where it is not. */
const proofOf = (sight: Sight, generation: Generation): number => {
  const { offset, marks, copied } = generation;
  const extent = Math.max(offset, marks.at(-1)?.at ?? 0);
  if (sight.length >= extent && marks.every((mark) => holds(sight, mark))) return extent;
  return isFinishedCopy(sight, generation) ? copied!.at : 0;
};

/** A copy that was under way when the file itself was read beyond what the copy holds. */
const isFinishedCopy = (sight: Sight, { copied, marks }: Generation): boolean =>
  sight.rotated &&
  copied !== null &&
  sight.length === copied.at &&
  holds(sight, copied) &&
  marks.every((mark) => mark.at > sight.length || holds(sight, mark));

/** The same of what is left of a damaged file that was read before. */
const proofOfDamaged = (sight: Sight, { marks }: Generation): number => {
  if (sight.damage === null) return 0;
  const within = marks.filter(({ at }) => at <= sight.length);
  return within.every((mark) => holds(sight, mark)) ? (within.at(-1)?.at ?? 0) : 0;
};

/**
 * Whether nobody writes to a file any more, so that its last line counts without a line break: it
 * is compressed, or something newer has text.
 */
export const isFinished = (sight: Sight, sights: readonly Sight[]): boolean =>
  sight.rotated &&
  (sight.sealed ||
    sights.slice(sights.indexOf(sight) + 1).some(({ length, isCopy }) => length > 0 && !isCopy));
