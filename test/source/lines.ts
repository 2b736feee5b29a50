import { Buffer } from 'node:buffer';
import type { Block } from '../../src/source/block.ts';
import { readBlocks } from '../../src/source/blocks.ts';
import type { BlockOptions } from '../../src/source/blocks.ts';

export interface Line {
  readonly text: string;
  readonly offset: number;
  readonly cut: boolean;
}

/** The rules of line cutting once more, byte by byte and in no hurry. */
export const slowLines = (bytes: Buffer, maxLine: number): Line[] => {
  const lines: Line[] = [];
  let at = 0;
  while (at < bytes.length) {
    let start = at;
    while (start < bytes.length && bytes[start] === 0) start++;
    if (start === bytes.length) break;
    let end = start;
    while (end < bytes.length && bytes[end] !== 10) end++;
    const next = Math.min(end + 1, bytes.length);
    const cut = end - start > maxLine;
    const text = bytes.toString('latin1', start, cut ? start + maxLine : next);
    lines.push({ text, offset: start, cut });
    at = next;
  }
  return lines;
};

export const linesOf = (blocks: readonly Block[]): Line[] => {
  const lines: Line[] = [];
  for (const { bytes, length, offset, cut } of blocks) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
    let at = 0;
    while (at < length) {
      const newline = text.indexOf('\n', at);
      const end = newline < 0 ? length : newline + 1;
      lines.push({
        text: text.slice(at, end),
        offset: offset + at,
        cut: cut && end === length,
      });
      at = end;
    }
  }
  return lines;
};

export async function* inPieces(
  bytes: Buffer,
  sizes: readonly number[],
): AsyncGenerator<Uint8Array> {
  // One buffer for all pieces, as a file reader has it: nothing may look back into a past piece.
  const reused = Buffer.alloc(Math.max(...sizes));
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes.at(turn % sizes.length) ?? 1;
    const copied = bytes.copy(reused, 0, at, at + size);
    yield reused.subarray(0, copied);
    reused.fill(10);
    at += copied;
  }
}

export const blocksOf = async (
  bytes: Buffer,
  sizes: readonly number[],
  options: BlockOptions,
): Promise<Block[]> => {
  const blocks: Block[] = [];
  for await (const block of readBlocks(inPieces(bytes, sizes), options)) blocks.push(block);
  return blocks;
};
