import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lookAt, namesOf } from '../ingest/look.ts';
import type { PassOptions } from '../ingest/pass.ts';
import { Passes } from '../ingest/passes.ts';
import { newGeneration, type Generation } from '../ingest/state.ts';
import { IncompleteInput } from '../source/input.ts';
import { BlockKeeper } from './block-keeper.ts';
import type { Growing, ReadSoFar, Taker, Turn } from './growing.ts';

/** A look at all files of a log, however little seems to have happened. */
const FULL_LOOK_MS = 5000;

/** A log and the files that it is rotated to. */
export class FollowedLog implements Growing {
  readonly read: ReadSoFar;
  readonly isEnded = false;
  readonly #path: string;
  readonly #options: PassOptions;
  readonly #passes: Passes;
  #seen = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #last: Turn | null = null;

  private constructor(
    path: string,
    options: PassOptions,
    generations: readonly Generation[],
    taker: Taker,
    nameOf: (path: string) => string,
  ) {
    this.#path = path;
    this.#options = options;
    this.read = { path: nameOf(path), bytes: 0, lines: 0, recorded: false };
    const newKeeper = (startsOver: boolean): BlockKeeper => {
      if (startsOver) taker.startOver();
      return new BlockKeeper(taker, this.read, nameOf);
    };
    this.#passes = new Passes(path, options, { config: options.config, generations }, newKeeper);
  }

  /** @param isWanted whether a rotated file that is there already is to be read */
  static async open(
    path: string,
    options: PassOptions,
    taker: Taker,
    nameOf: (path: string) => string,
    isWanted: (path: string) => boolean,
  ): Promise<FollowedLog> {
    const generations = await unwanted(path, options, isWanted);
    return new FollowedLog(path, options, generations, taker, nameOf);
  }

  async turn(): Promise<Turn> {
    const seen = await this.#glance();
    const now = performance.now();
    const isRecent = now - this.#lookedAt < FULL_LOOK_MS;
    if (this.#last !== null && seen === this.#seen && isRecent) return this.#last;
    // Taken before the look: whatever happens from here on is seen by the next glance.
    this.#seen = seen;
    this.#lookedAt = now;
    const turn = await this.#passes.pass();
    this.#last = turn.isComplete && turn.incomplete.length === 0 ? turn : null;
    return turn;
  }

  close(): Promise<void> {
    return this.#passes.close();
  }

  /** Few questions that tell whether the folder, the current file or the newest rotated one changed: a writer goes on in that until it is told. */
  async #glance(): Promise<string> {
    const names = await namesOf(this.#options.disk, this.#path).catch(() => []);
    const folder = dirname(this.#path);
    const files = names.slice(-2).map((name) => join(folder, name));
    return [names.join('\0'), ...(await Promise.all(files.map(lookOf)))].join('\n');
  }
}

const lookOf = async (path: string): Promise<string> => {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  return stats === null ? '-' : `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`;
};

/** Rotated files that nobody asked for, as if they had been read: they are known again when they are renamed. */
const unwanted = async (
  path: string,
  { disk }: PassOptions,
  isWanted: (path: string) => boolean,
): Promise<readonly Generation[]> => {
  const folder = dirname(path);
  const names = await namesOf(disk, path).catch(() => []);
  const left: Generation[] = [];
  for (const name of names) {
    const child = join(folder, name);
    if (child === path || isWanted(child)) continue;
    const file = await disk.open(child).catch(() => null);
    if (file === null) continue;
    try {
      // A large compressed file is recognised by what it is on disk, so it need not be unpacked here.
      const { dev, ino, size, mtime } = await file.identity();
      left.push({ ...newGeneration({ dev, ino, size, mtime }), done: true });
    } finally {
      await file.close();
    }
  }
  if (left.length === 0) return left;
  const isNamed = (sightPath: string): boolean => sightPath === path || isWanted(sightPath);
  try {
    // With a mark that no text has none of them is taken for known, and the plain ones tell their own marks.
    const seeds = left.map((known) => ({ ...known, marks: [{ at: 1, hash: '' }] }));
    const { sights } = await lookAt(disk, path, seeds);
    return sights
      .filter((sight) => !isNamed(sight.path))
      .map(({ hashes, length, file }) => ({
        ...newGeneration(file),
        offset: length,
        marks: [...hashes]
          .filter(([at]) => at > 1 || length === 1)
          .map(([at, hash]) => ({ at, hash }))
          .toSorted((a, b) => a.at - b.at),
        done: true,
      }));
  } catch (error) {
    if (!(error instanceof IncompleteInput)) throw error;
    return left;
  }
};
