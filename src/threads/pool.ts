import { Worker } from 'node:worker_threads';
import { Judge, type BlockJob, type JudgeConfig } from '../judge/judge.ts';
import type { JudgedBlock } from '../judge/judged.ts';

/** A judged block, and which judge made it (identity numbers are the judge's own). */
export interface PoolResult {
  readonly judged: JudgedBlock;
  readonly origin: number;
}

/** Blocks judged before the first worker is started: starting them costs as much as judging these. */
const INLINE_BLOCKS = 128;
const QUEUED_PER_WORKER = 2;
const MOST_FREE = 32;

interface Hand {
  readonly worker: Worker;
  readonly origin: number;
  readonly waiting: { resolve: (r: PoolResult) => void; reject: (e: Error) => void }[];
}

/** Judges blocks on this thread while there are few, then on worker threads. */
export class JudgePool {
  readonly #config: JudgeConfig;
  readonly #threads: number;
  #local: Judge | null = null;
  readonly #hands: Hand[] = [];
  readonly #free: ArrayBuffer[] = [];
  readonly #inlineBytes: number;
  #localBytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param bytes of all input where that is known: whether workers will be worth their start */
  constructor(config: JudgeConfig, threads: number, blockSize: number, bytes: number | null) {
    this.#config = config;
    this.#threads = threads;
    this.#inlineBytes = blockSize * INLINE_BLOCKS;
    if (bytes !== null && bytes > this.#inlineBytes) this.#localBytes = this.#inlineBytes;
  }

  /** Blocks that may be under way before the first of them must be waited for. */
  get depth(): number {
    return this.#hands.length === 0 ? 1 : this.#hands.length * QUEUED_PER_WORKER;
  }

  submit(job: BlockJob): Promise<PoolResult> {
    if (this.#threads > 1 && this.#localBytes >= this.#inlineBytes) return this.#delegate(job);
    this.#localBytes += job.block.length;
    // One block at a time: a judge keeps state between the halves of its work.
    const local = (this.#local ??= new Judge(this.#config));
    const result = this.#last.then(async () => ({ judged: await local.judge(job), origin: 0 }));
    this.#last = result;
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

  #delegate(job: BlockJob): Promise<PoolResult> {
    if (this.#hands.length < this.#threads) this.#hands.push(this.#start());
    let hand = this.#hands[0]!;
    for (const other of this.#hands) if (other.waiting.length < hand.waiting.length) hand = other;
    return new Promise((resolve, reject) => {
      hand.waiting.push({ resolve, reject });
      hand.worker.postMessage(job, [job.block.bytes.buffer as ArrayBuffer]);
    });
  }

  #start(): Hand {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: this.#config,
      // Far more than a judge keeps; with the default V8 lets far more garbage lie.
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 },
    });
    const hand: Hand = { worker, origin: this.#hands.length + 1, waiting: [] };
    worker.on('message', (judged: JudgedBlock) => {
      hand.waiting.shift()!.resolve({ judged, origin: hand.origin });
    });
    worker.on('error', (error) => {
      for (const { reject } of hand.waiting.splice(0)) reject(error);
    });
    return hand;
  }
}
