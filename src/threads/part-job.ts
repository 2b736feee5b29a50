import type { Origin } from '../judge/job.ts';
import type { Judge } from '../judge/judge.ts';
import type { JudgedBlock } from '../judge/judged.ts';
import { readPart, type Part } from '../source/parts.ts';

/** A part of a file that is read where it is judged. */
export interface PartJob extends Origin {
  readonly part: Part;
  /** Used again where it is long enough. */
  readonly memory: ArrayBuffer;
}

/** A judged part, and how many bytes its lines have. */
export interface JudgedPart {
  readonly judged: JudgedBlock;
  readonly bytes: number;
}

/** Null where the part is none that can be judged by itself. */
export const judgePart = (
  judge: Judge,
  { part, memory, ...origin }: PartJob,
): JudgedPart | null => {
  const block = readPart(part, (size) =>
    size <= memory.byteLength ? new Uint8Array(memory, 0, size) : new Uint8Array(size),
  );
  return block === null ? null : { judged: judge.judge({ ...origin, block }), bytes: block.length };
};
