import type { LineContext } from '../fields.ts';
import { digitAt, digitRun, pairAt, quadAt } from './bytes.ts';
import { dayMs, ordinalDayMs } from './civil.ts';
import { newClock, readClock, readCompactClock, readTail, setClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { settle } from './stamp.ts';
import type { Stamp } from './stamp.ts';

const DASH = 0x2d;
const SLASH = 0x2f;
/** `2023-09-22T9:00` and `20230922T100000`. */
const SHORTEST = 15;

/** `2023-09-22 10:00:00`. */
const COMMON = 19;

const clock = newClock();
let commonDay = 0;

/** A value that has bits above the lowest four unless `byte` is a decimal digit. */
const nonDigit = (byte: number): number => (byte - 48) | (byte - 42);

/**
 * Reads `2023-09-22 10:00:00`, which nearly every line of an application begins with: all digits are
 * tested at once. False leaves it to the general way, which tells the same of it.
 */
const readCommon = (bytes: Uint8Array, at: number, out: Clock): boolean => {
  const joint = bytes[at + 10]!;
  if (
    bytes[at + 4] !== DASH ||
    bytes[at + 7] !== DASH ||
    bytes[at + 13] !== 0x3a ||
    bytes[at + 16] !== 0x3a ||
    (joint !== 0x20 && joint !== 0x54)
  ) {
    return false;
  }
  const y1 = bytes[at]!;
  const y2 = bytes[at + 1]!;
  const y3 = bytes[at + 2]!;
  const y4 = bytes[at + 3]!;
  const o1 = bytes[at + 5]!;
  const o2 = bytes[at + 6]!;
  const d1 = bytes[at + 8]!;
  const d2 = bytes[at + 9]!;
  const h1 = bytes[at + 11]!;
  const h2 = bytes[at + 12]!;
  const m1 = bytes[at + 14]!;
  const m2 = bytes[at + 15]!;
  const s1 = bytes[at + 17]!;
  const s2 = bytes[at + 18]!;
  const date =
    nonDigit(y1) | nonDigit(y2) | nonDigit(y3) | nonDigit(y4) | nonDigit(o1) | nonDigit(o2);
  const time = nonDigit(h1) | nonDigit(h2) | nonDigit(m1) | nonDigit(m2) | nonDigit(s1);
  if (((date | time | nonDigit(d1) | nonDigit(d2) | nonDigit(s2)) & ~15) !== 0) return false;
  // 48 in every digit adds up to a constant.
  commonDay = dayMs(
    y1 * 1000 + y2 * 100 + y3 * 10 + y4 - 53_328,
    o1 * 10 + o2 - 528,
    d1 * 10 + d2 - 528,
  );
  setClock(out, h1 * 10 + h2 - 528, m1 * 10 + m2 - 528, s1 * 10 + s2 - 528, 0);
  return true;
};

/** `T`, `t`, a space or `_` between date and time. */
const isJoint = (byte: number): boolean =>
  byte === 0x20 || byte === 0x54 || byte === 0x74 || byte === 0x5f;

/**
 * Reads an ISO 8601 or RFC 3339 date and time, extended, basic (`20230922T100000Z`) or by day of the
 * year (`2023-265T10:00:00`), also with slashes. False where none begins at `at`; a date alone is none.
 */
export const readIso = (
  bytes: Uint8Array,
  at: number,
  end: number,
  context: LineContext,
  stamp: Stamp,
): boolean => {
  if (at + SHORTEST > end) return false;
  if (at + COMMON <= end && digitAt(bytes, at + COMMON, end) > 9 && readCommon(bytes, at, clock)) {
    readTail(bytes, at + COMMON, end, clock);
    settle(stamp, commonDay, clock, context);
    return true;
  }
  const year = quadAt(bytes, at, end);
  if (year < 0) return false;
  const separator = bytes[at + 4]!;
  if (separator !== DASH && separator !== SLASH) {
    return readBasic(bytes, at, end, year, context, stamp);
  }
  const month = pairAt(bytes, at + 5, end);
  if (month < 0) return false;
  if (bytes[at + 7] === separator) {
    const day = pairAt(bytes, at + 8, end);
    if (day < 0 || !isJoint(bytes[at + 10]!)) return false;
    if (!readClock(bytes, at + 11, end, clock)) return false;
    settle(stamp, dayMs(year, month, day), clock, context);
    return true;
  }
  const ones = digitAt(bytes, at + 7, end);
  if (separator !== DASH || ones > 9 || !isJoint(bytes[at + 8]!)) return false;
  if (!readClock(bytes, at + 9, end, clock)) return false;
  settle(stamp, ordinalDayMs(year, month * 10 + ones), clock, context);
  return true;
};

const readBasic = (
  bytes: Uint8Array,
  at: number,
  end: number,
  year: number,
  context: LineContext,
  stamp: Stamp,
): boolean => {
  if (digitRun(bytes, at, end, 9) !== 8) return false;
  const joint = bytes[at + 8]!;
  if (!isJoint(joint) && joint !== 0x2e && joint !== DASH) return false;
  if (!readCompactClock(bytes, at + 9, end, clock) && !readClock(bytes, at + 9, end, clock)) {
    return false;
  }
  settle(
    stamp,
    dayMs(year, pairAt(bytes, at + 4, end), pairAt(bytes, at + 6, end)),
    clock,
    context,
  );
  return true;
};
