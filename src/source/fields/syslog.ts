import type { LineContext } from './fields.ts';
import {
  ascii,
  isDotOrDashAt,
  byteAt,
  digitAt,
  digitRun,
  isWordAt,
  startsWith,
} from './time/bytes.ts';
import { readIso } from './time/iso.ts';
import type { Stamp } from './time/stamp.ts';

const SPACE = 0x20;
const COLON = 0x3a;
const DASH = 0x2d;
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
const STDOUT = ascii(' stdout ');
const STDERR = ascii(' stderr ');

/** The offset behind `<PRI>` (RFC 5424 section 6.2.1) at `at`, or `at`. */
export const afterPriority = (bytes: Uint8Array, at: number, end: number): number => {
  const run = digitRun(bytes, at + 1, end, 4);
  return run >= 1 && run <= 3 && bytes[at + 1 + run] === 0x3e && at + 1 + run < end
    ? at + run + 2
    : at;
};

const wordEnd = (bytes: Uint8Array, at: number, end: number): number => {
  let next = at;
  while (next < end && bytes[next] !== SPACE) next += 1;
  return next;
};

/** The offset behind structured data (RFC 5424 section 6.3): `-` or `[id name="value"]…`. */
const afterStructuredData = (bytes: Uint8Array, at: number, end: number): number => {
  if (at >= end || bytes[at] !== 0x5b) return wordEnd(bytes, at, end);
  let quoted = false;
  for (let next = at; next < end; next += 1) {
    const byte = bytes[next]!;
    if (quoted && byte === 0x5c) next += 1;
    else if (byte === 0x22) quoted = !quoted;
    else if (byte === 0x5d && !quoted && byteAt(bytes, next + 1, end) !== 0x5b) return next + 1;
  }
  return end;
};

/**
 * Reads an RFC 5424 header at `at`, behind the priority: the time into `stamp`, NaN without flags for
 * the nil value. Returns the offset of the message, or -1 where there is no such header.
 */
export const after5424 = (
  bytes: Uint8Array,
  at: number,
  end: number,
  context: LineContext,
  stamp: Stamp,
): number => {
  const version = digitRun(bytes, at, end, 3);
  if (version < 1 || version > 2 || byteAt(bytes, at + version, end) !== SPACE) return -1;
  let next = at + version + 1;
  if (byteAt(bytes, next, end) === DASH && byteAt(bytes, next + 1, end) === SPACE) {
    stamp.time = Number.NaN;
    stamp.flags = 0;
    stamp.next = next + 1;
  } else if (!readIso(bytes, next, end, context, stamp)) return -1;
  next = wordEnd(bytes, stamp.next, end);
  for (let word = 0; word < 4; word += 1) next = wordEnd(bytes, next + 1, end);
  next = afterStructuredData(bytes, next + 1, end) + 1;
  if (startsWith(bytes, next, end, BYTE_ORDER_MARK)) next += BYTE_ORDER_MARK.length;
  return Math.min(next, end);
};

/** The offset of the message behind ` host tag[pid]: ` (RFC 3164 section 4.1); the tag may be missing. */
export const afterSyslogHeader = (bytes: Uint8Array, at: number, end: number): number => {
  let next = at;
  while (next < end && bytes[next] === SPACE) next += 1;
  const hostEnd = wordEnd(bytes, next, end);
  if (hostEnd > next && bytes[hostEnd - 1] === COLON) return Math.min(hostEnd + 1, end);
  const tagEnd = wordEnd(bytes, hostEnd + 1, end);
  const tagged = tagEnd > hostEnd + 1 && bytes[tagEnd - 1] === COLON;
  return Math.min((tagged ? tagEnd : hostEnd) + 1, end);
};

/** The offset of the line inside of a CRI line (`… stdout F line`) whose time ends at `at`, or -1. */
export const afterCri = (bytes: Uint8Array, at: number, end: number): number => {
  if (at + 10 > end || bytes[at + 1] !== 0x73) return -1;
  if (!startsWith(bytes, at, end, STDOUT) && !startsWith(bytes, at, end, STDERR)) return -1;
  const tag = bytes[at + 8];
  if ((tag !== 0x46 && tag !== 0x50) || bytes[at + 9] !== SPACE) return -1;
  return at + 10;
};

/** The offset behind the service name that Docker Compose writes before a line (`web-1  | `), or -1. */
export const afterName = (bytes: Uint8Array, at: number, end: number): number => {
  let next = at;
  while (next - at < 64 && (isWordAt(bytes, next, end) || isDotOrDashAt(bytes, next, end)))
    next += 1;
  if (next === at || digitAt(bytes, at, end) <= 9 || byteAt(bytes, next, end) !== SPACE) return -1;
  const nameEnd = next;
  while (next < end && bytes[next] === SPACE && next - nameEnd < 64) next += 1;
  return next + 1 < end && bytes[next] === 0x7c && bytes[next + 1] === SPACE ? next + 2 : -1;
};
