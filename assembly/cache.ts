// Tokens that were seen before: found by a keyed hash, proven by comparing them whole.
import {
  CACHE_SEEN,
  CACHE_SETS,
  CACHE_SET_SIZE,
  MOST_CACHE_SETS,
  RING,
  RING_SIZE,
  SEEN_SLOTS,
} from './layout';
import {
  TOKEN_END,
  TOKEN_EXP,
  TOKEN_HASH,
  TOKEN_HEADER,
  TOKEN_HIGH,
  TOKEN_IDENTITY,
  TOKEN_START,
  TOKEN_STATE,
} from './records';
import { headerLength, headerNumber, isByHost, same } from './headers';
import { waysWith } from './ways';

// A set is a cache line: the hashes of eight tokens, 0 for none, then where in the ring each is kept.
const WAYS: usize = 8;
const UNITS: usize = 32;

// What the ring keeps of a token, from a cache line's start on: the length of what is behind its header, its state, its
// header's number, the record from exp to the state, its text behind the header.
const LENGTH: usize = 0;
const STATE: usize = 4;
const HEADER: usize = 8;
const KNOWN: usize = 16;
const KNOWN_FINGERPRINT: usize = KNOWN + TOKEN_HIGH - TOKEN_EXP;
const TEXT: usize = 48;

/** The ring is counted in cache lines. */
const UNIT: u32 = 64;
const RING_UNITS: u32 = RING_SIZE / UNIT;
/** As many are written before the count starts over. */
const MOST_UNITS: u32 = 0xffff0000;

/** All that was written to the ring, and its size before. */
let written: u32 = RING_UNITS;
let seed: u64 = 0xd6e8feb86659fd93;

// Where tokens hardly ever come again, most are not looked up: what lies in the tables would drive out what is needed.
// The hash of those is 0, and the others, one in sixteen, tell when that changes.
const NOT_LOOKED_UP: u32 = 0;
const SAMPLED: u32 = 1 << 28;
const WINDOW: u32 = 1024;
/** Of as many tokens, one that was seen before pays for all look-ups. */
const RARE: u32 = 32;
let samples: bool = false;
let lookedUp: u32 = 0;
let seen: u32 = 0;

let tellsOnce: bool = false;

/** Makes hashes unpredictable. */
export function seedCache(value: u32): void {
  seed ^= (<u64>value << 32) | value;
}

/** @param once the fingerprint of a token that is recalled is told as 0: it has been told before */
export function configureCache(once: bool): void {
  tellsOnce = once;
}

/** Forgets all tokens: what they say of identities no longer holds. */
export function clearCache(): void {
  memory.fill(CACHE_SETS, 0, MOST_CACHE_SETS * CACHE_SET_SIZE);
  written = RING_UNITS;
}

/** Of the last 32 characters: the signature, random for honest tokens. Never `NOT_LOOKED_UP`. */
// @ts-ignore: decorator
@inline
function hashOf(start: usize, end: usize): u32 {
  const at = end - 32;
  let hash = (seed ^ load<u64>(at)) * 0x9e3779b97f4a7c15;
  hash = (rotl<u64>(hash, 29) ^ load<u64>(at + 8)) * 0x9e3779b97f4a7c15;
  hash = (rotl<u64>(hash, 29) ^ load<u64>(at + 16)) * 0x9e3779b97f4a7c15;
  hash = (rotl<u64>(hash, 29) ^ load<u64>(at + 24)) * 0x9e3779b97f4a7c15;
  return <u32>((hash ^ <u64>(end - start)) >> 32) | 1;
}

// @ts-ignore: decorator
@inline
function setOf(hash: u32): usize {
  return CACHE_SETS + <usize>((hash >> 1) & (MOST_CACHE_SETS - 1)) * CACHE_SET_SIZE;
}

/** Hashes a token into its record. */
// @ts-ignore: decorator
@inline
export function prepare(record: usize): void {
  const start = <usize>load<u32>(record + TOKEN_START);
  const end = <usize>load<u32>(record + TOKEN_END);
  const hash = hashOf(start, end);
  const isLookedUp = !samples || hash < SAMPLED || !isCheap(record);
  store<u32>(record + TOKEN_HASH, isLookedUp ? hash : NOT_LOOKED_UP);
}

/** Whether to judge the token again takes little time. */
// @ts-ignore: decorator
@inline
function isCheap(record: usize): bool {
  return !isByHost(<usize>load<u32>(record + TOKEN_HEADER));
}

/** Counts a token that was looked up, and whether it was seen before. */
// @ts-ignore: decorator
@inline
function count(isSeen: bool): void {
  lookedUp++;
  if (isSeen) seen++;
  if (lookedUp < WINDOW) return;
  samples = seen * RARE < lookedUp;
  lookedUp = 0;
  seen = 0;
}

/** Reads the set of a token, so that it is near. */
// @ts-ignore: decorator
@inline
export function approachSet(record: usize): u32 {
  return load<u32>(setOf(load<u32>(record + TOKEN_HASH)));
}

// @ts-ignore: decorator
@inline
function traceOf(hash: u32): usize {
  return CACHE_SEEN + <usize>((hash >> 9) & (SEEN_SLOTS - 1)) * 2;
}

/** How far in the ring the token in a set's place is kept. */
// @ts-ignore: decorator
@inline
function unitOf(set: usize, way: usize): u32 {
  return load<u32>(set + UNITS + way * 4);
}

// @ts-ignore: decorator
@inline
function keptAt(unit: u32): usize {
  return RING + <usize>(unit & (RING_UNITS - 1)) * UNIT;
}

/** Where what differs between tokens of one header begins. */
// @ts-ignore: decorator
@inline
function behindHeader(record: usize): usize {
  return <usize>load<u32>(record + TOKEN_START) + headerLength(<usize>load<u32>(record + TOKEN_HEADER));
}

/** Where a token is likely to be kept, or else where its trace is; always the same for one that is not looked up. */
// @ts-ignore: decorator
@inline
export function likelyPlace(record: usize): usize {
  const hash = load<u32>(record + TOKEN_HASH);
  if (hash == NOT_LOOKED_UP) return CACHE_SEEN;
  const set = setOf(hash);
  const matches = waysWith(set, hash);
  return matches == 0 ? traceOf(hash) : keptAt(unitOf(set, ctz(matches)));
}

/** Fills the record of a token from that of an equal one; false where none is known. */
export function recall(record: usize): bool {
  const hash = load<u32>(record + TOKEN_HASH);
  if (hash == NOT_LOOKED_UP) return false;
  const start = behindHeader(record);
  const length = <usize>load<u32>(record + TOKEN_END) - start;
  const header = headerNumber(<usize>load<u32>(record + TOKEN_HEADER));
  const set = setOf(hash);
  for (let matches = waysWith(set, hash); matches != 0; matches &= matches - 1) {
    const unit = unitOf(set, ctz(matches));
    const kept = keptAt(unit);
    if (written - unit > RING_UNITS || load<u32>(kept + LENGTH) != <u32>length) continue;
    if (load<u32>(kept + HEADER) != header || !same(kept + TEXT, start, length)) continue;
    v128.store(record + TOKEN_EXP, v128.load(kept + KNOWN));
    v128.store(record + TOKEN_IDENTITY, v128.load(kept + KNOWN + 16));
    store<u32>(record + TOKEN_STATE, load<u32>(kept + STATE));
    count(true);
    return true;
  }
  return false;
}

/**
 * Keeps what was found out about a token. Where that took no long time and it is seen for the first time, only while
 * there is room that nobody needs, and tokens do come again.
 */
export function offer(record: usize): void {
  const hash = load<u32>(record + TOKEN_HASH);
  if (hash == NOT_LOOKED_UP) return;
  const trace = traceOf(hash);
  const isSeen = load<u16>(trace) == (hash & 0xffff);
  count(isSeen);
  const isRoom = !samples && written < 2 * RING_UNITS;
  if (!isSeen && !isRoom && isCheap(record)) {
    store<u16>(trace, <u16>hash);
    return;
  }
  if (written > MOST_UNITS) clearCache();
  const start = behindHeader(record);
  const length = <usize>load<u32>(record + TOKEN_END) - start;
  const units = <u32>((TEXT + length + UNIT - 1) / UNIT);
  const room = RING_UNITS - (written & (RING_UNITS - 1));
  if (room < units) written += room;
  const kept = keptAt(written);
  store<u32>(kept + LENGTH, <u32>length);
  store<u32>(kept + STATE, load<u32>(record + TOKEN_STATE));
  store<u32>(kept + HEADER, headerNumber(<usize>load<u32>(record + TOKEN_HEADER)));
  v128.store(kept + KNOWN, v128.load(record + TOKEN_EXP));
  v128.store(kept + KNOWN + 16, v128.load(record + TOKEN_IDENTITY));
  if (tellsOnce) store<u64>(kept + KNOWN_FINGERPRINT, 0);
  // Whole sixteens: no more than the token's last line takes.
  for (let i: usize = 0; i < length; i += 16) v128.store(kept + TEXT + i, v128.load(start + i));
  const set = setOf(hash);
  const way = oldestIn(set);
  store<u32>(set + way * 4, hash);
  store<u32>(set + UNITS + way * 4, written);
  written += units;
}

/** The place in a set that is free, or else of the token that was kept first. */
function oldestIn(set: usize): usize {
  let oldest: usize = 0;
  for (let way: usize = 0; way < WAYS; way++) {
    if (load<u32>(set + way * 4) == 0) return way;
    if (unitOf(set, way) < unitOf(set, oldest)) oldest = way;
  }
  return oldest;
}
