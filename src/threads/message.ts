import type { JudgedBlock } from '../judge/judged.ts';

/** What a worker answers: the judged block, and the block's memory for the next one. */
export interface WorkerAnswer {
  readonly judged: JudgedBlock;
  readonly buffer: ArrayBuffer;
}
