// Time and status of a line that is one plain JSON object: what the host's reading of objects (src/source/fields)
// finds, where only one member can tell the time and at most one the status. Anything else is the host's.
import { endOfNumber, endOfText, endOfWord, isDigit, QUOTE } from './json';
import { find, keyOf, RANK, ROLE } from './names';
import { readStamp, time as stampTime } from './stamp';

/** Groups of names: at the top, and one for each member that may hold others. */
const TOP: u32 = 1;
/** Roles: tells the time; tells the status; holds members of the group that is its rank; only the host knows. */
const TIME: u32 = 1;
const STATUS: u32 = 2;
const HOLDER: u32 = 3;

const DEEPEST: i32 = 8;
const MOST_DIGITS: i32 = 15;
const LATEST: f64 = 4102444800000;
const EARLIEST: f64 = 1000000000000;

export let time: f64 = NaN;
export let status: u32 = 0;

let times: i32 = 0;
let statuses: i32 = 0;
/** Bits of the groups whose holder was seen. */
let holders: u32 = 0;
let readsLocal: bool = false;

/** @param local stamps without a zone may be read */
export function configureJsonLines(local: bool): void {
  readsLocal = local;
}

/** Reads the object that is all of [start, end); false where it is not plain. */
export function readJsonLine(start: usize, end: usize): bool {
  if (load<u8>(start) != 0x7b || load<u8>(end - 1) != 0x7d) return false;
  time = NaN;
  status = 0;
  times = 0;
  statuses = 0;
  holders = 0;
  return readObject(start, end, TOP, 0) == end && times == 1;
}

/** The end of the object at `at`, 0 where it is not plain. */
function readObject(at: usize, end: usize, group: u32, depth: i32): usize {
  if (depth == DEEPEST) return 0;
  let i = skipSpaces(at + 1);
  if (load<u8>(i) == 0x7d) return i + 1;
  while (true) {
    if (load<u8>(i) != QUOTE) return 0;
    const name = i + 1;
    const nameEnd = endOfText(name, end);
    if (nameEnd == 0) return 0;
    i = skipSpaces(nameEnd + 1);
    if (load<u8>(i) != 0x3a) return 0;
    i = readMember(name, nameEnd - name, skipSpaces(i + 1), end, group, depth);
    if (i == 0) return 0;
    i = skipSpaces(i);
    const after = load<u8>(i);
    if (after == 0x7d) return i + 1;
    if (after != 0x2c) return 0;
    i = skipSpaces(i + 1);
  }
}

// @ts-ignore: decorator
@inline
function skipSpaces(at: usize): usize {
  let i = at;
  while (load<u8>(i) == 0x20 || load<u8>(i) == 0x09) i++;
  return i;
}

/** The end of the value at `at`, whose name means something in `group`; 0 where it is not plain. */
function readMember(
  name: usize,
  length: usize,
  at: usize,
  end: usize,
  group: u32,
  depth: i32,
): usize {
  const place: usize = group == 0 ? 0 : find(keyOf(name, length), name, length, group);
  // `"res.statusCode"` may be one name.
  if (group == TOP && place == 0 && hasDot(name, length)) return 0;
  if (place == 0) return readValue(at, end, 0, depth);
  const role = load<u32>(place + ROLE);
  if (role == HOLDER) {
    const held = load<u32>(place + RANK);
    // A second one of the same name would hide the first.
    if ((holders >> held) & 1) return 0;
    holders |= 1 << held;
    return readValue(at, end, held, depth);
  }
  if (role == TIME) return ++times == 1 ? readTime(at, end) : 0;
  if (role == STATUS) return ++statuses == 1 ? readStatus(at) : 0;
  return 0;
}

function hasDot(at: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i++) if (load<u8>(at + i) == 0x2e) return true;
  return false;
}

function readValue(at: usize, end: usize, group: u32, depth: i32): usize {
  const first = load<u8>(at);
  if (first == QUOTE) {
    const quote = endOfText(at + 1, end);
    return quote == 0 ? 0 : quote + 1;
  }
  if (first == 0x7b) return readObject(at, end, group, depth + 1);
  if (first == 0x5b) return readArray(at, end, depth + 1);
  return first == 0x2d || isDigit(first) ? endOfNumber(at) : endOfWord(at);
}

function readArray(at: usize, end: usize, depth: i32): usize {
  if (depth == DEEPEST) return 0;
  let i = skipSpaces(at + 1);
  if (load<u8>(i) == 0x5d) return i + 1;
  while (true) {
    i = readValue(i, end, 0, depth);
    if (i == 0) return 0;
    i = skipSpaces(i);
    const after = load<u8>(i);
    if (after == 0x5d) return i + 1;
    if (after != 0x2c) return 0;
    i = skipSpaces(i + 1);
  }
}

/** The whole number at `at` into `number`; returns its end, 0 where it is no plain one. */
function readWhole(at: usize): usize {
  let value: i64 = 0;
  let i = at;
  for (let c = load<u8>(i); isDigit(c); c = load<u8>(i)) {
    value = value * 10 + <i64>(c - 0x30);
    i++;
  }
  const digits = <i32>(i - at);
  if (digits == 0 || digits > MOST_DIGITS || (load<u8>(at) == 0x30 && digits > 1)) return 0;
  number = <f64>value;
  const after = load<u8>(i);
  return after == 0x2e || (after | 0x20) == 0x65 ? 0 : i;
}

let number: f64 = NaN;

/** An epoch by its size in seconds, milli- or microseconds, or a stamp. */
function readTime(at: usize, end: usize): usize {
  if (load<u8>(at) == QUOTE) {
    const behind = readStamp(at + 1);
    if (behind == 0) return 0;
    const isUtc = load<u8>(behind) == 0x5a;
    if (!isUtc && !readsLocal) return 0;
    const quote = isUtc ? behind + 1 : behind;
    if (load<u8>(quote) != QUOTE) return 0;
    time = stampTime;
    return quote + 1;
  }
  const next = readWhole(at);
  if (next == 0) return 0;
  let ms = number * 1000;
  if (ms >= LATEST) ms = (number / 1000) * 1000;
  if (ms >= LATEST) ms = (number / 1000000) * 1000;
  if (!(ms >= EARLIEST && ms < LATEST)) return 0;
  time = floor(ms + 0.001);
  return next;
}

function readStatus(at: usize): usize {
  const next = readWhole(at);
  if (next == 0) return 0;
  if (number >= 100 && number <= 599) status = <u32>number;
  return next;
}
