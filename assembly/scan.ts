// Lines and where tokens are in them. A line with anything unusual is left to the host as a whole.
import { LONGEST_HEADER, LONGEST_TOKEN } from './layout';
import { endOfRun, foreign } from './base64url';
import { addToken, closeLine, flushBatch, isBatchFull, leaveLine, passLine, startBatches } from './batch';
import { areChecksWaiting } from './checks';
import { HEADER_ALG, headerAt, headerLength, isByHost, isHeaderRoom, startHeaders } from './headers';
import { block, setBlock } from './records';

/**
 * What `scan` returns: the block is done; the header at `askedStart` is not known; the host shall do it all;
 * signatures wait for the host.
 */
const DONE: i32 = 0;
const ASKS: i32 = 1;
const GIVES_UP: i32 = 2;
const CHECKS: i32 = 3;

/** Different headers that may be asked for in a block. */
const MOST_QUESTIONS: i32 = 16;
/** Characters of a word that may stand for a signature that somebody removed (src/scan/mask.ts). */
const LONGEST_MASK: i32 = 32;
const NEWLINE: u8 = 0x0a;

// What `readToken` found; a place is where to look on.
const SLOW: usize = 1;
const ASK: usize = 2;

/** Lines that are not left to the host and have no token. */
export let tokenlessCount: i32 = 0;
export let askedStart: i32 = 0;
export let askedEnd: i32 = 0;

let limit: usize = 0;
let cursor: usize = 0;
let questions: i32 = 0;
let maxToken: usize = LONGEST_TOKEN;
/** Tokens of the line that is being read. */
let found: i32 = 0;

/** Tells the longest token that is judged. */
export function configureScan(longest: i32): void {
  maxToken = min<usize>(longest, LONGEST_TOKEN);
}

/** Starts a block: the host has put its `length` bytes at `at`, in the room that was reserved. */
export function begin(at: usize, length: usize): void {
  setBlock(at);
  limit = block + length;
  cursor = block;
  tokenlessCount = 0;
  questions = 0;
  startBatches();
  startHeaders();
  // Ends the last line, and every run in it.
  v128.store(limit, i8x16.splat(NEWLINE));
  v128.store(limit + 16, i8x16.splat(NEWLINE));
}

/** Where the bytes of the block end. */
export function blockEnd(): usize {
  return limit;
}

/** Reads lines up to the end of the block, or to where the host is needed. */
export function scan(): i32 {
  let lineStart = cursor;
  let i = cursor;
  found = 0;
  while (i < limit) {
    const text = v128.load(i);
    const next = v128.load(i, 1);
    const second = v128.or(i8x16.eq(next, i8x16.splat(0x79)), i8x16.eq(next, i8x16.splat(0x77)));
    const header = v128.and(i8x16.eq(text, i8x16.splat(0x65)), second);
    const label = v128.and(
      i8x16.eq(text, i8x16.splat(0x54)),
      i8x16.eq(next, i8x16.splat(0x6f)),
    );
    const newline = i8x16.eq(text, i8x16.splat(NEWLINE));
    const stops = i8x16.bitmask(v128.or(newline, v128.or(header, label)));
    if (stops == 0) {
      i += 16;
      continue;
    }
    i += ctz(stops);
    const c = load<u8>(i);
    if (c == NEWLINE) {
      if (i >= limit) break;
      if (!endLine(lineStart, i)) return GIVES_UP;
      i++;
      lineStart = i;
      if (areChecksWaiting()) {
        cursor = i;
        return CHECKS;
      }
      continue;
    }
    const outcome = c == 0x65 ? atHeader(i) : atLabel(i, lineStart);
    if (outcome > ASK) {
      i = outcome;
      continue;
    }
    if (outcome == ASK && questions < MOST_QUESTIONS && isHeaderRoom()) {
      questions++;
      cursor = lineStart;
      leaveLine(lineStart, lineStart, found);
      return ASKS;
    }
    i = endOfLine(i) + 1;
    leaveLine(lineStart, min(i, limit), found);
    found = 0;
    lineStart = i;
    if (isBatchFull() && !flushBatch()) return GIVES_UP;
    if (areChecksWaiting()) {
      cursor = i;
      return CHECKS;
    }
  }
  if (lineStart < limit && !endLine(lineStart, limit)) return GIVES_UP;
  if (!flushBatch()) return GIVES_UP;
  cursor = limit;
  return areChecksWaiting() ? CHECKS : DONE;
}

/** False where the host shall do it all. */
// @ts-ignore: decorator
@inline
function endLine(start: usize, newline: usize): bool {
  if (found == 0) {
    tokenlessCount++;
    passLine();
    return true;
  }
  closeLine(start, newline, min(newline + 1, limit), found);
  found = 0;
  return !isBatchFull() || flushBatch();
}

function endOfLine(at: usize): usize {
  let i = at;
  while (true) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(i), i8x16.splat(NEWLINE)));
    if (mask != 0) return i + ctz(mask);
    i += 16;
  }
}

/** `{"`, `{ `, `{` and a line break or tab, as they begin in base64url. */
// @ts-ignore: decorator
@inline
function startsHeader(at: usize): bool {
  const second = load<u8>(at + 1);
  const third = load<u8>(at + 2);
  if (second == 0x79) return third == 0x4a || third == 0x49 || third == 0x41;
  return second == 0x77 && (third == 0x6f || third == 0x30 || third == 0x6b);
}

function atHeader(at: usize): usize {
  return startsHeader(at) ? readToken(at, false) : at + 1;
}

function atLabel(at: usize, lineStart: usize): usize {
  // `Token: ` and nothing of base64url before it.
  if ((load<u64>(at) & 0xffffffffffffff) != 0x203a6e656b6f54) return at + 1;
  if (at > lineStart && (foreign(at - 1) & 1) == 0) return at + 1;
  const start = at + 7;
  if (load<u8>(start) != 0x65 || !startsHeader(start)) return SLOW;
  return readToken(start, true);
}

/** Reads the token whose header starts at `start`; returns where to look on, `SLOW` or `ASK`. */
function readToken(start: usize, labelled: bool): usize {
  const header = headerAt(start);
  if (header == 0) return unknown(start, labelled);
  const headerEnd = start + headerLength(header);
  const alg = load<u32>(header + HEADER_ALG);
  if (alg == 0) return SLOW;
  const payloadEnd = endOfRun(headerEnd + 1);
  const dot = load<u8>(payloadEnd);
  if (dot != 0x2e) return labelled || dot == 0x3d ? SLOW : headerEnd;
  const end = endOfRun(payloadEnd + 1);
  const after = load<u8>(end);
  if (labelled) {
    // Words end at white space; whatever else sticks to the token is the host's to tell apart.
    if (after != NEWLINE && after != 0x20 && after != 0x0d && after != 0x09) return SLOW;
  } else if (after == 0x2a || after == 0x2e || after == 0x3d || after == 0xe2) {
    // A mark in place of the signature, more parts, padding.
    return SLOW;
  }
  const size = <i32>(end - payloadEnd) - 1;
  if (isByHost(header) ? size <= LONGEST_MASK : size != (alg == 256 ? 43 : alg == 384 ? 64 : 86)) return SLOW;
  if (end - start > maxToken) return SLOW;
  if (!addToken(start, payloadEnd, end, header)) return SLOW;
  found++;
  return end;
}

/** A header that is not known: of a token, or of nothing. */
function unknown(start: usize, labelled: bool): usize {
  const headerEnd = endOfRun(start);
  const dot = load<u8>(headerEnd);
  if (dot != 0x2e) return labelled || dot == 0x3d ? SLOW : headerEnd;
  if (!labelled) {
    const end = load<u8>(endOfRun(headerEnd + 1));
    if (end != 0x2e && end != 0x3d) return headerEnd;
  }
  if (<i32>(headerEnd - start) > LONGEST_HEADER) return SLOW;
  askedStart = <i32>(start - block);
  askedEnd = <i32>(headerEnd - block);
  return ASK;
}
