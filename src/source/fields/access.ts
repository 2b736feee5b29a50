import type { LineContext } from './fields.ts';
import { findStatus, statusAt } from './status.ts';
import { digitAt, isLetter } from './time/bytes.ts';
import { readDayFirst } from './time/named.ts';
import type { Stamp } from './time/stamp.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
/** The time of an access log stands behind a virtual host, an address and two names. */
const FARTHEST = 512;

/**
 * For each byte how far before it the bracket may stand that opens `[22/Sep/2023:10:00:00 ` or
 * `[2/Sep/2023:10:00:00]`. Of every four bytes in a row of either, one is here.
 */
const DISTANCES: (readonly number[] | undefined)[] = Array.from({ length: 256 });
DISTANCES[0x5b] = [0];
DISTANCES[SLASH] = [7, 6, 3, 2];
DISTANCES[0x3a] = [18, 17, 15, 14, 12, 11];
for (const separator of [SPACE, 0x5d, 0x2e, 0x2c]) DISTANCES[separator] = [21, 20];

/** Whether the word at `at` is made like an IP address, perhaps with a port or in brackets. */
const beginsWithAddress = (bytes: Uint8Array, at: number, end: number): boolean => {
  let separators = 0;
  let next = at;
  for (; next < end && next - at < 64 && bytes[next] !== SPACE; next += 1) {
    const byte = bytes[next]!;
    if (byte === 0x2e || byte === 0x3a) separators += 1;
    else if (isLetter(byte)) {
      if ((byte | 0x20) > 0x66) return false;
    } else if (digitAt(bytes, next, end) > 9 && byte !== 0x5b && byte !== 0x5d) return false;
  }
  return separators >= 2;
};

/** Reads the time in the bracket at `open`; false unless it is that of an access log from `from` on. */
const readAccessTime = (
  bytes: Uint8Array,
  from: number,
  open: number,
  end: number,
  context: LineContext,
  stamp: Stamp,
): boolean => {
  if (!readDayFirst(bytes, open + 1, end, context, stamp)) return false;
  const close = stamp.next;
  if (close >= end || bytes[close] !== 0x5d) return false;
  stamp.next = close + 1;
  return (
    (close + 2 < end && bytes[close + 1] === SPACE && bytes[close + 2] === QUOTE) ||
    beginsWithAddress(bytes, from, end)
  );
};

/**
 * Finds `[22/Sep/2023:10:00:00 +0000]` of an access log that begins at `from` (the common and
 * combined formats, with a virtual host before them, HAProxy) and reads it into `stamp`.
 */
export const findAccessTime = (
  bytes: Uint8Array,
  from: number,
  end: number,
  context: LineContext,
  stamp: Stamp,
): boolean => {
  const limit = Math.min(end, from + FARTHEST);
  // Tokens have none of these separators, and one byte in four meets one of a time.
  for (let at = from; at < limit; at += 4) {
    const distances = DISTANCES[bytes[at]!];
    if (distances === undefined) continue;
    for (let i = 0; i < distances.length; i += 1) {
      const open = at - distances[i]!;
      if (open < from || bytes[open] !== 0x5b) continue;
      if (!readAccessTime(bytes, from, open, end, context, stamp)) continue;
      // A request may hold anything: the time stands before the first quote.
      for (let before = from; before < open; before += 1) {
        if (bytes[before] === QUOTE) return false;
      }
      return true;
    }
  }
  return false;
};

/** HAProxy: `frontend backend/server 0/0/7/1457/1487 200`. */
const statusBehindTimers = (bytes: Uint8Array, at: number, end: number): number => {
  let next = at;
  for (let word = 0; word < 3; word += 1) {
    let slashes = 0;
    for (; next < end && bytes[next] !== SPACE; next += 1) if (bytes[next] === 0x2f) slashes += 1;
    if (slashes !== [0, 1, 4][word]) return 0;
    next += 1;
  }
  return statusAt(bytes, next, end);
};

/** The status of an access log whose time ends at `at`: the number behind the quoted request. */
export const accessStatus = (bytes: Uint8Array, at: number, end: number): number => {
  if (at + 1 >= end || bytes[at] !== SPACE) return 0;
  if (bytes[at + 1] !== QUOTE) {
    return statusBehindTimers(bytes, at + 1, end) || findStatus(bytes, at, end);
  }
  for (let next = at + 2; next < end; next += 1) {
    let byte = bytes[next]!;
    while (byte !== QUOTE && byte !== BACKSLASH && next + 1 < end) {
      next += 1;
      byte = bytes[next]!;
    }
    if (byte === BACKSLASH) next += 1;
    else if (byte === QUOTE && next + 1 < end && bytes[next + 1] === SPACE) {
      const status = statusAt(bytes, next + 2, end);
      if (status > 0) return status;
    }
  }
  return 0;
};
