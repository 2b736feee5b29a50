import { ascii, isDotOrDashAt, isWordAt, startsWith } from './time/bytes.ts';

/** One `key=value` of a line; filled in place. */
export interface Pair {
  keyStart: number;
  keyEnd: number;
  /** The value without its quotes. */
  valueStart: number;
  valueEnd: number;
  quoted: boolean;
  /** Where the next one may begin. */
  next: number;
}

export const newPair = (): Pair => ({
  keyStart: 0,
  keyEnd: 0,
  valueStart: 0,
  valueEnd: 0,
  quoted: false,
  next: 0,
});

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09;

/** The offset of the quote that closes the one at `at`, or `end`. */
const closingQuote = (bytes: Uint8Array, at: number, end: number): number => {
  let next = at + 1;
  while (next < end && bytes[next] !== 0x22) next += bytes[next] === 0x5c ? 2 : 1;
  return Math.min(next, end);
};

/** Reads the next `key=value` from `pair.next` on, skipping other words and quoted text; false at the end. */
export const nextPair = (bytes: Uint8Array, end: number, pair: Pair): boolean => {
  let at = pair.next;
  while (at < end) {
    while (at < end && isSpace(bytes[at]!)) at += 1;
    if (at < end && bytes[at] === 0x22) {
      at = closingQuote(bytes, at, end) + 1;
      continue;
    }
    const start = at;
    while (at < end && !isSpace(bytes[at]!) && bytes[at] !== 0x3d && bytes[at] !== 0x22) at += 1;
    if (at >= end || bytes[at] !== 0x3d || at === start) {
      if (at < end && bytes[at] === 0x3d) at += 1;
      continue;
    }
    pair.keyStart = start;
    pair.keyEnd = at;
    pair.quoted = at + 1 < end && bytes[at + 1] === 0x22;
    if (pair.quoted) {
      pair.valueStart = at + 2;
      pair.valueEnd = closingQuote(bytes, at + 1, end);
      pair.next = pair.valueEnd + 1;
    } else {
      pair.valueStart = at + 1;
      at += 1;
      while (at < end && !isSpace(bytes[at]!)) at += 1;
      pair.valueEnd = at;
      pair.next = at;
    }
    return true;
  }
  return false;
};

/** Whether the line begins like logfmt: a bare word, then `=`. */
export const beginsWithPair = (bytes: Uint8Array, at: number, end: number): boolean => {
  let next = at;
  if (next < end && bytes[next] === 0x40) next += 1;
  const first = next;
  while (next - first < 64 && (isWordAt(bytes, next, end) || isDotOrDashAt(bytes, next, end)))
    next += 1;
  return next > first && next < end && bytes[next] === 0x3d;
};

const TIME_KEYS: readonly Uint8Array[] = [
  'time',
  'ts',
  'timestamp',
  't',
  '@timestamp',
  'datetime',
].map(ascii);

/** Whether the pair's key is one under which logfmt keeps the time. */
export const isTimeKey = (bytes: Uint8Array, pair: Pair): boolean => {
  const length = pair.keyEnd - pair.keyStart;
  for (const key of TIME_KEYS) {
    if (key.length === length && startsWith(bytes, pair.keyStart, pair.keyEnd, key)) return true;
  }
  return false;
};
