import type { LineContext } from '../fields.ts';
import { byteAt, digitAt, digitRun, isLetter, isWordAt, pairAt, quadAt } from './bytes.ts';
import { dayMs } from './civil.ts';
import { newClock, readClock, readZone } from './clock.ts';
import { settle, settleYearless } from './stamp.ts';
import type { Stamp } from './stamp.ts';

const SPACE = 0x20;
const COMMA = 0x2c;

const clock = newClock();

const code3 = (name: string): number =>
  (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2);

const MONTHS = new Map<number, number>(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map(
    (name, index): [number, number] => [code3(name), index + 1],
  ),
);
const WEEKDAYS = new Set(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map(code3));

const codeAt = (bytes: Uint8Array, at: number, end: number): number =>
  at + 3 > end ? 0 : (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]! | 0x202020;

/** The month, 1 to 12, whose English three-letter name stands at `at`, or 0. */
const monthAt = (bytes: Uint8Array, at: number, end: number): number =>
  MONTHS.get(codeAt(bytes, at, end)) ?? 0;

/** Reads a day of one or two digits, right-aligned or not, into `day`; returns the offset behind it. */
const readDay = (bytes: Uint8Array, at: number, end: number, day: { n: number }): number => {
  const start = at < end && bytes[at] === SPACE ? at + 1 : at;
  const run = digitRun(bytes, start, end, 3);
  if (run !== 1 && run !== 2) return -1;
  day.n = run === 2 ? pairAt(bytes, start, end) : digitAt(bytes, start, end);
  return start + run;
};

const day = { n: 0 };

/** The offset behind one or two spaces at `at`, or -1. */
const skipSpaces = (bytes: Uint8Array, at: number, end: number): number => {
  if (at >= end || bytes[at] !== SPACE) return -1;
  return at + 1 < end && bytes[at + 1] === SPACE ? at + 2 : at + 1;
};

/** The year behind a space at `at`, or -1. */
const yearBehind = (bytes: Uint8Array, at: number, end: number): number =>
  at < end && bytes[at] === SPACE && !isWordAt(bytes, at + 5, end)
    ? quadAt(bytes, at + 1, end)
    : -1;

/** Reads the year that ctime puts behind the time, also with a zone between; -1 where there is none. */
const readTrailingYear = (bytes: Uint8Array, end: number): number => {
  let year = yearBehind(bytes, clock.next, end);
  if (year < 0 && clock.next + 1 < end && bytes[clock.next] === SPACE) {
    let word = clock.next + 1;
    while (word < end && word - clock.next < 8 && isWordAt(bytes, word, end)) word += 1;
    year = yearBehind(bytes, word, end);
    // A word where only a zone can stand, and not one that `readClock` knew.
    if (year >= 0) {
      clock.doubt = true;
      clock.next = word;
    }
  }
  if (year < 0) return -1;
  const behind = clock.next + 5;
  if (Number.isNaN(clock.offset) && !clock.doubt) readZone(bytes, behind, end, clock);
  else clock.next = behind;
  return year;
};

/**
 * Reads a stamp that begins with a month or a weekday: `Sep 22 10:00:00` (RFC 3164),
 * `Sep 22 2023 10:00:00`, `Fri Sep 22 10:00:00 UTC 2023`, `Fri, 22 Sep 2023 10:00:00 GMT`.
 */
export const readMonthFirst = (
  bytes: Uint8Array,
  at: number,
  end: number,
  context: LineContext,
  stamp: Stamp,
): boolean => {
  let next = at;
  let month = monthAt(bytes, next, end);
  const weekday = month === 0 && WEEKDAYS.has(codeAt(bytes, at, end));
  if (weekday) {
    next += byteAt(bytes, at + 3, end) === COMMA ? 4 : 3;
    next = skipSpaces(bytes, next, end);
    if (next < 0) return false;
    if (digitAt(bytes, next, end) <= 9) return readDayFirst(bytes, next, end, context, stamp);
    month = monthAt(bytes, next, end);
  }
  if (month === 0 || next + 3 >= end || bytes[next + 3] !== SPACE) return false;
  next = readDay(bytes, next + 4, end, day);
  if (next < 0) return false;
  const dayOfMonth = day.n;
  if (next < end && bytes[next] === COMMA) next += 1;
  next = skipSpaces(bytes, next, end);
  if (next < 0) return false;
  let year = -1;
  if (digitRun(bytes, next, end, 5) === 4) {
    year = quadAt(bytes, next, end);
    next += 4;
    if (next < end && bytes[next] === COMMA) next += 1;
    next = skipSpaces(bytes, next, end);
    if (next < 0) return false;
  }
  if (!readClock(bytes, next, end, clock)) return false;
  if (year < 0 && weekday) year = readTrailingYear(bytes, end);
  if (year < 0) settleYearless(stamp, month, dayOfMonth, clock, context);
  else settle(stamp, dayMs(year, month, dayOfMonth), clock, context);
  return true;
};

/** Reads `22/Sep/2023:10:00:00 +0000` (access logs), `22-Sep-2023 10:00:00.123`, `22 Sep 2023 10:00:00`. */
export const readDayFirst = (
  bytes: Uint8Array,
  at: number,
  end: number,
  context: LineContext,
  stamp: Stamp,
): boolean => {
  const run = digitRun(bytes, at, end, 3);
  if (run !== 1 && run !== 2) return false;
  const separatorAt = at + run;
  if (separatorAt + 9 > end) return false;
  const separator = bytes[separatorAt]!;
  if (separator !== 0x2f && separator !== 0x2d && separator !== SPACE) return false;
  if (!isLetter(bytes[separatorAt + 1]!) || bytes[separatorAt + 4] !== separator) return false;
  const month = monthAt(bytes, separatorAt + 1, end);
  const year = quadAt(bytes, separatorAt + 5, end);
  const joint = bytes[separatorAt + 9];
  if (month === 0 || year < 0 || (joint !== 0x3a && joint !== SPACE)) return false;
  const dayOfMonth = run === 2 ? pairAt(bytes, at, end) : digitAt(bytes, at, end);
  if (!readClock(bytes, separatorAt + 10, end, clock)) return false;
  settle(stamp, dayMs(year, month, dayOfMonth), clock, context);
  return true;
};

/** Reads `I0922 10:00:00.123456`, the stamp of Go's glog and klog, which has no year. */
export const readKlog = (
  bytes: Uint8Array,
  at: number,
  end: number,
  context: LineContext,
  stamp: Stamp,
): boolean => {
  const level = byteAt(bytes, at, end);
  if (level !== 0x49 && level !== 0x57 && level !== 0x45 && level !== 0x46) return false;
  if (digitRun(bytes, at + 1, end, 5) !== 4 || byteAt(bytes, at + 5, end) !== SPACE) return false;
  const month = pairAt(bytes, at + 1, end);
  const dayOfMonth = pairAt(bytes, at + 3, end);
  if (!readClock(bytes, at + 6, end, clock)) return false;
  settleYearless(stamp, month, dayOfMonth, clock, context);
  return true;
};
