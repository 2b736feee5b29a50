import { Worker } from 'node:worker_threads';
import { Judge, type BlockJob, type JudgeConfig } from '../judge/judge.ts';
import type { JudgedBlock } from '../judge/judged.ts';

/** A judged block, and which judge made it (identity numbers are the judge's own). */
export interface PoolResult {
  readonly judged: JudgedBlock;
  readonly origin: number;
}

/** Blocks judged before the first worker is started: starting one costs as much as judging these. */
const INLINE_BLOCKS = 128;
/** The same where signatures are asymmetric: these take twenty times as long. */
const INLINE_SLOW_BLOCKS = 16;
const QUEUED_PER_WORKER = 2;
const MOST_FREE = 32;

interface Hand {
  readonly worker: Worker;
  readonly origin: number;
  isReady: boolean;
  readonly waiting: { resolve: (r: PoolResult) => void; reject: (e: Error) => void }[];
}

/** Judges blocks on this thread while there are few, then on worker threads too. */
export class JudgePool {
  readonly #config: JudgeConfig;
  readonly #threads: number;
  #local: Judge | null = null;
  readonly #hands: Hand[] = [];
  readonly #free: ArrayBuffer[] = [];
  readonly #inlineBytes: number;
  /** Bytes judged here, of earlier input the less the longer ago. */
  #localBytes = 0;

  constructor(config: JudgeConfig, threads: number, blockSize: number) {
    this.#config = config;
    this.#threads = threads;
    const isSlow = config.ring?.keys.some(({ kty }) => kty !== 'oct') ?? false;
    this.#inlineBytes = blockSize * (isSlow ? INLINE_SLOW_BLOCKS : INLINE_BLOCKS);
  }

  /** Says how many bytes are to come: whether workers will be worth their start. */
  expect(bytes: number): void {
    this.#localBytes = bytes > this.#inlineBytes ? this.#inlineBytes : this.#localBytes / 2;
  }

  /** Blocks that may be under way before the first of them must be waited for. */
  get depth(): number {
    return 1 + this.#hands.length * QUEUED_PER_WORKER;
  }

  /** Gives a block to the worker with the least to do; where all have enough this thread takes it, unless it runs rules. */
  submit(job: BlockJob): Promise<PoolResult> {
    if (this.#localBytes >= this.#inlineBytes) {
      while (this.#hands.length < this.#threads - 1) this.#hands.push(this.#start());
    }
    let least: Hand | null = null;
    for (const hand of this.#hands) {
      const hasEnough = hand.waiting.length >= QUEUED_PER_WORKER && !this.#config.audit;
      if (!hand.isReady || hasEnough) continue;
      if (least === null || hand.waiting.length < least.waiting.length) least = hand;
    }
    if (least === null) return this.#judgeHere(job);
    // Where rules run here it is never asked again, and its memory is better spent on them.
    if (this.#config.audit) this.#local = null;
    return this.#delegate(job, least);
  }

  #judgeHere(job: BlockJob): Promise<PoolResult> {
    this.#localBytes += job.block.length;
    const local = (this.#local ??= new Judge(this.#config));
    // Not at once: the caller asks for more input first, and that comes while this is at work.
    return Promise.resolve().then(() => ({ judged: local.judge(job), origin: 0 }));
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

  #delegate(job: BlockJob, hand: Hand): Promise<PoolResult> {
    return new Promise((resolve, reject) => {
      hand.waiting.push({ resolve, reject });
      hand.worker.postMessage(job, [job.block.bytes.buffer as ArrayBuffer]);
    });
  }

  #start(): Hand {
    const worker = new Worker(new URL('../threads/worker.cjs', import.meta.url), {
      workerData: this.#config,
      // Far more than a judge keeps; with the default V8 lets far more garbage lie.
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 },
    });
    const hand: Hand = { worker, origin: this.#hands.length + 1, isReady: false, waiting: [] };
    worker.on('message', (judged: JudgedBlock | null) => {
      if (judged === null) hand.isReady = true;
      else hand.waiting.shift()!.resolve({ judged, origin: hand.origin });
    });
    worker.on('error', (error) => {
      for (const { reject } of hand.waiting.splice(0)) reject(error);
    });
    return hand;
  }
}
