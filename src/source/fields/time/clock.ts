import { abbreviationOffset, codeStep, takesOffset } from './abbreviation.ts';
import { byteAt, digitAt, digitRun, isLetter, isWordAt, pairAt } from './bytes.ts';

/** A time of day as a stamp spells it; filled in place. */
export interface Clock {
  /** Milliseconds of the day, NaN for a time that no day has. */
  ms: number;
  /** Milliseconds east of UTC, NaN where the stamp has no zone, or `AMBIGUOUS`. */
  offset: number;
  /** The stamp names a zone that cannot be told. */
  doubt: boolean;
  /** Offset of the first byte behind it. */
  next: number;
}

export const newClock = (): Clock => ({
  ms: Number.NaN,
  offset: Number.NaN,
  doubt: false,
  next: 0,
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SPACE = 0x20;
const COLON = 0x3a;

/** Writes hour, minute, second and milliseconds; a leap second becomes the last millisecond before it. */
export const setClock = (clock: Clock, h: number, m: number, s: number, ms: number): void => {
  clock.doubt = false;
  clock.offset = Number.NaN;
  if (h > 23 || m > 59 || s > 60) clock.ms = Number.NaN;
  else clock.ms = h * HOUR + m * MINUTE + (s === 60 ? 59_999 : s * 1000 + ms);
};

/** Reads `.123456` or `,123` into `fraction.ms`, returns the offset behind it; finer digits are cut off. */
const readFraction = (
  bytes: Uint8Array,
  at: number,
  end: number,
  fraction: { ms: number },
): number => {
  fraction.ms = 0;
  if (at >= end || (bytes[at] !== 0x2e && bytes[at] !== 0x2c)) return at;
  let digit = digitAt(bytes, at + 1, end);
  if (digit > 9) return at;
  let next = at + 1;
  for (let unit = 100; digit <= 9; unit = unit > 1 ? unit / 10 : 0) {
    fraction.ms += digit * unit;
    next += 1;
    digit = digitAt(bytes, next, end);
  }
  return next;
};

/** Reads `+hh`, `+hhmm` or `+hh:mm` at the sign; returns the offset behind it, -1 if it is none of these. */
const readSigned = (bytes: Uint8Array, at: number, end: number, clock: Clock): number => {
  const run = digitRun(bytes, at + 1, end, 5);
  if (run !== 1 && run !== 2 && run !== 4) return -1;
  const hours = run === 1 ? digitAt(bytes, at + 1, end) : pairAt(bytes, at + 1, end);
  let minutes = run === 4 ? pairAt(bytes, at + 3, end) : 0;
  let next = at + 1 + run;
  if (run === 2 && byteAt(bytes, next, end) === COLON && pairAt(bytes, next + 1, end) >= 0) {
    minutes = pairAt(bytes, next + 1, end);
    next += 3;
  }
  if (hours > 23 || minutes > 59 || isWordAt(bytes, next, end)) return -1;
  clock.offset = (bytes[at] === 0x2d ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
  return next;
};

const doubtful = (clock: Clock): void => {
  clock.doubt = true;
};

/** Reads a zone abbreviation; a word that is none is in doubt only where `glued` to the digits. */
const readName = (
  bytes: Uint8Array,
  at: number,
  end: number,
  clock: Clock,
  glued: boolean,
): void => {
  let next = at;
  let code = 0;
  while (next < end && next - at < 6 && isLetter(bytes[next]!)) {
    if (!glued && (bytes[next]! & 0x20) !== 0) return;
    code = codeStep(code, bytes[next]!);
    next += 1;
  }
  const offset = abbreviationOffset(code);
  if (offset === undefined) {
    if (glued) doubtful(clock);
    return;
  }
  // `EST5XYZ` begins with a zone and is none.
  if (isWordAt(bytes, next, end)) {
    if (glued || digitAt(bytes, next, end) <= 9) doubtful(clock);
    return;
  }
  clock.offset = offset;
  clock.next = next;
  const sign = next < end ? bytes[next]! : 0;
  if ((sign === 0x2b || sign === 0x2d) && digitAt(bytes, next + 1, end) <= 9) {
    const behind = takesOffset(code) ? readSigned(bytes, next, end, clock) : -1;
    if (behind < 0) doubtful(clock);
    else clock.next = behind;
  }
};

/** Applies `AM` or `PM` at `at`; false where there is neither. */
const readHalf = (bytes: Uint8Array, at: number, end: number, clock: Clock): boolean => {
  if (at + 2 > end || (bytes[at + 1]! | 0x20) !== 0x6d || isWordAt(bytes, at + 2, end))
    return false;
  const half = bytes[at]! | 0x20;
  if (half !== 0x61 && half !== 0x70) return false;
  const hour = Math.floor(clock.ms / HOUR);
  if (hour < 1 || hour > 12) clock.ms = Number.NaN;
  else clock.ms += ((half === 0x70 ? 12 : 0) - (hour === 12 ? 12 : 0)) * HOUR;
  clock.next = at + 2;
  return true;
};

/** `[Europe/Paris]` glued to the digits: a zone by name, not a log level. */
const namesRegion = (bytes: Uint8Array, at: number, end: number): boolean => {
  for (let i = at + 1; i < end && i < at + 32; i += 1) {
    if (bytes[i] === 0x2f) return true;
    if (!isWordAt(bytes, i, end)) return false;
  }
  return false;
};

/** Reads what may follow the digits of a time: a zone, an offset, `AM` or `PM`. */
export const readZone = (bytes: Uint8Array, at: number, end: number, clock: Clock): void => {
  clock.next = at;
  if (at >= end) return;
  const byte = bytes[at]!;
  if (byte === SPACE) {
    if (at + 2 >= end) return;
    const first = bytes[at + 1]!;
    if (first === 0x2b || first === 0x2d) {
      // Behind a space only a whole, plausible offset counts: ` -12 items` is text.
      const run = digitRun(bytes, at + 2, end, 5);
      if (run !== 4 && !(run === 2 && byteAt(bytes, at + 4, end) === COLON)) return;
      const behind = readSigned(bytes, at + 1, end, clock);
      if (behind < 0 || Math.abs(clock.offset) > 14 * HOUR || clock.offset % (15 * MINUTE) !== 0) {
        clock.offset = Number.NaN;
      } else clock.next = behind;
    } else if (isLetter(first)) {
      if (!readHalf(bytes, at + 1, end, clock)) readName(bytes, at + 1, end, clock, false);
      else if (
        clock.next + 1 < end &&
        bytes[clock.next] === SPACE &&
        isLetter(bytes[clock.next + 1]!)
      ) {
        readName(bytes, clock.next + 1, end, clock, false);
      }
    }
  } else if (byte === 0x2b || byte === 0x2d) {
    if (digitAt(bytes, at + 1, end) > 9) return;
    const behind = digitRun(bytes, at + 1, end, 2) < 2 ? -1 : readSigned(bytes, at, end, clock);
    if (behind < 0) doubtful(clock);
    else clock.next = behind;
  } else if (isLetter(byte)) {
    if (!readHalf(bytes, at, end, clock)) readName(bytes, at, end, clock, true);
  } else if (byte === 0x5b && namesRegion(bytes, at, end)) doubtful(clock);
};

const fraction = { ms: 0 };

/**
 * Reads what follows whole seconds into a clock that holds them: fraction and zone. A leap second is
 * already its last millisecond.
 */
export const readTail = (bytes: Uint8Array, at: number, end: number, clock: Clock): void => {
  const next = readFraction(bytes, at, end, fraction);
  if (clock.ms % 1000 === 0) clock.ms += fraction.ms;
  readZone(bytes, next, end, clock);
};

/** Reads `h:mm`, `hh:mm:ss` and so on with fraction and zone; false where no time of day begins. */
export const readClock = (bytes: Uint8Array, at: number, end: number, clock: Clock): boolean => {
  let hour = pairAt(bytes, at, end);
  let next = at + 2;
  if (hour < 0) {
    hour = digitAt(bytes, at, end);
    if (hour > 9) return false;
    next = at + 1;
  }
  if (next >= end || bytes[next] !== COLON) return false;
  const minute = pairAt(bytes, next + 1, end);
  if (minute < 0) return false;
  next += 3;
  let second = 0;
  fraction.ms = 0;
  if (next < end && bytes[next] === COLON && pairAt(bytes, next + 1, end) >= 0) {
    second = pairAt(bytes, next + 1, end);
    next = readFraction(bytes, next + 3, end, fraction);
  }
  // Another digit means that this was no time of day after all.
  if (digitAt(bytes, next, end) <= 9) return false;
  setClock(clock, hour, minute, second, fraction.ms);
  readZone(bytes, next, end, clock);
  return true;
};

/** Reads `hhmmss` with fraction and zone. */
export const readCompactClock = (
  bytes: Uint8Array,
  at: number,
  end: number,
  clock: Clock,
): boolean => {
  if (digitRun(bytes, at, end, 7) !== 6) return false;
  const next = readFraction(bytes, at + 6, end, fraction);
  setClock(
    clock,
    pairAt(bytes, at, end),
    pairAt(bytes, at + 2, end),
    pairAt(bytes, at + 4, end),
    fraction.ms,
  );
  readZone(bytes, next, end, clock);
  return true;
};
