// Fields of a line of the combined log format.
import { isDigit, QUOTE } from './json';
import {
  ADDRESS,
  AGENT,
  ask,
  endOfPlain,
  fieldOf,
  METHOD,
  NOTHING,
  PATH,
  REQUEST,
  take,
  takeText,
} from './fields';
import { ACCESS, FIELDS_IP, SLOW } from './records';
import { UNKNOWN } from './texts';

const SPACE: u8 = 0x20;
const SLASH: u8 = 0x2f;
/** The whole way of requests is wanted: a list of addresses behind the user agent is the host's. */
let wantsWay: bool = false;

export function configureFields(way: bool): void {
  wantsWay = way;
}

/** Brackets and the time between them. */
const LONGEST_TIME: usize = 40;

/** Whether [start, end) is plainly of that format, whose first word and method the host has to look at. */
export function readAccess(start: usize, end: usize): u32 {
  const addressEnd = endOfWord(start, end);
  const userEnd = endOfWord(endOfWord(addressEnd + 1, end) + 1, end);
  if (addressEnd == start || userEnd >= end || load<u8>(userEnd + 1) != 0x5b) return SLOW;
  const open = behindTime(userEnd + 1, end);
  if (open == 0 || load<u8>(open) != QUOTE || !isBare(addressEnd, open)) return SLOW;
  const requestEnd = endOfPlain(open + 1, end);
  const referer = requestEnd == 0 ? <usize>0 : behindNumbers(requestEnd + 1, end);
  if (referer == 0 || load<u8>(referer) != QUOTE) return SLOW;
  const refererEnd = endOfPlain(referer + 1, end);
  if (refererEnd == 0 || load<u16>(refererEnd + 1) != 0x2220) return SLOW;
  const agent = refererEnd + 3;
  const agentEnd = endOfPlain(agent, end);
  if (agentEnd == 0) return SLOW;
  // `GET /path HTTP/1.1`, and no more words.
  const method = open + 1;
  const methodEnd = endOfWord(method, requestEnd);
  const targetEnd = endOfWord(methodEnd + 1, requestEnd);
  if (load<u32>(targetEnd + 1) != 0x50545448 || load<u8>(targetEnd + 5) != SLASH) return SLOW;
  if (endOfWord(targetEnd + 1, requestEnd) != requestEnd) return SLOW;
  takeText(ADDRESS, FIELDS_IP, start, addressEnd);
  if (!take(METHOD, method, methodEnd) || !take(PATH, methodEnd + 1, targetEnd)) return SLOW;
  return take(AGENT, agent, agentEnd) ? readRest(agentEnd + 1, end) : SLOW;
}

/** What follows the user agent: texts, words, and pairs, of which only a request's id may tell a field. */
function readRest(from: usize, end: usize): u32 {
  let i = from;
  while (i < end) {
    if (load<u8>(i) != SPACE) return SLOW;
    const start = i + 1;
    if (start < end && load<u8>(start) == QUOTE) {
      const quote = endOfPlain(start + 1, end);
      if (quote == 0 || (wantsWay && i == from && isList(start + 1, quote))) return SLOW;
      i = quote + 1;
      continue;
    }
    i = endOfWord(start, end);
    let equals: usize = 0;
    for (let k = start; k < i; k++) {
      const c = load<u8>(k);
      if (c == QUOTE || c == 0x5c || c < SPACE || c >= 0x7f) return SLOW;
      if (c != 0x3d) continue;
      if (equals != 0 || k == start) return SLOW;
      equals = k;
    }
    if (equals == 0) continue;
    const field = fieldOf(start, equals);
    if (field == UNKNOWN) return ask(start, equals);
    if (field == NOTHING) continue;
    if (field != REQUEST || !take(REQUEST, equals + 1, i)) return SLOW;
  }
  return ACCESS;
}

/** Whether a text may be a list of addresses, with commas and spaces between them. */
function isList(start: usize, end: usize): bool {
  for (let i = start; i < end; i++) {
    const c = load<u8>(i);
    const isHex = isDigit(c) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66);
    const joins = c == 0x2c || c == SPACE || c == 0x2e || c == 0x3a || c == 0x5b || c == 0x5d;
    if (!isHex && !joins) return false;
  }
  return end > start;
}

/** The place of the first space from `at` on, or `end`. */
function endOfWord(at: usize, end: usize): usize {
  for (let i = at; i < end; i += 16) {
    const spaces = i8x16.bitmask(i8x16.eq(v128.load(i), i8x16.splat(SPACE)));
    if (spaces != 0) return min(i + ctz(spaces), end);
  }
  return end;
}

/** Neither quotes nor pairs nor foreign letters. */
function isBare(start: usize, end: usize): bool {
  for (let i = start; i < end; i++) {
    const c = load<u8>(i);
    if (c == QUOTE || c == 0x3d || c == 0x5c || c >= 0x80) return false;
  }
  return true;
}

/** What stands behind the bracket opened at `at`, its closing one and a space; 0 where that is too far. */
function behindTime(at: usize, end: usize): usize {
  for (let i = at; i < at + LONGEST_TIME && i < end; i++) {
    if (load<u8>(i) == 0x5d) return load<u8>(i + 1) == SPACE && i + 2 < end ? i + 2 : 0;
  }
  return 0;
}

/** Where the referer's quote stands behind ` 200 512 `, 0 where something else does. */
function behindNumbers(from: usize, end: usize): usize {
  if (load<u8>(from) != SPACE || load<u8>(from + 4) != SPACE) return 0;
  for (let i = from + 1; i < from + 4; i++) if (!isDigit(load<u8>(i))) return 0;
  const size = from + 5;
  let i = size;
  if (load<u8>(i) == 0x2d) i++;
  else while (isDigit(load<u8>(i))) i++;
  return i > size && load<u8>(i) == SPACE && i + 1 < end ? i + 1 : 0;
}
