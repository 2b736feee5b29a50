import type { LineContext } from '../fields.ts';
import { words } from '../text.ts';
import { codeStep, wordCode } from './abbreviation.ts';
import { byteAt, digitAt, isLetter } from './bytes.ts';
import { readEpoch } from './epoch.ts';
import { readIso } from './iso.ts';
import { readDayFirst, readKlog, readMonthFirst } from './named.ts';
import type { Stamp } from './stamp.ts';

const LEVELS = new Set(
  words(
    'trace debug info notice warn warning err error crit critical',
    'alert emerg fatal severe panic verbose fine config',
  ).map(wordCode),
);

/** Reads a stamp that carries its own date in full: ISO 8601 or day, month name, year. */
export const readDated = (
  bytes: Uint8Array,
  at: number,
  end: number,
  context: LineContext,
  stamp: Stamp,
): boolean =>
  digitAt(bytes, at, end) <= 9 &&
  (readIso(bytes, at, end, context, stamp) || readDayFirst(bytes, at, end, context, stamp));

/** Reads any stamp that begins at `at`; false where none does. `stamp` is only written on true. */
export const readStamp = (
  bytes: Uint8Array,
  at: number,
  end: number,
  context: LineContext,
  stamp: Stamp,
): boolean => {
  if (at >= end) return false;
  if (digitAt(bytes, at, end) <= 9) {
    return readDated(bytes, at, end, context, stamp) || readEpoch(bytes, at, end, stamp);
  }
  return (
    isLetter(bytes[at]!) &&
    (readMonthFirst(bytes, at, end, context, stamp) || readKlog(bytes, at, end, context, stamp))
  );
};

/**
 * The offset behind a log level that stands before the stamp or the text: `INFO `, `[warn] `,
 * `ERROR: `, `INFO - `, Ruby's `I, [`; `at` itself where there is none.
 */
export const skipLevel = (bytes: Uint8Array, at: number, end: number): number => {
  const bracketed = at < end && bytes[at] === 0x5b;
  let next = bracketed ? at + 1 : at;
  let code = 0;
  const first = next;
  while (next < end && next - first < 9 && isLetter(bytes[next]!)) {
    code = codeStep(code, bytes[next]!);
    next += 1;
  }
  if (next === first) return at;
  if (
    next === first + 1 &&
    byteAt(bytes, next, end) === 0x2c &&
    byteAt(bytes, next + 1, end) === 0x20
  ) {
    return byteAt(bytes, next + 2, end) === 0x5b ? next + 3 : at;
  }
  if (!LEVELS.has(code)) return at;
  if (bracketed) {
    if (next >= end || bytes[next] !== 0x5d) return at;
    next += 1;
  }
  if (next < end && bytes[next] === 0x3a) next += 1;
  const behind = next;
  while (next < end && next - behind < 8 && (bytes[next] === 0x20 || bytes[next] === 0x09))
    next += 1;
  if (
    next + 1 < end &&
    (bytes[next] === 0x2d || bytes[next] === 0x7c) &&
    bytes[next + 1] === 0x20
  ) {
    next += 2;
  }
  if (next === behind && byteAt(bytes, next, end) !== 0x5b) return at;
  return next < end && bytes[next] === 0x5b ? next + 1 : next;
};
