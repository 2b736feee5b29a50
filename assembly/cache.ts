// Tokens that were seen before: found by a keyed hash, proven by comparing them whole.
import {
  CACHE_ENTRIES,
  CACHE_SEEN,
  CACHE_SLOTS,
  CACHE_TAGS,
  RING,
  RING_SIZE,
  SEEN_SLOTS,
} from './layout';
import {
  TOKEN_END,
  TOKEN_EXP,
  TOKEN_HASH,
  TOKEN_HIGH,
  TOKEN_IDENTITY,
  TOKEN_START,
  TOKEN_STATE,
} from './records';
import { same } from './headers';

// An entry: position in all that was ever written to the ring, length, and the record from exp to state.
const POSITION: usize = 0;
const LENGTH: usize = 8;
const KNOWN: usize = 16;
const ENTRY_SIZE: usize = 64;
/** Slots that a hash may lie in. */
const WAYS: u32 = 8;

let written: i64 = RING_SIZE;
let seed: u64 = 0xd6e8feb86659fd93;

/** Makes hashes unpredictable. */
export function seedCache(value: u32): void {
  seed ^= (<u64>value << 32) | value;
}

/** Forgets all tokens: what they say of identities no longer holds. */
export function clearCache(): void {
  memory.fill(CACHE_TAGS, 0, CACHE_SLOTS * 4);
}

/** Of the last 32 characters: the signature, random for honest tokens. Never 0. */
// @ts-ignore: decorator
@inline
export function hashOf(start: usize, end: usize): u32 {
  const at = end - 32;
  let hash = (seed ^ load<u64>(at)) * 0x9e3779b97f4a7c15;
  hash = (rotl<u64>(hash, 29) ^ load<u64>(at + 8)) * 0x9e3779b97f4a7c15;
  hash = (rotl<u64>(hash, 29) ^ load<u64>(at + 16)) * 0x9e3779b97f4a7c15;
  hash = (rotl<u64>(hash, 29) ^ load<u64>(at + 24)) * 0x9e3779b97f4a7c15;
  return <u32>((hash ^ <u64>(end - start)) >> 32) | 1;
}

// @ts-ignore: decorator
@inline
function setOf(hash: u32): u32 {
  return ((hash >> 1) & (CACHE_SLOTS / WAYS - 1)) * WAYS;
}

/** Hashes a token into its record. */
// @ts-ignore: decorator
@inline
export function prepare(record: usize): void {
  const start = <usize>load<u32>(record + TOKEN_START);
  const end = <usize>load<u32>(record + TOKEN_END);
  store<u32>(record + TOKEN_HASH, hashOf(start, end));
}

/** Reads the tags of a token's set and its trace, so that they are near. */
// @ts-ignore: decorator
@inline
export function approachTags(record: usize): u32 {
  const hash = load<u32>(record + TOKEN_HASH);
  return load<u32>(CACHE_TAGS + <usize>setOf(hash) * 4) + load<u16>(traceOf(hash));
}

// @ts-ignore: decorator
@inline
function traceOf(hash: u32): usize {
  return CACHE_SEEN + <usize>((hash >> 9) & (SEEN_SLOTS - 1)) * 2;
}

/** Bits of the slots whose tag is the hash. */
// @ts-ignore: decorator
@inline
function matchesOf(hash: u32): i32 {
  const tags = CACHE_TAGS + <usize>setOf(hash) * 4;
  const wanted = i32x4.splat(hash);
  return (
    i32x4.bitmask(i32x4.eq(v128.load(tags), wanted)) |
    (i32x4.bitmask(i32x4.eq(v128.load(tags + 16), wanted)) << 4)
  );
}

/** The place of the entry that a token is likely to have, 0 for none; reads it, so that it is near. */
// @ts-ignore: decorator
@inline
export function approach(record: usize): usize {
  const hash = load<u32>(record + TOKEN_HASH);
  const matches = matchesOf(hash);
  return matches == 0 ? 0 : CACHE_ENTRIES + <usize>(setOf(hash) + ctz(matches)) * ENTRY_SIZE;
}

/** Reads the kept text of an entry, so that it is near. */
// @ts-ignore: decorator
@inline
export function approachText(entry: usize): u32 {
  const text = RING + <usize>(load<i64>(entry + POSITION) & (RING_SIZE - 1));
  let sum: u32 = 0;
  const length = min<usize>(<usize>load<u32>(entry + LENGTH), 512);
  for (let i: usize = 0; i < length; i += 64) sum += load<u32>(text + i);
  return sum;
}

/** Fills the record of a token from that of an equal one; false where none is known. */
export function recall(record: usize): bool {
  const start = <usize>load<u32>(record + TOKEN_START);
  const end = <usize>load<u32>(record + TOKEN_END);
  const hash = load<u32>(record + TOKEN_HASH);
  for (let matches = matchesOf(hash); matches != 0; matches &= matches - 1) {
    const entry = CACHE_ENTRIES + <usize>(setOf(hash) + ctz(matches)) * ENTRY_SIZE;
    const position = load<i64>(entry + POSITION);
    if (<usize>load<u32>(entry + LENGTH) != end - start || position < written - RING_SIZE) continue;
    if (!same(RING + <usize>(position & (RING_SIZE - 1)), start, end - start)) continue;
    v128.store(record + TOKEN_EXP, v128.load(entry + KNOWN));
    v128.store(record + TOKEN_IDENTITY, v128.load(entry + KNOWN + 16));
    store<u32>(record + TOKEN_STATE, load<u32>(entry + KNOWN + 32));
    return true;
  }
  return false;
}

/** Keeps what was found out about a token, but only the second time that it is seen. */
export function offer(record: usize): void {
  const hash = load<u32>(record + TOKEN_HASH);
  const trace = traceOf(hash);
  if (load<u16>(trace) != (hash & 0xffff)) {
    store<u16>(trace, <u16>hash);
    return;
  }
  const start = <usize>load<u32>(record + TOKEN_START);
  const length = <usize>load<u32>(record + TOKEN_END) - start;
  const set = setOf(hash);
  let slot = set;
  let oldest = i64.MAX_VALUE;
  for (let way: u32 = 0; way < WAYS; way++) {
    const isEmpty = load<u32>(CACHE_TAGS + <usize>(set + way) * 4) == 0;
    const entry = CACHE_ENTRIES + <usize>(set + way) * ENTRY_SIZE;
    const position = isEmpty ? -1 : load<i64>(entry + POSITION);
    if (position >= oldest) continue;
    oldest = position;
    slot = set + way;
  }
  // Whole sixteens: what is copied too much must not touch another token.
  const size = (length + 15) & ~15;
  const room = RING_SIZE - <i32>(written & (RING_SIZE - 1));
  if (<usize>room < size) written += room;
  const text = RING + <usize>(written & (RING_SIZE - 1));
  for (let i: usize = 0; i < length; i += 16) v128.store(text + i, v128.load(start + i));
  const entry = CACHE_ENTRIES + <usize>slot * ENTRY_SIZE;
  store<i64>(entry + POSITION, written);
  store<u32>(entry + LENGTH, <u32>length);
  v128.store(entry + KNOWN, v128.load(record + TOKEN_EXP));
  v128.store(entry + KNOWN + 16, v128.load(record + TOKEN_IDENTITY));
  store<u32>(entry + KNOWN + 32, load<u32>(record + TOKEN_STATE));
  store<u32>(CACHE_TAGS + <usize>slot * 4, hash);
  written += size;
}
