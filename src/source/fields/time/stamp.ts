import { TimeFlag } from '../fields.ts';
import type { LineContext } from '../fields.ts';
import { isUtc, zoneOffset } from '../zone.ts';
import { AMBIGUOUS } from './abbreviation.ts';
import { dayMs } from './civil.ts';
import type { Clock } from './clock.ts';

/** A time found in a line; filled in place. */
export interface Stamp {
  /** Milliseconds since the epoch, NaN where the stamp names no moment. */
  time: number;
  /** Bits of `TimeFlag`. */
  flags: number;
  /** Offset of the first byte behind the stamp. */
  next: number;
  /** The year was guessed. */
  yearless: boolean;
}

export const newStamp = (): Stamp => ({ time: Number.NaN, flags: 0, next: 0, yearless: false });

const DAY = 86_400_000;
/** The widest distance of any zone from UTC. */
const WIDEST_OFFSET = 14 * 3_600_000;

const reject = (stamp: Stamp): void => {
  stamp.time = Number.NaN;
  stamp.flags = TimeFlag.bad;
};

/** Writes the moment of a day (UTC milliseconds, NaN if impossible) and a clock time into `stamp`. */
export const settle = (stamp: Stamp, day: number, clock: Clock, context: LineContext): void => {
  stamp.next = clock.next;
  stamp.yearless = false;
  stamp.flags = 0;
  const local = day + clock.ms;
  if (Number.isNaN(local) || clock.doubt) {
    reject(stamp);
    return;
  }
  const offset = clock.offset;
  if (offset === AMBIGUOUS) {
    // `CST` is Chicago, Shanghai or Havana: only a zone that the user named can tell.
    if (isUtc(context.zone)) {
      reject(stamp);
      return;
    }
  } else if (!Number.isNaN(offset)) {
    stamp.time = local - offset;
    return;
  }
  if (context.zone === 'UTC') {
    stamp.time = local;
    return;
  }
  const zone = zoneOffset(context.zone, local);
  stamp.time = local - zone.offsetMs;
  stamp.flags = zone.flag;
};

let yearOf = Number.NaN;
let latestYear = 0;

/** As `settle` for a stamp without a year: the latest one not over a day after the reference. */
export const settleYearless = (
  stamp: Stamp,
  month: number,
  day: number,
  clock: Clock,
  context: LineContext,
): void => {
  if (context.year !== null) {
    settle(stamp, dayMs(context.year, month, day), clock, context);
    stamp.yearless = true;
    return;
  }
  const limit = context.reference + DAY;
  if (yearOf !== limit) {
    yearOf = limit;
    latestYear = new Date(limit + WIDEST_OFFSET).getUTCFullYear();
  }
  // 29 February is at most eight years away (1896 to 1904).
  for (let year = latestYear; year >= latestYear - 9; year -= 1) {
    const start = dayMs(year, month, day);
    if (Number.isNaN(start)) continue;
    settle(stamp, start, clock, context);
    stamp.yearless = true;
    if (Number.isNaN(stamp.time) || stamp.time <= limit) return;
  }
  stamp.next = clock.next;
  stamp.yearless = true;
  reject(stamp);
};
