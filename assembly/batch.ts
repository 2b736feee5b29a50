// Some tens of tokens at a time: tables are asked for all of them before the first answer is needed.
import {
  BATCH,
  BATCH_LINES,
  JSON,
  LONGEST_TOKEN,
  MOST_BATCH_LINES,
  MOST_SLOW_RANGES,
  SLOW_RANGES,
} from './layout';
import { readAccessLine, status as accessStatus, time as accessTime } from './access-line';
import { approachKept, approachPrefixes, approachSpellings, nameAt } from './approach';
import { decode } from './base64url';
import { prepare, recall } from './cache';
import {
  emailLength,
  emailStart,
  exp,
  nbf,
  readClaims,
  rolesLength,
  rolesStart,
  userLength,
  userStart,
} from './claims';
import { flushInputHashes } from './hashes';
import { headerLength, isByHost } from './headers';
import { identify, prepareName } from './identities';
import { configureJsonLines, readJsonLine, status as jsonStatus, time as jsonTime } from './json-line';
import { clearChecks } from './checks';
import { enqueue } from './lanes';
import { clearQueues } from './queues';
import {
  KNOWN,
  KNOWN_ACCESS,
  lines,
  LINE_END,
  LINE_KNOWN,
  LINE_NUMBER,
  LINE_SIZE,
  LINE_START,
  LINE_STATUS,
  LINE_TIME,
  PENDING,
  tokens,
  TOKEN_END,
  TOKEN_EXP,
  TOKEN_HEADER,
  TOKEN_IDENTITY,
  TOKEN_INPUT_END,
  TOKEN_KEY,
  TOKEN_LINE,
  TOKEN_NBF,
  TOKEN_SIGNATURE,
  TOKEN_SIGNATURE_PLACE,
  TOKEN_SIGNATURE_SIZE,
  TOKEN_SIZE,
  TOKEN_START,
  TOKEN_STATE,
  TOKEN_TRIED,
  UNUSUAL,
} from './records';
import { readStamp, time } from './stamp';

// A line of the batch: start, line break, start of the next, tokens, number; no token means that it is the host's.
const START: usize = 0;
const NEWLINE: usize = 4;
const NEXT: usize = 8;
const COUNT: usize = 12;
const NUMBER: usize = 16;
const LINE_ENTRY: usize = 20;

const HASH_SIZE: i32 = 32;

/** ` - Token`. */
const TOKEN_LABEL: u64 = 0x6e656b6f54202d20;

/** Tokens, and lines with tokens, that are not left to the host. */
export let tokenCount: i32 = 0;
export let tokenLineCount: i32 = 0;
/** Lines with tokens whose time and status the host must read. */
export let unreadCount: i32 = 0;
/** Ranges of lines that are the host's: start, end, and the number of tokens before. */
export let slowCount: i32 = 0;

/** Lines that ended so far, the host's among them. */
let ended: u32 = 0;
let waiting: i32 = 0;
let waitingLines: i32 = 0;
let readsTime: bool = false;

/** @param withTimes stamps without a zone are in UTC, so the kernel may read them */
export function configureBatch(withTimes: bool): void {
  readsTime = withTimes;
  configureJsonLines(withTimes);
}

export function startBatches(): void {
  tokenCount = 0;
  tokenLineCount = 0;
  unreadCount = 0;
  slowCount = 0;
  ended = 0;
  waiting = 0;
  waitingLines = 0;
  clearQueues();
  clearChecks();
}

// @ts-ignore: decorator
@inline
function recordAt(index: i32): usize {
  return tokens + <usize>(tokenCount + index) * TOKEN_SIZE;
}

/** Takes a token of the line that is being read; false where the line has too many. */
export function addToken(start: usize, inputEnd: usize, end: usize, header: usize): bool {
  if (waiting == 2 * BATCH) return false;
  const record = recordAt(waiting);
  waiting++;
  store<u32>(record + TOKEN_START, <u32>start);
  store<u32>(record + TOKEN_END, <u32>end);
  store<u32>(record + TOKEN_INPUT_END, <u32>inputEnd);
  store<u32>(record + TOKEN_HEADER, <u32>header);
  prepare(record);
  return true;
}

/** Ends a line without tokens. */
// @ts-ignore: decorator
@inline
export function passLine(): void {
  ended++;
}

/** Ends a line whose last `count` tokens are its own. */
export function closeLine(start: usize, newline: usize, next: usize, count: i32): void {
  const line = BATCH_LINES + <usize>waitingLines * LINE_ENTRY;
  waitingLines++;
  store<u32>(line + START, <u32>start);
  store<u32>(line + NEWLINE, <u32>newline);
  store<u32>(line + NEXT, <u32>next);
  store<u32>(line + COUNT, count);
  store<u32>(line + NUMBER, ended++);
}

/** Gives a line and its `count` tokens so far to the host; an empty line is merely started anew. */
export function leaveLine(start: usize, next: usize, count: i32): void {
  waiting -= count;
  if (next > start) closeLine(start, next, next, 0);
}

// @ts-ignore: decorator
@inline
export function isBatchFull(): bool {
  return waiting >= BATCH || waitingLines == MOST_BATCH_LINES;
}

/** Judges the tokens that wait, but for their signatures; false where too many lines are the host's. */
export function flushBatch(): bool {
  const count = waiting;
  const first = recordAt(0);
  approachKept(first, count);
  let json: usize = JSON;
  for (let i = 0; i < count; i++) {
    const record = recordAt(i);
    if (recall(record)) continue;
    if (json > JSON + (BATCH - 1) * LONGEST_TOKEN) store<u32>(record + TOKEN_STATE, UNUSUAL);
    else json = readPayload(record, json, nameAt(i));
  }
  approachSpellings(first, count);
  for (let i = 0; i < count; i++) {
    const record = recordAt(i);
    if (load<u32>(record + TOKEN_STATE) != PENDING) continue;
    store<u32>(record + TOKEN_IDENTITY, identify(nameAt(i)));
  }
  approachPrefixes(first, count);
  const isRoom = takeLines();
  // What they are put behind lies there until the next batch.
  flushInputHashes();
  return isRoom;
}

/** Decodes a payload to `json` and notes what it says; returns where the next may be decoded to. */
function readPayload(record: usize, json: usize, name: usize): usize {
  const header = <usize>load<u32>(record + TOKEN_HEADER);
  const from = <usize>load<u32>(record + TOKEN_START) + headerLength(header) + 1;
  const inputEnd = <usize>load<u32>(record + TOKEN_INPUT_END);
  const length = decode(from, inputEnd, json);
  const end = <usize>load<u32>(record + TOKEN_END);
  store<u32>(record + TOKEN_STATE, UNUSUAL);
  if (length < 0) return json;
  const behind = json + ((length + 47) & ~15);
  const isHosts = isByHost(header);
  const size = decode(inputEnd + 1, end, isHosts ? behind : record + TOKEN_SIGNATURE);
  if (size < 0 || !readClaims(json, length)) return json;
  prepareName(
    name,
    userStart,
    userLength,
    emailStart,
    emailLength,
    rolesStart,
    rolesLength,
  );
  store<f64>(record + TOKEN_EXP, exp);
  store<f64>(record + TOKEN_NBF, nbf);
  store<i32>(record + TOKEN_KEY, -1);
  store<u32>(record + TOKEN_STATE, PENDING);
  store<u32>(record + TOKEN_TRIED, 0);
  if (!isHosts) return behind;
  store<u32>(record + TOKEN_SIGNATURE_PLACE, <u32>behind);
  store<u32>(record + TOKEN_SIGNATURE_SIZE, size);
  return behind + ((size + HASH_SIZE + 31) & ~15);
}

/** Takes over the lines of the batch whose tokens all are usual, in their order, and leaves the others. */
function takeLines(): bool {
  let from = tokens + <usize>tokenCount * TOKEN_SIZE;
  let isRoom = true;
  for (let i = 0; i < waitingLines; i++) {
    const line = BATCH_LINES + <usize>i * LINE_ENTRY;
    const count = load<i32>(line + COUNT);
    let isUsual = count > 0;
    for (let k = 0; k < count; k++) {
      if (load<u32>(from + <usize>k * TOKEN_SIZE + TOKEN_STATE) == UNUSUAL) isUsual = false;
    }
    if (isUsual) takeLine(line, from, count);
    else if (!leave(load<u32>(line + START), load<u32>(line + NEXT))) isRoom = false;
    from += <usize>count * TOKEN_SIZE;
  }
  waiting = 0;
  waitingLines = 0;
  return isRoom;
}

function takeLine(entry: usize, from: usize, count: i32): void {
  const to = tokens + <usize>tokenCount * TOKEN_SIZE;
  const start = <usize>load<u32>(entry + START);
  const newline = <usize>load<u32>(entry + NEWLINE);
  const end = newline > start && load<u8>(newline - 1) == 0x0d ? newline - 1 : newline;
  const line = lines + <usize>tokenLineCount * LINE_SIZE;
  const isJson = load<u8>(start) == 0x7b && readJsonLine(start, end);
  const isStamped = !isJson && readsTime && count == 1 && isPlain(start, end, from);
  const isAccess = !isJson && !isStamped && readAccessLine(start, end);
  const isKnown = isJson || isStamped || isAccess;
  store<u32>(line + LINE_START, <u32>start);
  store<u32>(line + LINE_END, <u32>end);
  store<u32>(line + LINE_STATUS, isJson ? jsonStatus : isAccess ? accessStatus : 0);
  store<u32>(line + LINE_KNOWN, isAccess ? KNOWN_ACCESS : isKnown ? KNOWN : 0);
  store<u32>(line + LINE_NUMBER, load<u32>(entry + NUMBER));
  store<f64>(line + LINE_TIME, isJson ? jsonTime : isStamped ? time : isAccess ? accessTime : NaN);
  if (!isKnown) unreadCount++;
  if (from != to) memory.copy(to, from, <usize>count * TOKEN_SIZE);
  for (let k = 0; k < count; k++) {
    const record = to + <usize>k * TOKEN_SIZE;
    store<u32>(record + TOKEN_LINE, tokenLineCount);
    if (load<u32>(record + TOKEN_STATE) == PENDING) enqueue(record);
  }
  tokenCount += count;
  tokenLineCount++;
}

/** A stamp, ` - Token: `, the token, and that is all: no status, no other time. */
// @ts-ignore: decorator
@inline
function isPlain(start: usize, end: usize, record: usize): bool {
  const token = <usize>load<u32>(record + TOKEN_START);
  if (<usize>load<u32>(record + TOKEN_END) != end || token < start + 29) return false;
  const behind = readStamp(start);
  if (behind == 0 || behind + 10 != token) return false;
  return load<u64>(token - 10) == TOKEN_LABEL && load<u16>(token - 2) == 0x203a;
}

/** Leaves lines to the host; those that follow each other become one range. */
function leave(start: u32, end: u32): bool {
  if (slowCount > 0) {
    const last = SLOW_RANGES + <usize>(slowCount - 1) * 12;
    if (load<u32>(last + 4) == start) {
      store<u32>(last + 4, end);
      return true;
    }
  }
  if (slowCount == MOST_SLOW_RANGES) return false;
  const range = SLOW_RANGES + <usize>slowCount * 12;
  store<u32>(range, start);
  store<u32>(range + 4, end);
  store<u32>(range + 8, tokenCount);
  slowCount++;
  return true;
}
