import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { BlockJob, Origin } from '../judge/job.ts';
import { Judge, type JudgeConfig } from '../judge/judge.ts';
import type { JudgedBlock } from '../judge/judged.ts';
import { PART_BEHIND, type Part } from '../source/parts.ts';
import { doJob, type Done, type PartJob } from './job.ts';
import { startWorker } from './start.ts';
import { INLINE_BYTES, INLINE_SLOW_BYTES } from './worth.ts';

/** A judged block, and which judge made it (identity numbers are the judge's own). */
export interface PoolResult extends Done {
  readonly origin: number;
}

/** No more than so many blocks are judged before the first worker is started. */
const INLINE_BLOCKS = 128;
/** One that is judged, and others for as long as this thread has no time. */
const QUEUED_PER_WORKER = 3;
const MOST_FREE = 32;

interface Hand {
  readonly worker: Worker;
  readonly origin: number;
  isReady: boolean;
  readonly waiting: { resolve: (r: PoolResult | null) => void; reject: (e: Error) => void }[];
}

/** Judges blocks on this thread while there are few, then on worker threads too. */
export class JudgePool {
  readonly #config: JudgeConfig;
  readonly #threads: number;
  #local: Judge | null = null;
  #apart: Judge | null = null;
  readonly #hands: Hand[] = [];
  readonly #free: ArrayBuffer[] = [];
  readonly #inlineBytes: number;
  /** Settled when this thread is free. */
  #localTurn: Promise<unknown> = Promise.resolve();
  /** Bytes judged here, of earlier input the less the longer ago. */
  #localBytes = 0;
  /** Blocks that wait for this thread. */
  #localCount = 0;
  #onChange: (() => void)[] = [];

  constructor(config: JudgeConfig, threads: number, blockSize: number) {
    this.#config = config;
    this.#threads = threads;
    const isSlow = config.ring?.keys.some(({ kty }) => kty !== 'oct') ?? false;
    this.#inlineBytes = Math.min(
      isSlow ? INLINE_SLOW_BYTES : INLINE_BYTES,
      blockSize * INLINE_BLOCKS,
    );
  }

  /** Says how many bytes are to come: whether workers will be worth their start. */
  expect(bytes: number): void {
    // At once: they start while the first blocks are judged here.
    if (bytes > this.#inlineBytes) this.#startAll();
    else this.#localBytes /= 2;
  }

  /** Whether another block would be begun soon: else it is better kept until `changed`. */
  get hasRoom(): boolean {
    const least = this.#leastBusy();
    if (least !== null && !hasEnough(least)) return true;
    return this.#localCount === 0 && !(this.#config.audit && least !== null);
  }

  /** Settles when a block has been judged, or a worker is ready for its first. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange.push(resolve);
    });
  }

  #change(): void {
    for (const resolve of this.#onChange.splice(0)) resolve();
  }

  /** Blocks that may be under way. */
  get depth(): number {
    return 1 + this.#hands.length * QUEUED_PER_WORKER;
  }

  /** Gives a block to the worker with the least to do; where all have enough this thread takes it, unless it runs rules. */
  submit(job: BlockJob): Promise<PoolResult> {
    const { bytes, length } = job.block;
    // Null comes of parts alone.
    return this.#submit(job, length, bytes.buffer as ArrayBuffer) as Promise<PoolResult>;
  }

  /** The same of a part of a file; null where it can't be judged by itself. */
  submitPart(origin: Origin, part: Part): Promise<PoolResult | null> {
    const length = part.to - part.from;
    const memory = this.allocate(length + PART_BEHIND + 1).buffer as ArrayBuffer;
    return this.#submit({ ...origin, part, memory }, length, memory);
  }

  /** Judges a block at once, by a judge for what is not in the order of the others. */
  judgeApart(job: BlockJob): PoolResult {
    const judge = (this.#apart ??= new Judge(this.#config));
    return { judged: judge.judge(job), origin: this.#threads, bytes: job.block.length };
  }

  #submit(job: BlockJob | PartJob, bytes: number, memory: ArrayBuffer): Promise<PoolResult | null> {
    const hand = this.#choose();
    return hand === null ? this.#judgeHere(job, bytes) : this.#delegate(job, hand, memory);
  }

  /** Null: this thread. */
  #choose(): Hand | null {
    if (this.#localBytes >= this.#inlineBytes) this.#startAll();
    const least = this.#leastBusy();
    // Where rules run here it is never asked again, and its memory is better spent on them.
    if (least !== null && this.#config.audit) this.#local = null;
    return least !== null && hasEnough(least) && !this.#config.audit ? null : least;
  }

  /** The worker with the least to do, null while none is ready. */
  #leastBusy(): Hand | null {
    let least: Hand | null = null;
    for (const hand of this.#hands) {
      if (!hand.isReady) continue;
      if (least === null || hand.waiting.length < least.waiting.length) least = hand;
    }
    return least;
  }

  #startAll(): void {
    while (this.#hands.length < this.#threads - 1) this.#hands.push(this.#start());
  }

  #judgeHere(job: BlockJob | PartJob, bytes: number): Promise<PoolResult | null> {
    this.#localBytes += bytes;
    this.#localCount++;
    const local = (this.#local ??= new Judge(this.#config));
    // Not at once: the caller asks for more input first, and what workers and the outside have to say is heard
    // between two blocks.
    const result = this.#localTurn
      .then(() => setImmediate())
      .then(() => resultOf(doJob(local, job), 0))
      .finally(() => {
        this.#localCount--;
        this.#change();
      });
    this.#localTurn = result.catch(() => undefined);
    return result;
  }

  /** Memory for a block, used again where possible. */
  readonly allocate = (size: number): Uint8Array => {
    const free = this.#free;
    const fits = free.findLastIndex((buffer) => buffer.byteLength >= size);
    return new Uint8Array(fits < 0 ? new ArrayBuffer(size) : free.splice(fits, 1)[0]!);
  };

  /** Takes back the memory of a block that has been added up. */
  release(judged: JudgedBlock): void {
    if (this.#free.length < MOST_FREE) this.#free.push(judged.verdicts.buffer as ArrayBuffer);
  }

  async close(): Promise<void> {
    await Promise.all(this.#hands.map(({ worker }) => worker.terminate()));
  }

  #delegate(job: BlockJob | PartJob, hand: Hand, memory: ArrayBuffer): Promise<PoolResult | null> {
    return new Promise((resolve, reject) => {
      hand.waiting.push({ resolve, reject });
      hand.worker.postMessage(job, [memory]);
    });
  }

  #start(): Hand {
    const worker = startWorker();
    worker.postMessage(this.#config, []);
    const hand: Hand = { worker, origin: this.#hands.length + 1, isReady: false, waiting: [] };
    worker.on('message', (done: Done | null | 'ready') => {
      if (done === 'ready') hand.isReady = true;
      else hand.waiting.shift()!.resolve(resultOf(done, hand.origin));
      this.#change();
    });
    worker.on('error', (error) => {
      for (const { reject } of hand.waiting.splice(0)) reject(error);
      this.#change();
    });
    return hand;
  }
}

const hasEnough = ({ waiting }: Hand): boolean => waiting.length >= QUEUED_PER_WORKER;

const resultOf = (done: Done | null, origin: number): PoolResult | null =>
  done === null ? null : { ...done, origin };
