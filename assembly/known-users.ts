// Users whom a tally has met, by the bytes of their id as claims spell it. An id that can be spelled in another
// way too is the host's: what is compared here names one user, and no other spelling names the same.
import { hashOf } from './identities';
import { same } from './headers';
import { MOST_KNOWN_USERS, TALLY_KNOWN, TALLY_KNOWN_SLOTS } from './tally-layout';

/** A spelling: the lengths of user, e-mail and roles, a number, then the three; see assembly/identities.ts. */
export const SPELLED: usize = 16;

// A user: a spelling with this id, its hash; rows, from 1 on, 0 for none: among users whose tokens verified,
// and among those that are only claimed.
const SPELLING: usize = 0;
const HASH: usize = 4;
export const KNOWN_ROW: usize = 8;
export const KNOWN_CLAIMED: usize = 12;
const USER_SIZE: usize = 16;

// A slot: a hash, and the user's number, from 1 on.
const SLOT_SIZE: usize = 8;
const FIRST_SLOTS: u32 = 1 << 12;

/** With `shownText` in src/verify/identity.ts: a longer text, with its quotes, may hold a token, and is shown without it. */
export const LONGEST_TEXT: u32 = 69;
const QUOTE: u8 = 0x22;
const MINUS: u8 = 0x2d;

/** A user whom the host knows found no room: whoever is not found may be known all the same. */
export let missesSome: bool = false;
let count: u32 = 0;
let slots: u32 = FIRST_SLOTS;

// @ts-ignore: decorator
@inline
function slotAt(index: u32): usize {
  return TALLY_KNOWN_SLOTS + <usize>(index & (slots - 1)) * SLOT_SIZE;
}

/** Whether no other spelling names the same user: a short text, whole digits, or nothing at all. */
export function isOnly(spelling: usize): bool {
  const length = load<u32>(spelling);
  if (length == 0) return true;
  const first = load<u8>(spelling + SPELLED);
  return first != MINUS && (first != QUOTE || length <= LONGEST_TEXT);
}

/** The user that a spelling names, 0 for one who was not met. */
export function findUser(spelling: usize): usize {
  const length = <usize>load<u32>(spelling);
  const hash = hashOf(spelling + SPELLED, length);
  let index = hash;
  while (true) {
    const slot = slotAt(index++);
    const number = load<u32>(slot + 4);
    if (number == 0) return 0;
    if (load<u32>(slot) != hash) continue;
    const user = TALLY_KNOWN + <usize>number * USER_SIZE;
    const known = <usize>load<u32>(user + SPELLING);
    if (<usize>load<u32>(known) != length) continue;
    if (same(known + SPELLED, spelling + SPELLED, length)) return user;
  }
}

/** A user who was not met, by a spelling that stays where it is; 0 where there are too many. */
export function addUser(spelling: usize): usize {
  if (count + 1 == MOST_KNOWN_USERS) return 0;
  count++;
  const user = TALLY_KNOWN + <usize>count * USER_SIZE;
  store<u32>(user + SPELLING, <u32>spelling);
  store<u32>(user + HASH, hashOf(spelling + SPELLED, <usize>load<u32>(spelling)));
  if (count * 2 > slots) widen();
  else place(user, count);
  return user;
}

/** From now on whoever is not found is left to the host. */
export function missSome(): void {
  missesSome = true;
}

function place(user: usize, number: u32): void {
  const hash = load<u32>(user + HASH);
  let index = hash;
  while (load<u32>(slotAt(index) + 4) != 0) index++;
  store<u32>(slotAt(index), hash);
  store<u32>(slotAt(index) + 4, number);
}

function widen(): void {
  slots *= 2;
  memory.fill(TALLY_KNOWN_SLOTS, 0, <usize>slots * SLOT_SIZE);
  for (let number: u32 = 1; number <= count; number++) {
    place(TALLY_KNOWN + <usize>number * USER_SIZE, number);
  }
}
