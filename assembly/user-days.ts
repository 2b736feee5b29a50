// Which users have a token that ends on a day: a bit each while they are dense enough, else a set of pairs.
import { add, PAIRS } from './fingerprints';
import {
  CHUNK_SIZE,
  DIRECTORY_SIZE,
  MOST_CHUNKS,
  MOST_DIRECTORIES,
  TALLY_CHUNKS,
  TALLY_DIRECTORIES,
} from './tally-layout';

const USERS_EACH_BITS: u32 = 12;
const MOST_USERS: u32 = MOST_DIRECTORIES << USERS_EACH_BITS;

let chunks: u32 = 0;

// @ts-ignore: decorator
@inline
function directoryEntry(user: u32, day: i32): usize {
  return TALLY_DIRECTORIES + <usize>(user >> USERS_EACH_BITS) * DIRECTORY_SIZE + <usize>day * 4;
}

// @ts-ignore: decorator
@inline
function byteOf(chunk: u32, user: u32): usize {
  const place = (user & ((1 << USERS_EACH_BITS) - 1)) >> 3;
  return TALLY_CHUNKS + <usize>chunk * CHUNK_SIZE + <usize>place;
}

/** Reads where the pair will be looked up, so that it is near; a chunk that is not there is chunk 0. */
// @ts-ignore: decorator
@inline
export function touchUserDay(user: u32, day: i32): u32 {
  if (user >= MOST_USERS) return 0;
  return load<u8>(byteOf(load<u32>(directoryEntry(user, day)), user));
}

/** Adds a pair; true where it was not there. Which of the two ways holds a pair never changes. */
export function addUserDay(user: u32, day: i32): bool {
  if (user >= MOST_USERS) return addPair(user, day);
  const entry = directoryEntry(user, day);
  let chunk = load<u32>(entry);
  if (chunk == 0) {
    if (chunks == MOST_CHUNKS) return addPair(user, day);
    chunk = ++chunks;
    store<u32>(entry, chunk);
  }
  const at = byteOf(chunk, user);
  const bit = <u32>1 << (user & 7);
  const bits = load<u8>(at);
  store<u8>(at, <u8>(bits | bit));
  return (bits & bit) == 0;
}

/** The fingerprint of a pair tells it from any other. */
function addPair(user: u32, day: i32): bool {
  const low = avalanche(user + <u32>day * 0x9e3779b1);
  return add(PAIRS, avalanche(<u32>day ^ low), low);
}

function avalanche(value: u32): u32 {
  let x = value;
  x = (x ^ (x >> 16)) * 0x85ebca6b;
  x = (x ^ (x >> 13)) * 0xc2b2ae35;
  return x ^ (x >> 16);
}
