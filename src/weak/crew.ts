import { Worker } from 'node:worker_threads';
import { Guesser, type GuessTask, type Hit } from './guesser.ts';
import type { Lines } from './wordlist.ts';

/** Bytes of lists that this thread tries before others are started: that takes about as long as their start. */
const INLINE_BYTES = 2 << 20;
const QUEUED_PER_WORKER = 2;

type Hits = readonly Hit[];

interface Hand {
  readonly worker: Worker;
  isReady: boolean;
  readonly waiting: { resolve: (hits: Hits) => void; reject: (error: Error) => void }[];
}

/** Tries lines of word lists on `threads` threads, of which the calling one is the first. */
export class Crew {
  readonly #task: GuessTask;
  readonly #threads: number;
  readonly #local: Guesser;
  readonly #hands: Hand[] = [];
  #bytes = 0;

  constructor(task: GuessTask, threads: number) {
    this.#task = task;
    this.#threads = threads;
    this.#local = new Guesser(task);
  }

  /** Pieces that may be under way before the first of them must be waited for. */
  get depth(): number {
    return 1 + this.#hands.length * QUEUED_PER_WORKER;
  }

  /** Gives lines to the thread with the least to do; where all have enough the calling one takes them. */
  tryLines(lines: Lines): Promise<Hits> {
    if (this.#bytes >= INLINE_BYTES) {
      while (this.#hands.length < this.#threads - 1) this.#hands.push(this.#start());
    }
    this.#bytes += lines.bytes.length;
    let least: Hand | null = null;
    for (const hand of this.#hands) {
      if (!hand.isReady || hand.waiting.length >= QUEUED_PER_WORKER) continue;
      if (least === null || hand.waiting.length < least.waiting.length) least = hand;
    }
    if (least !== null) return this.#delegate(lines, least);
    // Not at once: the caller asks for more lines first, and those come while this is at work.
    return Promise.resolve().then(() => this.#local.tryLines(lines.bytes, lines.first));
  }

  async close(): Promise<void> {
    await Promise.all(this.#hands.map(({ worker }) => worker.terminate()));
  }

  #delegate(lines: Lines, { worker, waiting }: Hand): Promise<Hits> {
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.postMessage(lines, [lines.bytes.buffer as ArrayBuffer]);
    });
  }

  #start(): Hand {
    const worker = new Worker(new URL('../weak/worker.cjs', import.meta.url), {
      workerData: this.#task,
    });
    const hand: Hand = { worker, isReady: false, waiting: [] };
    worker.on('message', (hits: Hits | null) => {
      if (hits === null) hand.isReady = true;
      else hand.waiting.shift()!.resolve(hits);
    });
    worker.on('error', (error) => {
      for (const { reject } of hand.waiting.splice(0)) reject(error);
    });
    return hand;
  }
}
