import { Buffer } from 'node:buffer';
import { readSync } from 'node:fs';
import type { Block } from './block.ts';
import { EVENT_LABEL, lastNewline, nextPadding, NEWLINE } from './blocks.ts';

/**
 * A part of an open file: the lines that begin in it, but for an event at its start, which belongs to the part
 * before with the line that it ends. So any thread can find its lines without knowing of the others.
 */
export interface Part {
  readonly fd: number;
  /** Offsets in bytes; `size` is the file's when it was opened. */
  readonly from: number;
  readonly to: number;
  readonly size: number;
  /** Bytes of the longest line kept whole. */
  readonly maxLine: number;
}

/** What is read beyond a part at first: its last line ends there, as does the one behind it. */
export const PART_BEHIND = 16_384;
const STEP = 65_536;

/**
 * The lines of a part as a block, in memory that `allocate` gives; null where only `readBlocks` can tell what they
 * are: where NUL bytes start a line, a line is over-long, or the file can't be read as far as its size says.
 */
export const readPart = (
  { fd, from, to, size, maxLine }: Part,
  allocate: (size: number) => Uint8Array,
): Block | null => {
  const first = Math.max(0, from - 1);
  const most = to - first + 2 * (maxLine + 1);
  let bytes: Buffer = Buffer.alloc(0);
  for (let length = to - first + PART_BEHIND; ; length *= 2) {
    const longer = bufferOf(allocate(Math.min(length, most, size - first)));
    bytes.copy(longer);
    if (!fill(fd, longer, bytes.length, first)) return null;
    bytes = longer;
    const isEnd = first + bytes.length === size;
    const start = from === 0 ? 0 : boundary(bytes, from - first, isEnd);
    const stop = to === size ? bytes.length : boundary(bytes, to - first, isEnd);
    if (start >= 0 && stop >= 0)
      return blockOf(bytes.subarray(start, stop), first + start, maxLine);
    if (isEnd || length >= most) return null;
  }
};

/** Where the first line begins behind `at`, which lies inside the file, and where those of the part from `at` on do. */
export const boundaryIn = (
  fd: number,
  at: number,
  size: number,
): { readonly line: number; readonly boundary: number } => {
  const line = readLine(fd, at - 1, size).end;
  const { end, isEvent } = readLine(fd, line, size);
  return { line, boundary: isEvent ? end : line };
};

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Reads on from what `bytes` has; false where the file has less, or can't be read. */
const fill = (fd: number, bytes: Buffer, have: number, first: number): boolean => {
  try {
    for (let at = have; at < bytes.length;) {
      const count = readSync(fd, bytes, at, bytes.length - at, first + at);
      if (count === 0) return false;
      at += count;
    }
    return true;
  } catch {
    return false;
  }
};

/** The same in memory, -1 where `bytes` do not reach far enough. */
const boundary = (bytes: Buffer, at: number, isEnd: boolean): number => {
  const tooShort = isEnd ? bytes.length : -1;
  const start = bytes.indexOf(NEWLINE, at - 1) + 1;
  if (start === 0 || start === bytes.length) return tooShort;
  const newline = bytes.indexOf(NEWLINE, start);
  if (newline < 0 && !isEnd) return -1;
  const end = newline < 0 ? bytes.length : newline + 1;
  return bytes.subarray(start, end).includes(EVENT_LABEL) ? end : start;
};

const blockOf = (bytes: Buffer, offset: number, maxLine: number): Block | null => {
  const { length } = bytes;
  if (bytes[0] === 0 || nextPadding(bytes, 0) < length) return null;
  for (let start = 0; length - start > maxLine;) {
    const newline = lastNewline(bytes, start, start + maxLine + 1);
    if (newline < 0) return null;
    start = newline + 1;
  }
  return { bytes, length, offset, cut: false, torn: false };
};

/** Where the line ends that holds the byte at `from`, however long it is, and whether an event stands in it from there on. */
const readLine = (
  fd: number,
  from: number,
  size: number,
): { readonly end: number; readonly isEvent: boolean } => {
  const bytes = Buffer.alloc(STEP);
  let isEvent = false;
  for (let at = from; at < size;) {
    const count = readSync(fd, bytes, 0, STEP, at);
    if (count === 0) break;
    const newline = bytes.subarray(0, count).indexOf(NEWLINE);
    const end = newline < 0 ? count : newline;
    if (bytes.subarray(0, end).includes(EVENT_LABEL)) isEvent = true;
    if (newline >= 0) return { end: Math.min(at + newline + 1, size), isEvent };
    // A label may lie across two steps.
    at += count > EVENT_LABEL.length ? count - EVENT_LABEL.length + 1 : count;
  }
  return { end: size, isEvent };
};
