// Tokens of one issuer, or of one user, begin alike: what the hash is behind the first block of a message is kept
// for the next one that begins so.
import { MOST_PREFIXES, PREFIXES } from './layout';
import { isKept, keepOwn, ownPlace } from './own-prefixes';
import { TOKEN_MIDSTATE, TOKEN_PREFIX, TOKEN_START, TOKEN_TAKEN } from './records';
import { SLOT_INNER } from './key-slots';
import { STATE256 } from './sha256';

// An entry, two cache lines: the block, the hash values behind it, then the key slot's place, the block's hash, and
// the hash of the last other block that belongs here.
const STATE: usize = 64;
const SLOT: usize = 96;
const HASH: usize = 100;
const OTHER: usize = 104;
const ENTRY: usize = 128;
const BLOCK: u32 = 64;

/** Where fewer than one in sixteen of so many is known, as many times `REST` are not looked for. */
const TRIAL: u32 = 4096;
const REST: u32 = 16;

let seed: u64 = 0x9e3779b97f4a7c15;
let tried: u32 = 0;
let found: u32 = 0;
let resting: u32 = 0;
/** Where hash values that were not found are to be kept, 0 for nowhere. */
let keep: usize = 0;

/** Makes hashes unpredictable. */
export function seedPrefixes(value: u32): void {
  seed ^= (<u64>value << 32) | value;
}

/** Of the second half: before it most often stands the header. */
// @ts-ignore: decorator
@inline
function hashOf(at: usize): u32 {
  let hash = (seed ^ load<u64>(at + 32)) * 0xd6e8feb86659fd93;
  hash = (rotl<u64>(hash, 29) ^ load<u64>(at + 40)) * 0xd6e8feb86659fd93;
  hash = (rotl<u64>(hash, 29) ^ load<u64>(at + 48)) * 0xd6e8feb86659fd93;
  hash = (rotl<u64>(hash, 29) ^ load<u64>(at + 56)) * 0xd6e8feb86659fd93;
  return <u32>(hash >> 32) | 1;
}

// @ts-ignore: decorator
@inline
function entryOf(hash: u32): usize {
  return PREFIXES + <usize>((hash >> 1) & (MOST_PREFIXES - 1)) * ENTRY;
}

// @ts-ignore: decorator
@inline
function isBlock(entry: usize, at: usize): bool {
  const first = v128.or(
    v128.xor(v128.load(entry), v128.load(at)),
    v128.xor(v128.load(entry + 16), v128.load(at + 16)),
  );
  const second = v128.or(
    v128.xor(v128.load(entry + 32), v128.load(at + 32)),
    v128.xor(v128.load(entry + 48), v128.load(at + 48)),
  );
  return !v128.any_true(v128.or(first, second));
}

/** The hash values behind the first block at `at`, as of tokens of any user; 0 where they are not known. */
// @ts-ignore: decorator
@inline
function findShared(at: usize, slot: usize): usize {
  if (resting != 0) {
    resting--;
    return 0;
  }
  const hash = hashOf(at);
  const entry = entryOf(hash);
  const isFound =
    load<u32>(entry + HASH) == hash && load<u32>(entry + SLOT) == <u32>slot && isBlock(entry, at);
  if (isFound) found++;
  else if (load<u32>(entry + HASH) == 0 || load<u32>(entry + OTHER) == hash) keep = entry;
  else store<u32>(entry + OTHER, hash);
  if (++tried == TRIAL) {
    if (found < TRIAL / 16) resting = TRIAL * REST;
    tried = 0;
    found = 0;
  }
  return isFound ? entry + STATE : 0;
}

/** The same as of tokens of the record's user. */
// @ts-ignore: decorator
@inline
function findOwn(record: usize, slot: usize): usize {
  const own = ownPlace(record);
  if (own == 0) return 0;
  if (isKept(own, record, slot)) return own;
  keep = own;
  return 0;
}

/**
 * Gives a record of a message of `length` bytes the hash values with which to begin, and returns how many bytes are
 * behind these; notes where those behind the first block are to be kept.
 */
export function begin(record: usize, length: usize, slot: usize): u32 {
  let from: usize = 0;
  keep = 0;
  if (length >= <usize>BLOCK) {
    from = findShared(<usize>load<u32>(record + TOKEN_START), slot);
    if (from == 0 && keep == 0) from = findOwn(record, slot);
  }
  const taken = from == 0 ? 0 : BLOCK;
  if (from == 0) from = slot + SLOT_INNER;
  v128.store(record + TOKEN_MIDSTATE, v128.load(from));
  v128.store(record + TOKEN_MIDSTATE + 16, v128.load(from, 16));
  store<u32>(record + TOKEN_TAKEN, taken);
  store<u32>(record + TOKEN_PREFIX, <u32>keep);
  return taken;
}

/** Keeps the hash values of a lane, behind the first block of its message, where that was asked for. */
export function keepPrefix(record: usize, lane: usize, slot: usize): void {
  const entry = <usize>load<u32>(record + TOKEN_PREFIX);
  if (entry == 0) return;
  if (keepOwn(entry, record, lane, slot)) return;
  const at = <usize>load<u32>(record + TOKEN_START);
  memory.copy(entry, at, BLOCK);
  storeState(entry + STATE, lane);
  store<u32>(entry + SLOT, <u32>slot);
  store<u32>(entry + HASH, hashOf(at));
}

/** Writes the eight hash values of a lane. */
// @ts-ignore: decorator
@inline
export function storeState(at: usize, lane: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    store<u32>(at + i * 4, load<u32>(STATE256 + i * 16 + lane * 4));
  }
}
