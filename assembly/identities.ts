// Who a claims set names, recognised by its bytes, which the host gets once.
import {
  IDENTITIES,
  IDENTITY_NUMBERS,
  IDENTITY_SIZE,
  IDENTITY_SETS,
  MOST_IDENTITIES,
  SPELLINGS,
  SPELLINGS_SIZE,
} from './layout';
import { same } from './headers';
import { waysWith } from './ways';

// A name in claims: where user, e-mail and roles start, and their lengths (0 for none; values bring their
// delimiters); then its hash, and where the table may know it.
const USER: usize = 0;
const USER_LENGTH: usize = 4;
const EMAIL: usize = 8;
const EMAIL_LENGTH: usize = 12;
const ROLES: usize = 16;
const ROLES_LENGTH: usize = 20;
const HASH: usize = 24;
export const NAME_SIZE: usize = 32;

// An identity: where its spelling lies, and its hash. A spelling: three lengths, the host's number or, as long as there
// is none, the index with `UNNUMBERED`, then user, e-mail and roles.
const PLACE: usize = 0;
const KEPT_HASH: usize = 4;
const NUMBER: usize = 12;
const UNNUMBERED: u32 = 0x80000000;
const TEXT: usize = 16;

// A set is a cache line: the hashes of eight spellings, then where each lies, 0 for none.
const WAYS: u32 = 8;
const PLACES: usize = 32;
const SET_SIZE: usize = 64;
const FIRST_SETS: u32 = 1 << 10;
const MOST_SETS: u32 = MOST_IDENTITIES / 4;
/** So many identities a set, on average: with more, the next sets would fill up too. */
const FULL: u32 = 5;
/** Names that somebody made to collide are not searched for long: then one may get a second number. */
const MOST_STEPS: u32 = 32;

/** Where the spellings lie that the host has not got yet, and how long they are. */
export let freshStart: usize = SPELLINGS;
export let freshLength: usize = 0;
let identityCount: u32 = 0;
let numbered: u32 = 0;
let sets: u32 = FIRST_SETS;
let used: usize = 0;
let seed: u64 = 0x9e3779b97f4a7c15;

/** Makes hashes unpredictable: nobody can prepare names that collide. */
export function seedIdentities(value: u32): void {
  seed ^= (<u64>value << 32) | value;
}

/** Forgets all; the first number given after it is 0 again. */
export function clearIdentities(): void {
  identityCount = 0;
  numbered = 0;
  used = 0;
  freshStart = SPELLINGS;
  freshLength = 0;
  memory.fill(IDENTITY_SETS, 0, <usize>sets * SET_SIZE);
  sets = FIRST_SETS;
}

/** Whether a block of four million bytes may find no room. */
export function identitiesAreFull(): bool {
  return <i32>identityCount > MOST_IDENTITIES / 2 || <i32>used > SPELLINGS_SIZE / 2;
}

/** A keyed hash of `length` bytes; up to seven more are read. */
export function hashOf(at: usize, length: usize): u32 {
  let hash = seed ^ <u64>length;
  const end = at + length;
  let i = at;
  for (; i + 8 <= end; i += 8) {
    hash = (hash ^ load<u64>(i)) * 0xd6e8feb86659fd93;
    hash ^= hash >> 32;
  }
  if (i < end) {
    const rest = load<u64>(i) & (((<u64>1) << (<u64>(end - i) << 3)) - 1);
    hash = (hash ^ rest) * 0xd6e8feb86659fd93;
    hash ^= hash >> 32;
  }
  return <u32>(hash ^ (hash >> 29));
}

// @ts-ignore: decorator
@inline
function setOf(hash: u32, step: u32): usize {
  return IDENTITY_SETS + <usize>((hash + step) & (sets - 1)) * SET_SIZE;
}

/** Where the spelling in a way of a set lies, 0 for none. */
// @ts-ignore: decorator
@inline
function placeOf(set: usize, way: u32): usize {
  return <usize>load<u32>(set + PLACES + (<usize>way << 2));
}

/** The first free way of a set, `WAYS` where there is none. */
// @ts-ignore: decorator
@inline
function freeWay(set: usize): u32 {
  return <u32>ctz(waysWith(set + PLACES, 0) | (1 << WAYS));
}

/** Writes down where a name stands. */
export function prepareName(
  name: usize,
  user: usize,
  userLength: usize,
  email: usize,
  emailLength: usize,
  roles: usize,
  rolesLength: usize,
): void {
  store<u32>(name + USER, <u32>user);
  store<u32>(name + USER_LENGTH, <u32>userLength);
  store<u32>(name + EMAIL, <u32>email);
  store<u32>(name + EMAIL_LENGTH, <u32>emailLength);
  store<u32>(name + ROLES, <u32>roles);
  store<u32>(name + ROLES_LENGTH, <u32>rolesLength);
  store<u32>(name + HASH, hashOf(user, userLength));
}

/** Reads the set where a name may be known, so that it is near. */
// @ts-ignore: decorator
@inline
export function approachName(name: usize): u32 {
  return load<u32>(setOf(load<u32>(name + HASH), 0));
}

/** Where the spelling lies that a name is likely to be compared with. */
// @ts-ignore: decorator
@inline
export function likelySpelling(name: usize): usize {
  const hash = load<u32>(name + HASH);
  const set = setOf(hash, 0);
  const ways = waysWith(set, hash);
  return ways == 0 ? set : placeOf(set, ctz(ways));
}

// @ts-ignore: decorator
@inline
function isSpelling(place: usize, name: usize): bool {
  // The three lengths lie in the same order, with something between them.
  const user = load<u32>(name + USER_LENGTH);
  const email = load<u32>(name + EMAIL_LENGTH);
  const roles = load<u32>(name + ROLES_LENGTH);
  if (load<u32>(place) != user || load<u32>(place + 4) != email) return false;
  if (load<u32>(place + 8) != roles) return false;
  const text = place + TEXT;
  if (!same(text, <usize>load<u32>(name + USER), user)) return false;
  if (!same(text + user, <usize>load<u32>(name + EMAIL), email)) return false;
  return same(text + user + email, <usize>load<u32>(name + ROLES), roles);
}

/** The identity of a name, a new one where need be: what `numberOf` takes. */
export function identify(name: usize): u32 {
  const hash = load<u32>(name + HASH);
  for (let step: u32 = 0; step < MOST_STEPS; step++) {
    const set = setOf(hash, step);
    for (let ways = waysWith(set, hash); ways != 0; ways &= ways - 1) {
      const place = placeOf(set, ctz(ways));
      if (place != 0 && isSpelling(place, name)) return load<u32>(place + NUMBER);
    }
    if (freeWay(set) < WAYS) break;
  }
  return learn(hash, name);
}

/** Lets a spelling be found by its hash, as long as there is room near the place of that. */
function enter(hash: u32, place: usize): void {
  for (let step: u32 = 0; step < MOST_STEPS; step++) {
    const set = setOf(hash, step);
    const way = freeWay(set);
    if (way == WAYS) continue;
    store<u32>(set + (<usize>way << 2), hash);
    store<u32>(set + PLACES + (<usize>way << 2), <u32>place);
    return;
  }
}

function learn(hash: u32, name: usize): u32 {
  const user = <usize>load<u32>(name + USER_LENGTH);
  const email = <usize>load<u32>(name + EMAIL_LENGTH);
  const roles = <usize>load<u32>(name + ROLES_LENGTH);
  const place = SPELLINGS + used;
  used += (TEXT + user + email + roles + 15) & ~15;
  store<u32>(place, <u32>user);
  store<u32>(place + 4, <u32>email);
  store<u32>(place + 8, <u32>roles);
  store<u32>(place + NUMBER, identityCount | UNNUMBERED);
  memory.copy(place + TEXT, <usize>load<u32>(name + USER), user);
  memory.copy(place + TEXT + user, <usize>load<u32>(name + EMAIL), email);
  memory.copy(place + TEXT + user + email, <usize>load<u32>(name + ROLES), roles);
  const identity = IDENTITIES + <usize>identityCount * IDENTITY_SIZE;
  store<u32>(identity + PLACE, <u32>place);
  store<u32>(identity + KEPT_HASH, hash);
  identityCount++;
  freshLength = SPELLINGS + used - freshStart;
  if (identityCount > sets * FULL && sets < MOST_SETS) widen();
  else enter(hash, place);
  return (identityCount - 1) | UNNUMBERED;
}

function widen(): void {
  sets *= 2;
  memory.fill(IDENTITY_SETS, 0, <usize>sets * SET_SIZE);
  for (let i: u32 = 0; i < identityCount; i++) {
    const identity = IDENTITIES + <usize>i * IDENTITY_SIZE;
    enter(load<u32>(identity + KEPT_HASH), <usize>load<u32>(identity + PLACE));
  }
}

/** Identities without a number; they get the host's next ones, from `first` on, and the host has got their spellings. */
export function numberIdentities(first: u32): u32 {
  const before = numbered;
  for (; numbered < identityCount; numbered++) {
    const number = first + numbered - before;
    store<u32>(IDENTITY_NUMBERS + <usize>numbered * 4, number);
    const place = load<u32>(IDENTITIES + <usize>numbered * IDENTITY_SIZE + PLACE);
    store<u32>(<usize>place + NUMBER, number);
  }
  freshStart = SPELLINGS + used;
  freshLength = 0;
  return numbered - before;
}

/** The host's number of what `identify` told. */
// @ts-ignore: decorator
@inline
export function numberOf(identity: u32): u32 {
  if ((identity & UNNUMBERED) == 0) return identity;
  return load<u32>(IDENTITY_NUMBERS + <usize>(identity & ~UNNUMBERED) * 4);
}
