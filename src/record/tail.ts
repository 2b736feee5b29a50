import { readSync } from 'node:fs';

const LF = 0x0a;
const STEP = 65_536;

/** Up to `length` bytes of the file from `from`. */
export const readAt = (fd: number, from: number, length: number): Buffer => {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(fd, bytes, filled, length - filled, from + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
};

/** The file ends in the middle of a line: a writer was killed, or the disk was full. */
export const isTorn = (fd: number, size: number): boolean =>
  size > 0 && readAt(fd, size - 1, 1)[0] !== LF;

/** The first line without its line break, as much as `limit` bytes of it. */
export const firstLine = (fd: number, limit: number): Buffer => {
  const start = readAt(fd, 0, limit);
  const end = start.indexOf(LF);
  return end < 0 ? start : start.subarray(0, end);
};

/** The lines of the file from its end backwards, each at most `limit` bytes, without line breaks. */
export function* linesBackwards(fd: number, size: number, limit: number): Generator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let at = isTorn(fd, size) ? size : size - 1;
  while (at > 0) {
    const from = Math.max(0, at - STEP);
    rest = Buffer.concat([readAt(fd, from, at - from), rest]);
    at = from;
    for (let end = rest.lastIndexOf(LF); end >= 0; end = rest.lastIndexOf(LF)) {
      yield rest.subarray(end + 1);
      rest = rest.subarray(0, end);
    }
    if (rest.length > limit) return;
  }
  if (size > 0) yield rest;
}
