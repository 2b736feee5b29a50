// Plain claims sets: JSON as libraries write it, ASCII, no escapes, no nesting but arrays of strings, whole
// numbers, no name twice. Whatever else a payload holds is the host's to judge.
import { same } from './headers';
import { endOfText, endOfWord, isDigit, QUOTE } from './json';
import { find, keyOf, RANK, ROLE } from './names';

/** The group of names of claims. */
const CLAIMS: u32 = 0;

/** What a member is to us; a claim may be several. */
const EXP: u32 = 1;
const NBF: u32 = 2;
const IAT: u32 = 4;
const EMAIL: u32 = 8;
const ROLES: u32 = 16;
const USER: u32 = 32;

/** In place of a place: two names may be the same. */
const REPEATED: usize = 1;

const MOST_MEMBERS: i32 = 24;
const MOST_DIGITS: i32 = 15;

/** Keys of the names so far. */
const SEEN: usize = memory.data(24 * 8);

// The names of the claims set before, in their order: most often it is the same again. Each has its length,
// the place of what is wanted, and its text, with the quote and the colon behind it.
const KNOWN: usize = memory.data(24 * 48);
const KNOWN_SIZE: usize = 48;
const KNOWN_PLACE: usize = 4;
const KNOWN_NAME: usize = 8;
const LONGEST_KNOWN: usize = 24;

export let exp: f64 = NaN;
export let nbf: f64 = NaN;
/** Places and lengths of the values that tell who it is, with their quotes; 0 for none. */
export let userStart: usize = 0;
export let userLength: usize = 0;
export let emailStart: usize = 0;
export let emailLength: usize = 0;
export let rolesStart: usize = 0;
export let rolesLength: usize = 0;

let userRank: u32 = 0;
let knownNames: i32 = 0;
/** The number that `endOfValue` went over. */
let number: f64 = NaN;

/** The end of the plain value at `at`, 0 where it is not plain. */
function endOfValue(at: usize, end: usize): usize {
  const first = load<u8>(at);
  if (first == QUOTE) {
    const quote = endOfText(at + 1, end);
    return quote == 0 ? 0 : quote + 1;
  }
  if (first == 0x5b) return endOfTexts(at, end);
  if (first > 0x39) return endOfWord(at);
  const digits = first == 0x2d ? at + 1 : at;
  let value: i64 = 0;
  let i = digits;
  const eight = load<u64>(i);
  if (areDigits(eight)) {
    value = <i64>valueOf(eight);
    i += 8;
  }
  for (let c = load<u8>(i); isDigit(c); c = load<u8>(i)) {
    value = value * 10 + <i64>(c - 0x30);
    i++;
  }
  const count = <i32>(i - digits);
  if (count == 0 || count > MOST_DIGITS) return 0;
  number = first == 0x2d ? -(<f64>value) : <f64>value;
  return load<u8>(digits) == 0x30 && count > 1 ? 0 : i;
}

/** Whether eight characters are digits. */
// @ts-ignore: decorator
@inline
function areDigits(text: u64): bool {
  const tens = text & 0xf0f0f0f0f0f0f0f0;
  const above = (text + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0;
  return (tens | (above >> 4)) == 0x3333333333333333;
}

/** The number that eight digits are: pairs of them first, then pairs of pairs. */
// @ts-ignore: decorator
@inline
function valueOf(digits: u64): u64 {
  let value = ((digits & 0x0f0f0f0f0f0f0f0f) * 0xa01) >> 8;
  value = ((value & 0x00ff00ff00ff00ff) * 0x640001) >> 16;
  return ((value & 0x0000ffff0000ffff) * 0x271000000001) >> 32;
}

/** An array of strings, as of `aud` and `roles`. */
function endOfTexts(at: usize, end: usize): usize {
  if (load<u8>(at + 1) == 0x5d) return at + 2;
  let i = at + 1;
  while (true) {
    if (load<u8>(i) != QUOTE) return 0;
    const quote = endOfText(i + 1, end);
    if (quote == 0) return 0;
    const next = load<u8>(quote + 1);
    if (next == 0x5d) return quote + 2;
    if (next != 0x2c) return 0;
    i = quote + 2;
  }
}

/** The known name of member number `member` where it stands at `name`, 0 otherwise. */
// @ts-ignore: decorator
@inline
function knownAt(name: usize, member: i32): usize {
  if (member >= knownNames) return 0;
  const known = KNOWN + <usize>member * KNOWN_SIZE;
  return same(known + KNOWN_NAME, name, <usize>load<u32>(known) + 2) ? known : 0;
}

/** The place of what is wanted under another name of member number `member`, 0 for nothing. */
function placeOf(name: usize, length: usize, member: i32): usize {
  knownNames = min(knownNames, member);
  const key = keyOf(name, length);
  for (let k = 0; k < member; k++) if (load<u64>(SEEN + k * 8) == key) return REPEATED;
  store<u64>(SEEN + member * 8, key);
  const place = find(key, name, length, CLAIMS);
  if (length <= LONGEST_KNOWN && knownNames == member) {
    const known = KNOWN + <usize>member * KNOWN_SIZE;
    store<u32>(known, <u32>length);
    store<u32>(known + KNOWN_PLACE, <u32>place);
    v128.store(known + KNOWN_NAME, v128.load(name));
    v128.store(known + KNOWN_NAME + 16, v128.load(name + 16));
    knownNames++;
  }
  return place;
}

/** Reads the claims set of `length` bytes at `json`; false where it is not plain. */
export function readClaims(json: usize, length: usize): bool {
  exp = NaN;
  nbf = NaN;
  userStart = 0;
  userLength = 0;
  emailStart = 0;
  emailLength = 0;
  rolesStart = 0;
  rolesLength = 0;
  const end = json + length;
  // What an earlier payload left behind must not be read as part of this one.
  v128.store(end, i8x16.splat(0));
  if (length < 3 || load<u8>(json) != 0x7b || load<u8>(end - 1) != 0x7d) return false;
  let members = 0;
  let i = json + 1;
  while (true) {
    if (load<u8>(i) != QUOTE) return false;
    const name = i + 1;
    const known = knownAt(name, members);
    let nameEnd: usize;
    let place: usize;
    if (known != 0) {
      nameEnd = name + <usize>load<u32>(known);
      place = <usize>load<u32>(known + KNOWN_PLACE);
    } else {
      nameEnd = endOfText(name, end);
      if (nameEnd == 0 || load<u8>(nameEnd + 1) != 0x3a || members == MOST_MEMBERS) return false;
      place = placeOf(name, nameEnd - name, members);
      if (place == REPEATED) return false;
    }
    members++;
    const value = nameEnd + 2;
    const valueEnd = endOfValue(value, end);
    if (valueEnd == 0) return false;
    if (place != 0 && !take(place, value, valueEnd)) return false;
    const after = load<u8>(valueEnd);
    if (after == 0x7d) return valueEnd == end - 1;
    if (after != 0x2c) return false;
    i = valueEnd + 1;
  }
}

/** Takes the value of a wanted claim; false where it is not what the plain way expects. */
function take(place: usize, at: usize, end: usize): bool {
  const role = load<u32>(place + ROLE);
  const first = load<u8>(at);
  if ((role & (EXP | NBF | IAT)) != 0) {
    // A date that also names the user is the host's.
    if (role > IAT) return false;
    if (!isDigit(first) && first != 0x2d) return false;
    if (role == EXP) exp = number;
    else if (role == NBF) nbf = number;
    return true;
  }
  if ((role & ROLES) != 0) {
    if (rolesStart != 0) return false;
    rolesStart = at;
    rolesLength = end - at;
  }
  if ((role & EMAIL) != 0) {
    if (first != QUOTE) return false;
    emailStart = at;
    emailLength = end - at;
  }
  if ((role & USER) != 0) {
    // An empty string and other types name a user only if nothing else does.
    if (first == QUOTE ? end - at == 2 : !isDigit(first) && first != 0x2d) return false;
    const rank = load<u32>(place + RANK);
    if (userStart == 0 || rank < userRank) {
      userStart = at;
      userLength = end - at;
      userRank = rank;
    }
  }
  return true;
}
