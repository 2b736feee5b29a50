import { accessStatus, findAccessTime } from './access.ts';
import type { LineContext } from './fields.ts';
import { objectStatus, readObject, readObjectTime, unwrap } from './object.ts';
import type { LogObject } from './object.ts';
import { beginsWithPair, isTimeKey, newPair, nextPair } from './pairs.ts';
import { findStatus } from './status.ts';
import { afterCri, afterName, afterPriority, afterSyslogHeader, after5424 } from './syslog.ts';
import { withoutEscapes } from './ansi.ts';
import { byteAt, digitAt } from './time/bytes.ts';
import { readDated, readStamp, skipLevel } from './time/read.ts';
import { newStamp } from './time/stamp.ts';

/** A line taken apart: what every reader needs, before strings are made. */
export interface Frame {
  /** Milliseconds, NaN for none. */
  time: number;
  timeFlags: number;
  /** 0 for none. */
  status: number;
  /** Where the innermost line is: not the caller's bytes once a wrapper was opened. */
  bytes: Uint8Array;
  /** The text behind stamps and headers. */
  body: number;
  end: number;
  /** The body as JSON object or Python dict. */
  object: LogObject | null;
  /** The body is an entry of an access log: address, names, time, request. */
  access: boolean;
}

export const newFrame = (): Frame => ({
  time: Number.NaN,
  timeFlags: 0,
  status: 0,
  bytes: new Uint8Array(0),
  body: 0,
  end: 0,
  object: null,
  access: false,
});

/** How many wrappers are opened: a container's line in a syslog line in a container's line. */
const DEEPEST = 4;
/** How many `{` of a line are tried as the beginning of an object. */
const MOST_BRACES = 4;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;

const DAY = 86_400_000;
const YEAR = 31_556_952_000;

/** What an outer stamp means for the one of the text behind it. */
type Outer = 'none' | 'final' | 'yearless';

const stamp = newStamp();
const pair = newPair();

/** Takes over the time just read, unless the outer one is final or tells of another day. */
const adoptTime = (frame: Frame, time: number, flags: number, outer: Outer): void => {
  if (outer === 'final') return;
  if (Number.isNaN(time)) {
    if (Number.isNaN(frame.time)) frame.timeFlags |= flags;
    return;
  }
  if (outer === 'yearless' && !Number.isNaN(frame.time)) {
    const apart = time - frame.time;
    if (Math.abs(apart - Math.round(apart / YEAR) * YEAR) > 3 * DAY) return;
  }
  frame.time = time;
  frame.timeFlags = flags;
};

/** The offset behind the last byte that is neither white space nor a comma. */
const trimmedEnd = (bytes: Uint8Array, from: number, end: number): number => {
  let last = end;
  while (last > from) {
    const byte = bytes[last - 1]!;
    if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09 && byte !== 0x2c) break;
    last -= 1;
  }
  return last;
};

/** Reads a line whose text from `from` on ends with a JSON object or Python dict; false if it does not. */
const readObjectBody = (
  bytes: Uint8Array,
  from: number,
  end: number,
  context: LineContext,
  frame: Frame,
  outer: Outer,
  depth: number,
): boolean => {
  const last = trimmedEnd(bytes, from, end);
  if (last === from || bytes[last - 1] !== CLOSE_BRACE) return false;
  let tries = 0;
  for (let at = from; at < last && tries < MOST_BRACES; at += 1) {
    if (bytes[at] !== OPEN_BRACE) continue;
    tries += 1;
    const object = readObject(bytes, at, last);
    if (object === null) continue;
    const timed = readObjectTime(object, context, stamp);
    const time = timed ? stamp.time : Number.NaN;
    const flags = timed ? stamp.flags : 0;
    const wrapped = depth < DEEPEST ? unwrap(object) : null;
    if (wrapped !== null) {
      const { time: outerTime, timeFlags: outerFlags } = frame;
      readFrame(wrapped.bytes, 0, wrapped.bytes.length, context, frame, depth + 1);
      const { time: innerTime, timeFlags: innerFlags } = frame;
      frame.time = outerTime;
      frame.timeFlags = outerFlags;
      const byWrapper = !Number.isNaN(time) && (wrapped.outerTime || Number.isNaN(innerTime));
      adoptTime(frame, byWrapper ? time : innerTime, byWrapper ? flags : innerFlags, outer);
      return true;
    }
    adoptTime(frame, time, flags, outer);
    frame.object = object;
    frame.status = objectStatus(object) || findStatus(bytes, from, at);
    return true;
  }
  return false;
};

/** Reads the text behind stamps and headers. */
const readBody = (
  bytes: Uint8Array,
  from: number,
  end: number,
  context: LineContext,
  frame: Frame,
  outer: Outer,
  depth: number,
): void => {
  frame.body = from;
  if (outer !== 'final' && byteAt(bytes, from, end) !== OPEN_BRACE) {
    if (findAccessTime(bytes, from, end, context, stamp)) {
      const next = stamp.next;
      adoptTime(frame, stamp.time, stamp.flags, outer);
      frame.access = true;
      frame.status = accessStatus(bytes, next, end);
      return;
    }
  }
  if (readObjectBody(bytes, from, end, context, frame, outer, depth)) return;
  if (outer !== 'final') readPairTime(bytes, from, end, context, frame, outer);
  frame.status = findStatus(bytes, from, end);
};

/** Reads the time of a logfmt line. */
const readPairTime = (
  bytes: Uint8Array,
  from: number,
  end: number,
  context: LineContext,
  frame: Frame,
  outer: Outer,
): void => {
  const first = skipLevel(bytes, from, end);
  if (!beginsWithPair(bytes, first, end)) return;
  pair.next = first;
  while (nextPair(bytes, end, pair)) {
    if (!isTimeKey(bytes, pair)) continue;
    const valueEnd = pair.quoted ? pair.valueEnd : end;
    if (!readStamp(bytes, pair.valueStart, valueEnd, context, stamp)) continue;
    adoptTime(frame, stamp.time, stamp.flags, outer);
    if (!Number.isNaN(frame.time)) return;
  }
};

/** Reads what follows a stamp that was just read into `stamp`. */
const readBehindStamp = (
  bytes: Uint8Array,
  end: number,
  context: LineContext,
  frame: Frame,
  depth: number,
): void => {
  const { time, flags, next, yearless } = stamp;
  frame.time = time;
  frame.timeFlags = flags;
  const inner = depth < DEEPEST ? afterCri(bytes, next, end) : -1;
  if (inner >= 0) {
    readFrame(bytes, inner, end, context, frame, depth + 1);
    if (!Number.isNaN(frame.time)) return;
    frame.time = time;
    frame.timeFlags |= flags;
    return;
  }
  if (!yearless) {
    readBody(bytes, next, end, context, frame, Number.isNaN(time) ? 'none' : 'final', depth);
    return;
  }
  const payload = afterSyslogHeader(bytes, next, end);
  const at = payload < end && bytes[payload] === OPEN_BRACKET ? payload + 1 : payload;
  if (readDated(bytes, at, end, context, stamp)) {
    const behind = stamp.next;
    adoptTime(frame, stamp.time, stamp.flags, 'yearless');
    readBody(bytes, behind, end, context, frame, 'final', depth);
  } else readBody(bytes, payload, end, context, frame, 'yearless', depth);
};

/** Takes the line apart into `frame`; opens wrappers, reads time and status. Never throws. */
export const readFrame = (
  bytes: Uint8Array,
  start: number,
  end: number,
  context: LineContext,
  frame: Frame,
  depth = 0,
): void => {
  frame.time = Number.NaN;
  frame.timeFlags = 0;
  frame.status = 0;
  frame.bytes = bytes;
  frame.body = start;
  frame.end = end;
  frame.object = null;
  frame.access = false;
  if (start >= end) return;
  if (digitAt(bytes, start, end) <= 9) {
    if (readStamp(bytes, start, end, context, stamp)) {
      readBehindStamp(bytes, end, context, frame, depth);
    } else readBody(bytes, start, end, context, frame, 'none', depth);
    return;
  }
  const first = bytes[start]!;
  if (first === 0x1b && depth < DEEPEST) {
    const plain = withoutEscapes(bytes, start, end);
    readFrame(plain, 0, plain.length, context, frame, depth + 1);
    return;
  }
  const at = first === 0x3c ? afterPriority(bytes, start, end) : start;
  const message = at > start ? after5424(bytes, at, end, context, stamp) : -1;
  if (message >= 0) {
    const { time, flags } = stamp;
    if (Number.isNaN(time) && depth < DEEPEST) {
      readFrame(bytes, message, end, context, frame, depth + 1);
      frame.timeFlags |= flags;
      return;
    }
    frame.time = time;
    frame.timeFlags = flags;
    readBody(bytes, message, end, context, frame, 'final', depth);
    return;
  }
  if (readBracketed(bytes, at, end, context) || readBehindLevel(bytes, at, end, context)) {
    readBehindStamp(bytes, end, context, frame, depth);
    return;
  }
  const name = depth < DEEPEST ? afterName(bytes, at, end) : -1;
  if (name >= 0) readFrame(bytes, name, end, context, frame, depth + 1);
  else readBody(bytes, at, end, context, frame, 'none', depth);
};

const readBracketed = (
  bytes: Uint8Array,
  at: number,
  end: number,
  context: LineContext,
): boolean => {
  const inside = byteAt(bytes, at, end) === OPEN_BRACKET ? at + 1 : at;
  return readStamp(bytes, inside, end, context, stamp);
};

const readBehindLevel = (
  bytes: Uint8Array,
  at: number,
  end: number,
  context: LineContext,
): boolean => {
  const behind = skipLevel(bytes, at, end);
  return behind > at && readBracketed(bytes, behind, end, context);
};
