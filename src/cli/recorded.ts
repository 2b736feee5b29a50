import { Readable } from 'node:stream';
import { startsWithEvent } from '../judge/recorded.ts';
import type { Block } from '../source/block.ts';
import { readBlocks } from '../source/blocks.ts';
import { IncompleteInput, type Input } from '../source/input.ts';
import { openInput } from '../source/open.ts';

const ENOUGH = 1 << 16;

/** Whether the first line of a file says that it holds events; false for an empty or unreadable one. */
export const isEventFile = async (input: Input, cwd: string): Promise<boolean> =>
  (await readFirstBlock(input, cwd)) !== null;

/** The first lines of a file of events; null where it is none, or empty or unreadable. */
export const readFirstBlock = async (input: Input, cwd: string): Promise<Block | null> => {
  const chunks = openInput(input, { stdin: Readable.from([]), cwd });
  try {
    for await (const block of readBlocks(chunks, { blockSize: ENOUGH, maxLine: ENOUGH })) {
      return startsWithEvent(block) ? block : null;
    }
  } catch (error) {
    if (!(error instanceof IncompleteInput)) throw error;
  }
  return null;
};
