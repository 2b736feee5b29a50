// Which users have a token that ends on a day: a bit each while they are dense enough, else a set of pairs.
import { add, PAIRS } from './fingerprints';
import {
  CHUNK_SIZE,
  DIRECTORY_SIZE,
  MOST_CHUNKS,
  MOST_DIRECTORIES,
  TALLY_CHUNKS,
  TALLY_DIRECTORIES,
  TALLY_META,
} from './tally-layout';

const USERS_EACH_BITS: u32 = 12;
const MOST_USERS: u32 = MOST_DIRECTORIES << USERS_EACH_BITS;

let chunks: u32 = 0;

/** Pairs that wait, user and day each. */
export const MOST_NOTED: usize = 64;
const NOTED: usize = TALLY_META + 0x3000;
let noted: u32 = 0;

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

/** Leaves a pair to the next call of `addUserDays`, which comes before there are `MOST_NOTED`. */
// @ts-ignore: decorator
@inline
export function noteUserDay(user: u32, day: i32): void {
  const pair = NOTED + <usize>noted * 8;
  store<u32>(pair, user);
  store<i32>(pair + 4, day);
  noted++;
}

/**
 * Adds the noted pairs; of one that was not there, the number of its day counts one more, which lies `stride` bytes for
 * each day behind `counts`. No pair waits for the one before, so the machine works on many at once.
 */
export function addUserDays(counts: usize, stride: usize): void {
  for (let i: u32 = 0; i < noted; i++) {
    const user = load<u32>(NOTED + <usize>i * 8);
    const day = load<i32>(NOTED + <usize>i * 8 + 4);
    const count = counts + <usize>day * stride;
    const chunk = user < MOST_USERS ? chunkOf(user, day) : 0;
    if (chunk == 0) {
      if (addPair(user, day)) store<f64>(count, load<f64>(count) + 1);
      continue;
    }
    const at = byteOf(chunk, user);
    const bits = <u32>load<u8>(at);
    const bit = <u32>1 << (user & 7);
    store<u8>(at, <u8>(bits | bit));
    store<f64>(count, load<f64>(count) + <f64>((~bits >> (user & 7)) & 1));
  }
  noted = 0;
}

/**
 * The chunk with the bits of a user, a new one where need be; 0 where there are too many. Which of the two ways holds a
 * pair never changes.
 */
// @ts-ignore: decorator
@inline
function chunkOf(user: u32, day: i32): u32 {
  const entry = directoryEntry(user, day);
  const chunk = load<u32>(entry);
  if (chunk != 0 || chunks == MOST_CHUNKS) return chunk;
  store<u32>(entry, ++chunks);
  return chunks;
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
