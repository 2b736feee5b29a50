import { noKey } from '../errors.ts';
import type { JudgeConfig } from '../judge/judge.ts';
import { startsWithEvent } from '../judge/recorded.ts';
import { countLines } from '../source/block.ts';
import type { Incomplete } from '../source/input.ts';
import { codeOf, systemReason } from '../source/system-error.ts';
import { JudgePool, type PoolResult } from '../threads/pool.ts';
import { Turns } from '../threads/turns.ts';
import { joinConfig } from './config.ts';
import type { Disk } from './disk.ts';
import { lookAt, type Look } from './look.ts';
import { isFinished, type Matcher, type Sight } from './match.ts';
import { openPieces, type Piece } from './pieces.ts';
import {
  newGeneration,
  withoutSize,
  type Config,
  type Generation,
  type LogState,
} from './state.ts';
import { requireSame } from './unchanged.ts';

/** What reading a log needs, whatever becomes of it. */
export interface PassOptions {
  readonly disk: Disk;
  readonly judge: JudgeConfig;
  /** The present in milliseconds: the clock goes on. */
  readonly now: () => number;
  /** Judges outlast a pass: what they know of the tokens is worth its memory. */
  readonly keepsJudges: boolean;
  readonly config: Config;
  /** There is no key: only files of events will do. */
  readonly recordedOnly: boolean;
  readonly threads: number;
  readonly blockSize: number;
  readonly maxLine: number;
  readonly match: Matcher;
  readonly onProgress: ((bytes: number) => void) | null;
  readonly shouldStop: () => boolean;
  /** Whether a block needs more than its columns, by the bytes of text that follow it; default: all do. */
  readonly isDetailed?: (behind: number) => boolean;
}

/** Takes what a pass reads; nothing of it counts before it is kept. */
export interface Keeper {
  readonly isEmpty: boolean;
  /** It is time to keep. */
  readonly isFull: boolean;
  /**
   * Takes a judged block: `text` bytes of the generation `from`, read as far as `from` says before it.
   * True where nothing of the block is needed any more.
   */
  take(result: PoolResult, from: Generation, text: number, path: string): boolean;
  /**
   * Makes what was taken count, together with how far the log was read. `before`: the same state
   * without progress, where ids of generations are new in it; null where none is.
   */
  keep(state: LogState, before: LogState | null): Promise<void>;
}

export interface PassResult {
  /** Lines without a line break that wait for it. */
  readonly held: number;
  /** Nothing is left on disk to read. */
  readonly isComplete: boolean;
  readonly look: Look;
}

/** A file on its way into the store. */
interface Work {
  readonly sight: Sight;
  readonly finished: boolean;
  /** As far as its events are gathered. */
  draft: Generation;
  /** As far as blocks of it were handed out. */
  line: number;
}

/** Judged blocks, and ends of files, in the order of the log. */
type Item =
  | { readonly work: Work; readonly piece: Piece; readonly result: Promise<PoolResult> }
  | { readonly work: Work; readonly done: boolean };

/** One look at a log, and everything on disk that the store lacks into the store. */
export class Pass {
  readonly #path: string;
  readonly #options: PassOptions;
  readonly #keeper: Keeper;
  readonly #incomplete: Incomplete[];
  readonly #pool: JudgePool;
  readonly #now: number;
  readonly #turns: Turns<Item>;
  #state: LogState;
  #look: Look = { sights: [], unreadable: [], names: [] };
  #works: readonly Work[] = [];
  /** Generations without a file, kept until all is read. */
  #gone: readonly Generation[] = [];
  /** Bytes of text that were not handed out yet. */
  #unread = 0;
  /** Text of the current file is among what was gathered. */
  #hasCurrent = false;
  #held = 0;

  constructor(
    path: string,
    options: PassOptions,
    state: LogState,
    incomplete: Incomplete[],
    keeper: Keeper,
    pool: JudgePool,
  ) {
    this.#path = path;
    this.#options = options;
    this.#state = state;
    this.#incomplete = incomplete;
    this.#now = options.now();
    this.#keeper = keeper;
    this.#pool = pool;
    this.#turns = new Turns(pool, (item) => this.#take(item));
  }

  /** As far as all is kept. */
  get state(): LogState {
    return this.#state;
  }

  /** Throws Changed where files were rotated meanwhile: what was kept is kept, and the next look goes on. */
  async run(): Promise<PassResult> {
    const { disk, match, shouldStop } = this.#options;
    this.#look = await lookAt(disk, this.#path, this.#state.generations);
    const { sights, unreadable } = this.#look;
    for (const failure of unreadable) this.#tell(failure);
    const { matches, gone } = match(this.#state.generations, sights);
    this.#gone = gone;
    this.#works = matches.map(({ sight, generation }) => ({
      sight,
      finished: isFinished(sight, sights),
      draft: { ...(generation ?? newGeneration(sight.file)), ...this.#copyMark(sight) },
      line: generation?.lines ?? 0,
    }));
    if (sights.length === 0 && unreadable.length === 0) {
      this.#fail(this.#path, 'unreadable', `cannot read ${this.#path}: no such file or directory`);
    }
    this.#expect();
    for (const work of this.#works) if (!shouldStop()) await this.#read(work);
    await this.#turns.finish();
    const isComplete = !shouldStop();
    if (isComplete) this.#settle();
    await this.#keep();
    return { held: this.#held, isComplete, look: this.#look };
  }

  /** Remembers in the current file's generation what somebody has copied of it so far. */
  #copyMark(sight: Sight): Pick<Generation, 'copied'> | null {
    const copy = this.#look.sights.find(({ isCopy }) => isCopy);
    if (sight.rotated || copy === undefined) return null;
    return { copied: { at: copy.length, hash: copy.hashes.get(copy.length)! } };
  }

  async #read(work: Work): Promise<void> {
    const { sight, draft, finished } = work;
    // Of a damaged file no more can be recovered than was the last time.
    const isSpent = sight.damage !== null && draft.done && draft.marks.at(-1)!.at >= sight.length;
    if (sight.known !== null || isSpent || sight.length <= draft.offset) {
      this.#turns.add({ work, done: sight.rotated });
      return;
    }
    const pool = this.#pool;
    const { pieces, mtime } = await openPieces(
      sight,
      draft.offset,
      finished && sight.damage === null,
      { ...this.#options, allocate: pool.allocate },
    );
    try {
      for (;;) {
        const next = await pieces.next().catch((error: unknown) => {
          if (codeOf(error) === null) throw error;
          const detail = `cannot read on in ${sight.path}: ${systemReason(error)}`;
          this.#fail(sight.path, 'unreadable', detail);
          return null;
        });
        if (next === null) return;
        const { done, value } = next;
        if (done === true) {
          if (value) this.#held++;
          if (sight.damage !== null) this.#tell(sight.damage);
          this.#turns.add({ work, done: sight.rotated && (!value || sight.damage !== null) });
          return;
        }
        this.#submit(work, value, mtime);
        await this.#turns.makeRoom();
        if (this.#options.shouldStop()) return;
      }
    } finally {
      await pieces.return(false);
    }
  }

  #expect(): void {
    this.#unread = this.#works.reduce(
      (sum, { sight, draft }) => sum + (sight.known === null ? sight.length - draft.offset : 0),
      0,
    );
    this.#pool.expect(this.#unread);
  }

  #submit(work: Work, piece: Piece, mtime: number): void {
    const { block } = piece;
    if (work.draft.offset === 0 && work.line === 0 && startsWithEvent(block)) {
      work.draft = { ...work.draft, recorded: true };
    }
    const { recorded } = work.draft;
    if (this.#options.recordedOnly && !recorded) throw noKey();
    const firstLine = work.line + 1;
    const { judge, isDetailed } = this.#options;
    // Only events carry the number of their line from here.
    if (judge.events || recorded) work.line += countLines(block);
    const now = this.#now;
    const reference = Math.min(mtime, now);
    const path = work.sight.path;
    this.#unread -= block.length;
    const plain = isDetailed?.(this.#unread) === false;
    const result = this.#pool.submit({ block, path, reference, now, firstLine, recorded, plain });
    this.#turns.add({ work, piece, result }, result);
  }

  async #take(item: Item): Promise<void> {
    const { work } = item;
    if ('done' in item) {
      work.draft = { ...work.draft, done: item.done, file: work.sight.file };
      return;
    }
    const result = await item.result;
    const { judged } = result;
    const { end, marks } = item.piece;
    const text = end - work.draft.offset;
    const isDone = this.#keeper.take(result, work.draft, text, work.sight.path);
    if (judged.notices.some(({ code }) => code === 'pattern_timeout')) {
      const detail = '--pattern took too long on some lines; they were not searched';
      this.#fail(this.#path, 'unsupported', detail);
    }
    const lines = work.draft.lines + judged.lines;
    const file = work.sight.file;
    work.draft = { ...work.draft, offset: end, lines, marks, file, done: false };
    this.#hasCurrent ||= !work.sight.rotated;
    if (isDone) this.#pool.release(judged);
    if (this.#keeper.isFull) await this.#keep();
  }

  /** Lets go of what is gone, and says so where something of it may be unread. */
  #settle(): void {
    // A file that can't be read may be any of them.
    if (this.#look.unreadable.length > 0 || this.#look.sights.length === 0) return;
    for (const { offset, done } of this.#gone) {
      if (done) continue;
      const detail = `the ${this.#path} that was read up to byte ${offset} is gone: what was written to it after that is unread`;
      this.#fail(this.#path, 'changed', detail);
    }
    this.#gone = [];
  }

  /** What was taken, and how far that is, where there is anything to tell. */
  async #keep(): Promise<void> {
    const { config, disk } = this.#options;
    const before = new Map(this.#state.generations.map((known) => [known.id, known]));
    const drafts = this.#works.map(({ draft }) => draft);
    const started = drafts.filter(({ id, offset }) => offset > 0 || before.has(id));
    const generations = [...this.#gone, ...started].map(withoutSize);
    const next: LogState = { config: joinConfig(this.#state.config, config), generations };
    if (this.#keeper.isEmpty && JSON.stringify(next) === JSON.stringify(this.#state)) return;
    if (this.#hasCurrent) await requireSame(disk, this.#path, this.#look);
    const isNew = started.some(({ id }) => !before.has(id));
    const plan = generations.map(
      (known) => before.get(known.id) ?? { ...known, offset: 0, lines: 0, done: false },
    );
    await this.#keeper.keep(next, isNew ? { ...next, generations: plan } : null);
    this.#state = next;
    this.#hasCurrent = false;
  }

  #fail(path: string, reason: Incomplete['reason'], detail: string): void {
    this.#tell({ path, reason, detail });
  }

  #tell(failure: Incomplete): void {
    const isTold = this.#incomplete.some(
      ({ path, detail }) => path === failure.path && detail === failure.detail,
    );
    if (!isTold) this.#incomplete.push(failure);
  }
}
