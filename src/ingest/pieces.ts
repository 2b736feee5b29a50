import type { Block } from '../source/block.ts';
import { readBlocks } from '../source/blocks.ts';
import { IncompleteInput } from '../source/input.ts';
import { layoutOf, markAt, MARK_SIZE, packedText, plainText } from './content.ts';
import type { Disk, DiskFile } from './disk.ts';
import type { Sight } from './match.ts';
import type { Mark } from './state.ts';

/** Thrown where a file is not what it was when it was looked at: nothing of it may be stored. */
export class Changed extends Error {}

/** A block, and what proves that everything up to its end is of this file. */
export interface Piece {
  readonly block: Block;
  /** Position in the text where the next piece starts. */
  readonly end: number;
  readonly marks: readonly Mark[];
}

export interface PieceOptions {
  readonly disk: Disk;
  readonly blockSize: number;
  readonly maxLine: number;
  readonly allocate: (size: number) => Uint8Array;
  /** Takes bytes as they are read. */
  readonly onProgress: ((bytes: number) => void) | null;
}

const NEWLINE = 0x0a;

/**
 * The text of a file from `from` on as blocks of whole lines. A last line without line break comes
 * only where the file is `finished`. Throws Changed where the name now belongs to another file.
 */
export const openPieces = async (
  sight: Sight,
  from: number,
  finished: boolean,
  options: PieceOptions,
): Promise<{
  readonly mtime: number;
  readonly pieces: AsyncGenerator<Piece, boolean, undefined>;
}> => {
  const file = await options.disk.open(sight.path).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT'
      ? new Changed()
      : error;
  });
  try {
    const { dev, ino, size, mtimeMs } = await file.identity();
    const isSame = dev === sight.file.dev && ino === sight.file.ino && size >= sight.file.size;
    if (!isSame) throw new Changed();
    return { mtime: mtimeMs, pieces: piecesOf(file, sight, from, finished, options) };
  } catch (error) {
    await file.close();
    throw error;
  }
};

/** Returns whether a last line was held back. */
async function* piecesOf(
  file: DiskFile,
  sight: Sight,
  from: number,
  finished: boolean,
  options: PieceOptions,
): AsyncGenerator<Piece, boolean, undefined> {
  try {
    const layout = await layoutOf(file);
    const plain = typeof layout === 'object' ? layout : null;
    if ((plain === null) !== sight.sealed) throw new Changed();
    const marksAt = (at: number): Promise<readonly Mark[]> =>
      plain === null ? Promise.resolve(sealOf(sight)) : marksOf(file, plain.bom, at);
    const text =
      plain === null
        ? upTo(packedText(file, sight.path, from), sight.length - from)
        : plainText(file, plain.bom, from, sight.length);
    const seen = { at: from, afterNewline: from };
    const chunks = watched(text, seen, options.onProgress);
    let last: Block | null = null;
    for await (const block of readBlocks(chunks, { ...options, offset: from })) {
      if (last !== null) {
        const end = block.offset;
        yield { block: last, end, marks: await marksAt(end) };
      }
      last = block;
    }
    if (seen.at < sight.length) throw new Changed();
    if (last === null) return false;
    const isWhole = last.cut
      ? seen.afterNewline >= last.offset + last.length
      : last.bytes[last.length - 1] === NEWLINE;
    if (isWhole || finished) {
      const end = isWhole ? seen.afterNewline : seen.at;
      yield { block: last, end, marks: await marksAt(end) };
      return false;
    }
    const length = last.bytes.subarray(0, last.length).lastIndexOf(NEWLINE) + 1;
    if (length > 0) {
      const end = last.offset + length;
      yield { block: { ...last, length, cut: false, torn: false }, end, marks: await marksAt(end) };
    }
    return true;
  } finally {
    await file.close();
  }
}

/** Head and tail, as far as `at`. Throws Changed where the file became shorter. */
const marksOf = async (file: DiskFile, bom: number, at: number): Promise<readonly Mark[]> => {
  const positions = at > MARK_SIZE ? [MARK_SIZE, at] : [at];
  const marks: Mark[] = [];
  for (const position of positions) {
    const hash = await markAt(file, bom, position);
    if (hash === null) throw new Changed();
    marks.push({ at: position, hash });
  }
  return marks;
};

/** A compressed file never grows: its marks are those of all of it. */
const sealOf = ({ length, hashes }: Sight): readonly Mark[] =>
  [...new Set([Math.min(MARK_SIZE, length), length])].map((at) => ({ at, hash: hashes.get(at)! }));

/** The first `length` bytes; what is recovered of a damaged file ends without an error there. */
async function* upTo(
  text: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = length;
  try {
    for await (const chunk of text) {
      const some = chunk.subarray(0, left);
      left -= some.length;
      if (some.length > 0) yield some;
    }
  } catch (error) {
    if (!(error instanceof IncompleteInput)) throw error;
  }
}

async function* watched(
  text: AsyncIterable<Uint8Array>,
  seen: { at: number; afterNewline: number },
  onProgress: ((bytes: number) => void) | null,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of text) {
    const newline = chunk.lastIndexOf(NEWLINE);
    if (newline >= 0) seen.afterNewline = seen.at + newline + 1;
    seen.at += chunk.length;
    onProgress?.(chunk.length);
    yield chunk;
  }
}
