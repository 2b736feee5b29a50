// What the hash is behind the first block of a user's tokens: the standard header leaves 27 characters of claims in
// it, which are the same as long as no more than the user stands in them.
import { headerLength, headerNumber } from './headers';
import { KEY_SLOTS, KEY_SLOT_SIZE, MOST_OWN_PREFIXES, OWN_PREFIXES } from './layout';
import { storeState } from './prefixes';
import { TOKEN_HEADER, TOKEN_IDENTITY, TOKEN_START } from './records';

// An entry is a cache line: the hash values, the block from its 36th byte on, and what is before that and the key's
// slot as one number, 0 for none.
const STATE: usize = 0;
const TAIL: usize = 32;
const KEY: usize = 60;
const ENTRY: usize = 64;
/** Bytes of the block that only the header's number tells. */
const UNSEEN: usize = 36;
const SLOT_BITS: u32 = 6;
/** Headers with a higher number have no entry: shifted, it would be that of another one. */
const MOST_NUMBER: u32 = 0xffffffff >> SLOT_BITS;

/** Where fewer than a quarter of so many is known, as many times `REST` are not looked for. */
const TRIAL: u32 = 1 << 14;
const REST: u32 = 16;

let tried: u32 = 0;
let found: u32 = 0;
let resting: u32 = 0;

// @ts-ignore: decorator
@inline
function entryOf(identity: u32): usize {
  return OWN_PREFIXES + <usize>identity * ENTRY;
}

/** Where a record's user has an entry, 0 for nowhere: identities that have no number yet, or a high one, have none. */
// @ts-ignore: decorator
@inline
export function ownPlace(record: usize): usize {
  if (resting != 0) {
    resting--;
    return 0;
  }
  const identity = load<u32>(record + TOKEN_IDENTITY);
  const header = <usize>load<u32>(record + TOKEN_HEADER);
  const isTold = headerLength(header) >= UNSEEN && headerNumber(header) <= MOST_NUMBER;
  return isTold && identity < MOST_OWN_PREFIXES ? entryOf(identity) : 0;
}

/** Reads the entry of a record's user, so that it is near. */
// @ts-ignore: decorator
@inline
export function approachOwn(record: usize): u32 {
  const identity = load<u32>(record + TOKEN_IDENTITY);
  return resting == 0 && identity < MOST_OWN_PREFIXES ? load<u32>(entryOf(identity)) : 0;
}

/** Whether an entry holds the hash values behind the first block of a record's message. */
// @ts-ignore: decorator
@inline
export function isKept(entry: usize, record: usize, slot: usize): bool {
  const at = <usize>load<u32>(record + TOKEN_START);
  const differs = v128.or(
    v128.xor(v128.load(entry + TAIL), v128.load(at + UNSEEN)),
    v128.xor(v128.load(entry + TAIL + 12), v128.load(at + UNSEEN + 12)),
  );
  const isFound = load<u32>(entry + KEY) == keyOf(record, slot) && !v128.any_true(differs);
  if (isFound) found++;
  if (++tried == TRIAL) {
    if (found < TRIAL / 4) resting = TRIAL * REST;
    tried = 0;
    found = 0;
  }
  return isFound;
}

/** Keeps the hash values of a lane; false where the entry is none of ours. */
export function keepOwn(entry: usize, record: usize, lane: usize, slot: usize): bool {
  if (entry < OWN_PREFIXES) return false;
  const at = <usize>load<u32>(record + TOKEN_START);
  storeState(entry + STATE, lane);
  v128.store(entry + TAIL, v128.load(at + UNSEEN));
  v128.store(entry + TAIL + 12, v128.load(at + UNSEEN + 12));
  store<u32>(entry + KEY, keyOf(record, slot));
  return true;
}

// @ts-ignore: decorator
@inline
function keyOf(record: usize, slot: usize): u32 {
  const number = headerNumber(<usize>load<u32>(record + TOKEN_HEADER));
  return (number << SLOT_BITS) | <u32>((slot - KEY_SLOTS) / KEY_SLOT_SIZE);
}
