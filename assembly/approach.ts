// Asks for what the tokens of a batch are compared with. Each loop here is as short as can be: the machine looks some
// hundred steps ahead, and asks for whatever it sees there at once.
import { approachSet, likelyPlace } from './cache';
import { approachName, likelySpelling, NAME_SIZE } from './identities';
import { BATCH_NAMES, BATCH_PLACES } from './layout';
import { approachOwn } from './own-prefixes';
import { PENDING, TOKEN_END, TOKEN_SIZE, TOKEN_START, TOKEN_STATE } from './records';

/** A longer token may be kept in more cache lines than four; beyond nine they are not asked for ahead. */
const SHORT: u32 = 256;
const LONGEST: u32 = 576;

let fetched: usize = 0;

// @ts-ignore: decorator
@inline
function recordAt(first: usize, index: i32): usize {
  return first + <usize>index * TOKEN_SIZE;
}

// @ts-ignore: decorator
@inline
function placeAt(index: i32): usize {
  return BATCH_PLACES + <usize>index * 4;
}

/** Where it stands what the payload of a batch's token says of its user. */
// @ts-ignore: decorator
@inline
export function nameAt(index: i32): usize {
  return BATCH_NAMES + <usize>index * NAME_SIZE;
}

// @ts-ignore: decorator
@inline
function isPending(first: usize, index: i32): bool {
  return load<u32>(recordAt(first, index) + TOKEN_STATE) == PENDING;
}

/** For `recall`. */
export function approachKept(first: usize, count: i32): void {
  let sum: usize = 0;
  for (let i = 0; i < count; i++) sum += approachSet(recordAt(first, i));
  let longest: u32 = 0;
  for (let i = 0; i < count; i++) {
    const record = recordAt(first, i);
    store<u32>(placeAt(i), <u32>likelyPlace(record));
    longest = max(longest, load<u32>(record + TOKEN_END) - load<u32>(record + TOKEN_START));
  }
  for (let i = 0; i < count; i++) {
    const place = <usize>load<u32>(placeAt(i));
    sum += load<u32>(place) + load<u32>(place, 64) + load<u32>(place, 128) + load<u32>(place, 192);
  }
  for (let behind = SHORT; behind < min(longest, LONGEST); behind += 64) {
    for (let i = 0; i < count; i++) sum += load<u32>(<usize>(load<u32>(placeAt(i)) + behind));
  }
  fetched += sum;
}

/** For `identify`. */
export function approachSpellings(first: usize, count: i32): void {
  let sum: usize = 0;
  for (let i = 0; i < count; i++) if (isPending(first, i)) sum += approachName(nameAt(i));
  let pending = 0;
  for (let i = 0; i < count; i++) {
    if (!isPending(first, i)) continue;
    store<u32>(placeAt(pending), <u32>likelySpelling(nameAt(i)));
    pending++;
  }
  for (let i = 0; i < pending; i++) {
    const place = <usize>load<u32>(placeAt(i));
    sum += load<u32>(place) + load<u32>(place, 64);
  }
  fetched += sum;
}

/** For what is known of the hash behind the first block. */
export function approachPrefixes(first: usize, count: i32): void {
  let sum: usize = 0;
  for (let i = 0; i < count; i++) if (isPending(first, i)) sum += approachOwn(recordAt(first, i));
  fetched += sum;
}
