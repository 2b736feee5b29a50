import type { BlockJob, Origin } from '../judge/job.ts';
import type { Judge } from '../judge/judge.ts';
import type { JudgedBlock } from '../judge/judged.ts';
import { readPart, type Part } from '../source/parts.ts';

/** A part of a file that is read where it is judged. */
export interface PartJob extends Origin {
  readonly part: Part;
  /** Used again where it is long enough. */
  readonly memory: ArrayBuffer;
}

/** What came of a job, and how many bytes its lines have. */
export interface Done {
  readonly judged: JudgedBlock;
  readonly bytes: number;
}

/** Null for a part that can't be judged by itself. */
export const doJob = (judge: Judge, job: BlockJob | PartJob): Done | null => {
  if ('block' in job) return { judged: judge.judge(job), bytes: job.block.length };
  const { part, memory, ...origin } = job;
  let isFirst = true;
  const block = readPart(part, (size) => {
    // Only at first: more room would be another one, without what was read.
    const room = isFirst ? judge.room(size) : null;
    isFirst = false;
    return (
      room ?? (size <= memory.byteLength ? new Uint8Array(memory, 0, size) : new Uint8Array(size))
    );
  });
  if (block === null) return null;
  return { judged: judge.judge({ ...origin, block, memory }), bytes: block.length };
};
