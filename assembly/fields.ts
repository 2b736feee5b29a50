// What the lines of judged tokens say beside time and status, for audits: fields as ids of texts. What is not as
// plain as that is left to the host.
import { LAST_NAMES } from './layout';
import { same } from './headers';
import { endOfText, isDigit, QUOTE } from './json';
import {
  EMPTY,
  fields,
  FIELDS_AGENT,
  FIELDS_EVENT,
  FIELDS_IP,
  FIELDS_METHOD,
  FIELDS_PATH,
  FIELDS_REQUEST,
  FIELDS_SIZE,
  FIELDS_WAY,
  lines,
  LINE_END,
  KNOWN,
  LINE_KNOWN,
  LINE_SIZE,
  LINE_START,
  READ,
  SLOW,
  tokens,
  TOKEN_END,
  TOKEN_LINE,
  TOKEN_SIZE,
  TOKEN_START,
} from './records';
import { tokenCount } from './batch';
import { readAccess } from './fields-access';
import {
  dropTexts,
  enqueueText,
  findText,
  isQueueFull,
  keepText,
  queued,
  settleTexts,
  UNKNOWN,
} from './texts';

// Fields, as the host numbers them; with what it makes of a text they are the kinds of texts.
export const IP: i32 = 0;
export const AGENT: i32 = 1;
export const METHOD: i32 = 2;
export const PATH: i32 = 3;
export const REQUEST: i32 = 4;
export const EVENT: i32 = 5;
/** The first word of an access log's line. */
export const ADDRESS: u32 = 6;
const NAME: u32 = 7;
/** What the host says of a name that tells nothing; less for one whose line is its own. */
export const NOTHING: i32 = -1;

/** The line's way is not known: a name is to be asked for. */
export const ASKS: u32 = 4;

const MOST_MEMBERS: usize = 64;
const LONGEST_NAME: usize = 64;
/** Of the last line that had so many members: length of the name, field, and the name. */
const LAST_SIZE: usize = 96;
const LAST_TEXT: usize = 16;

/** The name that is asked for, in the block. */
export let nameStart: usize = 0;
export let nameEnd: usize = 0;

/** The token to read on. */
let next: i32 = 0;
/** The name asked for could not be kept: its line is the host's. */
let isLost: bool = false;
/** The record that is written, and a bit for each field that it has. */
let record: usize = 0;
let seen: u32 = 0;
/** The line's first token, whose text is plain. */
let tokenStart: usize = 0;
let tokenEnd: usize = 0;

/** To be called before the fields of a block are read. */
export function startFields(): void {
  next = 0;
  isLost = false;
  dropTexts(0);
}

/** Reads on; true where the host is asked what the name from `nameStart` to `nameEnd` tells. */
export function readFields(): bool {
  let last = next == 0 ? -1 : load<i32>(tokens + <usize>(next - 1) * TOKEN_SIZE + TOKEN_LINE);
  for (; next < tokenCount; next++) {
    const token = tokens + <usize>next * TOKEN_SIZE;
    const index = load<i32>(token + TOKEN_LINE);
    if (index == last) continue;
    tokenStart = <usize>load<u32>(token + TOKEN_START);
    tokenEnd = <usize>load<u32>(token + TOKEN_END);
    if (isQueueFull()) settleTexts();
    const waiting = queued;
    let way = readLine(lines + <usize>index * LINE_SIZE, fields + <usize>index * FIELDS_SIZE);
    if (way == ASKS) {
      dropTexts(waiting);
      if (!isLost) return true;
      way = SLOW;
    }
    if (way == SLOW) dropTexts(waiting);
    isLost = false;
    store<u32>(record + FIELDS_WAY, way);
    last = index;
  }
  settleTexts();
  return false;
}

/** Takes the host's answer. */
export function addFieldName(field: i32): void {
  const length = nameEnd - nameStart;
  isLost = findText(NAME, nameStart, length) == UNKNOWN && !keepText(NAME, nameStart, length, field);
}

function readLine(line: usize, to: usize): u32 {
  const start = <usize>load<u32>(line + LINE_START);
  const isKnown = load<u32>(line + LINE_KNOWN) == KNOWN;
  record = to;
  seen = 0;
  store<i32>(to + FIELDS_IP, -1);
  store<i32>(to + FIELDS_AGENT, -1);
  store<i32>(to + FIELDS_METHOD, -1);
  store<i32>(to + FIELDS_PATH, -1);
  store<i32>(to + FIELDS_EVENT, -1);
  store<f64>(to + FIELDS_REQUEST, -1);
  if (load<u8>(start) == 0x7b) return isKnown ? readObject(start) : SLOW;
  return isKnown ? EMPTY : readAccess(start, <usize>load<u32>(line + LINE_END));
}

/** Reads a JSON object that is known to be valid and plain. */
function readObject(start: usize): u32 {
  let i = start;
  for (let member: usize = 0; member < MOST_MEMBERS; member++) {
    const name = skipSpaces(i + 1) + 1;
    const last = LAST_NAMES + member * LAST_SIZE;
    const length = <usize>load<u32>(last);
    let field: i32;
    if (length != 0 && load<u8>(name + length) == QUOTE && same(last + LAST_TEXT, name, length)) {
      // Programs write their members always alike.
      field = load<i32>(last + 4);
      i = name + length;
    } else {
      i = endOfText(name, name + 0x10000000);
      if (i - name > LONGEST_NAME) return SLOW;
      field = findText(NAME, name, i - name);
      if (field == UNKNOWN) return ask(name, i);
      remember(last, name, i - name, field);
    }
    if (field < NOTHING) return SLOW;
    i = skipSpaces(skipSpaces(i + 1) + 1);
    const first = load<u8>(i);
    if (first == QUOTE) {
      const quote = endOfPlain(i + 1, i + 0x10000000);
      if (field != NOTHING && !take(field, i + 1, quote)) return SLOW;
      i = skipSpaces(quote + 1);
    } else {
      if (first == 0x7b || first == 0x5b) return SLOW;
      // Numbers are texts too, spelled anew. Of two names the later may be the one that counts.
      if (field != NOTHING && (first == 0x2d || isDigit(first) || hasSeen(field))) return SLOW;
      while (load<u8>(i) != 0x2c && load<u8>(i) != 0x7d) i++;
    }
    if (load<u8>(i) == 0x7d) return READ;
  }
  return SLOW;
}

// @ts-ignore: decorator
@inline
function skipSpaces(at: usize): usize {
  let i = at;
  while (load<u8>(i) == 0x20 || load<u8>(i) == 0x09) i++;
  return i;
}

/** Asks the host what a name tells. */
export function ask(start: usize, end: usize): u32 {
  nameStart = start;
  nameEnd = end;
  return ASKS;
}

/** The field that a name tells, less than `NOTHING` for a name whose line is the host's, `UNKNOWN` for a new one. */
export function fieldOf(start: usize, end: usize): i32 {
  return end - start > LONGEST_NAME ? NOTHING - 1 : findText(NAME, start, end - start);
}

function remember(last: usize, name: usize, length: usize, field: i32): void {
  store<u32>(last, <u32>length);
  store<i32>(last + 4, field);
  memory.copy(last + LAST_TEXT, name, length);
}

// @ts-ignore: decorator
@inline
function hasSeen(field: i32): bool {
  return ((seen >> field) & 1) != 0;
}

/** As `endOfText`, without a look at the token where that is near. */
export function endOfPlain(at: usize, end: usize): usize {
  if (tokenStart - at >= 16) return endOfText(at, end);
  for (let i = at; i < tokenStart; i++) {
    const c = load<u8>(i);
    if (c == QUOTE || c == 0x5c || c < 0x20 || c >= 0x7f) return endOfText(at, end);
  }
  return endOfText(tokenEnd, end);
}

/** Takes the text of a field; false where the line is the host's. */
export function take(field: i32, start: usize, end: usize): bool {
  // Which of two names counts depends on more than their order.
  if (hasSeen(field)) return false;
  if (start == end) return true;
  seen |= 1 << field;
  if (field == REQUEST) {
    takeRequest(start, end);
    return true;
  }
  // Whatever the query is, it does not count.
  takeText(field, placeOf(field), start, field == PATH ? endOfPath(start, end) : end);
  return true;
}

// @ts-ignore: decorator
@inline
function placeOf(field: i32): usize {
  return field == EVENT ? FIELDS_EVENT : FIELDS_IP + (<usize>field << 2);
}

/** Takes a text of a kind, whose id goes to its place in the record. */
export function takeText(kind: u32, place: usize, start: usize, end: usize): void {
  enqueueText(kind, start, end - start, record, place);
}

function endOfPath(start: usize, end: usize): usize {
  for (let i = start; i < end; i += 16) {
    const text = v128.load(i);
    const marks = v128.or(i8x16.eq(text, i8x16.splat(0x3f)), i8x16.eq(text, i8x16.splat(0x23)));
    const stops = i8x16.bitmask(marks);
    if (stops != 0) return min(i + ctz(stops), end);
  }
  return end;
}

/** The hash that the host makes of a text, as hashOfText in src/event; one that it may mask is its own. */
function takeRequest(start: usize, end: usize): void {
  if (end - start == 1 && load<u8>(start) == 0x2d) return;
  let a: u32 = 0x811c9dc5;
  let b: u32 = 0x9747b28c;
  let before: u32 = 0;
  for (let i = start; i < end; i++) {
    const c = <u32>load<u8>(i);
    // Tokens have dots, perhaps encoded, and what is masked behind `bearer` stands behind something else.
    if (c == 0x2e || c == 0x25 || ((before | 0x20) == 0x72 && isSeparator(c))) {
      store<f64>(record + FIELDS_REQUEST, NaN);
      takeText(REQUEST, FIELDS_REQUEST, start, end);
      return;
    }
    a = (a ^ c) * 0x01000193;
    b = ((b ^ c) * 0x5bd1e995) ^ (b >> 15);
    before = c;
  }
  store<f64>(record + FIELDS_REQUEST, <f64>a * 0x200000 + <f64>(b >> 11));
}

// @ts-ignore: decorator
@inline
function isSeparator(c: u32): bool {
  return c == 0x20 || c == 0x2b || c == 0x3a || c == 0x3d || c == 0x22 || c == 0x27;
}
