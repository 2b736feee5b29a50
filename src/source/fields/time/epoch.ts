import { digitAt, digitRun } from './bytes.ts';
import type { Stamp } from './stamp.ts';

/** Seconds: 2001-09-09, when they got ten digits, and 2100-01-01. What lies outside is no time. */
const EARLIEST = 1e9;
const LATEST = 4_102_444_800;

/** Bytes that may follow an epoch: white space, `]`, `,`, `;`, `|`, `:`. */
const isBoundary = (byte: number): boolean =>
  byte === 0x20 ||
  byte === 0x09 ||
  byte === 0x5d ||
  byte === 0x2c ||
  byte === 0x3b ||
  byte === 0x7c ||
  byte === 0x3a;

/** Milliseconds of an epoch number in seconds, milli-, micro- or nanoseconds, by its size; NaN if it is none. */
export const epochMs = (value: number): number => {
  let ms = value * 1000;
  for (const unit of [1000, 1_000_000, 1_000_000_000]) {
    if (ms >= LATEST * 1000) ms = (value / unit) * 1000;
  }
  if (!(ms >= EARLIEST * 1000 && ms < LATEST * 1000)) return Number.NaN;
  // A float of seconds is short by up to half a microsecond of the millisecond that it was made of.
  return Math.floor(ms + 0.001);
};

/** Reads 10, 13, 16 or 19 digits, or 10 with a fraction; false where no plausible epoch begins. */
export const readEpoch = (bytes: Uint8Array, at: number, end: number, stamp: Stamp): boolean => {
  const run = digitRun(bytes, at, end, 20);
  if (run !== 10 && run !== 13 && run !== 16 && run !== 19) return false;
  let ms = 0;
  for (let i = 0; i < 13; i += 1) {
    ms = ms * 10 + (i < run ? digitAt(bytes, at + i, end) : 0);
  }
  let next = at + run;
  if (run === 10 && next < end && (bytes[next] === 0x2e || bytes[next] === 0x2c)) {
    const digits = digitRun(bytes, next + 1, end, 10);
    if (digits > 9) return false;
    for (let i = 0, unit = 100; i < 3 && i < digits; i += 1, unit /= 10) {
      ms += digitAt(bytes, next + 1 + i, end) * unit;
    }
    if (digits > 0) next += 1 + digits;
  }
  if (next < end && !isBoundary(bytes[next]!)) return false;
  if (ms < EARLIEST * 1000 || ms >= LATEST * 1000) return false;
  stamp.time = ms;
  stamp.flags = 0;
  stamp.next = next;
  stamp.yearless = false;
  return true;
};
