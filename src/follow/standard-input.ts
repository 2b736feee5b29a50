import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import { noKey } from '../errors.ts';
import type { PassOptions } from '../ingest/pass.ts';
import { startsWithEvent } from '../judge/recorded.ts';
import { readBlocks } from '../source/blocks.ts';
import { IncompleteInput, type Incomplete } from '../source/input.ts';
import { openInput } from '../source/open.ts';
import { JudgePool } from '../threads/pool.ts';
import type { Growing, ReadSoFar, Taker, Turn } from './growing.ts';

const NEWLINE = 0x0a;
/** Bytes that wait to be judged, before the writer has to wait. */
const MOST_WAITING = 8 << 20;

/** What is written to a pipe, whole lines at a time. */
export class StandardInput implements Growing {
  readonly read: ReadSoFar = { path: '-', bytes: 0, lines: 0, recorded: false };
  readonly #options: PassOptions;
  readonly #taker: Taker;
  readonly #pool: JudgePool;
  readonly #incomplete: Incomplete[] = [];
  #waiting: Buffer[] = [];
  #size = 0;
  #offset = 0;
  #isOver = false;
  #resume: (() => void) | null = null;

  constructor(stdin: Readable, options: PassOptions, taker: Taker) {
    this.#options = options;
    this.#taker = taker;
    this.#pool = new JudgePool(options.judge, 1, options.blockSize);
    void this.#gather(stdin);
  }

  get isEnded(): boolean {
    return this.#isOver && this.#size === 0;
  }

  async turn(): Promise<Turn> {
    const text = this.#takeLines();
    if (text.length > 0) await this.#judge(text);
    const incomplete = this.#incomplete;
    const held = this.#size > 0 ? 1 : 0;
    return { held, incomplete, isComplete: true };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #gather(stdin: Readable): Promise<void> {
    const input = { path: '-', kind: 'stdin', size: null, mtime: null, mode: null } as const;
    try {
      for await (const chunk of openInput(input, { stdin, isLive: true })) {
        this.#waiting.push(Buffer.from(chunk));
        this.#size += chunk.length;
        if (this.#size < MOST_WAITING) continue;
        await new Promise<void>((resolve) => {
          this.#resume = resolve;
        });
      }
    } catch (error) {
      const isKnown = error instanceof IncompleteInput;
      const detail = isKnown ? error.message : 'cannot read standard input';
      const reason = isKnown ? error.reason : 'unreadable';
      this.#incomplete.push({ path: '-', reason, detail });
    }
    this.#isOver = true;
  }

  /** Whole lines; at the end, and of a line that is far too long, all there is. */
  #takeLines(): Buffer {
    const all = Buffer.concat(this.#waiting);
    const isAll = this.#isOver || all.length >= MOST_WAITING;
    const newline = all.lastIndexOf(NEWLINE) + 1;
    const end = newline === 0 && isAll ? all.length : this.#isOver ? all.length : newline;
    const rest = all.subarray(end);
    this.#waiting = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
    this.#resume?.();
    this.#resume = null;
    return all.subarray(0, end);
  }

  async #judge(text: Buffer): Promise<void> {
    const { blockSize, maxLine, recordedOnly, isDetailed } = this.#options;
    const now = this.#options.now();
    const { read } = this;
    const pool = this.#pool;
    pool.expect(text.length);
    let behind = text.length;
    const options = { blockSize, maxLine, allocate: pool.allocate, offset: this.#offset };
    for await (const block of readBlocks(once(text), options)) {
      if (block.offset === 0) read.recorded = startsWithEvent(block);
      if (recordedOnly && !read.recorded) throw noKey();
      behind -= block.length;
      const plain = isDetailed?.(behind) === false;
      const place = { path: '-', firstLine: read.lines + 1 };
      const { recorded } = read;
      const result = await pool.submit({ block, ...place, reference: now, now, recorded, plain });
      this.#taker.take(result, place);
      read.lines += result.judged.lines;
      await this.#taker.flush();
    }
    this.#offset += text.length;
    read.bytes += text.length;
  }
}

async function* once(text: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield text;
}
