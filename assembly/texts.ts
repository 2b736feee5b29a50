// Texts of lines' fields, recognised by their bytes: the host makes a string once for each.
import {
  MOST_QUEUED,
  MOST_TEXTS,
  TEXTS,
  TEXTS_SIZE,
  TEXT_PLACES,
  TEXT_PLACE_SIZE,
  TEXT_QUEUE,
  TEXT_QUEUE_ENTRY,
  TEXT_SLOTS,
  TEXT_SLOT_COUNT,
} from './layout';
import { same } from './headers';
import { hashOf } from './identities';
import { FIELDS_WAY, SLOW } from './records';

// A slot: a hash, and where the text with that hash is kept: kind and length, its value, then its bytes.
const SLOT_SIZE: usize = 8;
const VALUE: usize = 4;
const TEXT: usize = 8;

// A text that waits for its id: kind, start, length and hash, then its line's record, and where the id goes.
const KIND: usize = 0;
const START: usize = 4;
const LENGTH: usize = 8;
const HASH: usize = 12;
const RECORD: usize = 16;
const PLACE: usize = 20;

/** Longer texts hardly come again. */
const LONGEST_TEXT: usize = 256;
/** Texts that somebody made to collide are not searched for long. */
const MOST_STEPS: u32 = 16;

/** What no text has as its value. */
export const UNKNOWN: i32 = i32.MIN_VALUE;

/** Ids given since the table was empty; where the new ones stand is told by `TEXT_PLACES`: kind, start, end. */
export let textCount: i32 = 0;
/** Texts that wait. */
export let queued: i32 = 0;
let fetched: usize = 0;
/** Texts that are kept, names among them, and their bytes. */
let kept: i32 = 0;
let used: usize = 0;
/** Where the text belongs that was not found, 0 for nowhere. */
let free: usize = 0;
let freeHash: u32 = 0;

/** Forgets all; the first id given after it is 0 again. */
export function clearTexts(): void {
  textCount = 0;
  kept = 0;
  used = 0;
  memory.fill(TEXT_SLOTS, 0, <usize>TEXT_SLOT_COUNT * SLOT_SIZE);
}

/** Whether the next block may find no room. */
export function textsAreFull(): bool {
  // Three quarters of the slots are free: few texts find no place.
  const isCrowded = kept > TEXT_SLOT_COUNT / 4;
  return isCrowded || textCount > MOST_TEXTS / 2 || <i32>used > TEXTS_SIZE / 2;
}

// @ts-ignore: decorator
@inline
function hashOfText(kind: u32, at: usize, length: usize): u32 {
  return hashOf(at, length) ^ (kind * 0x9e3779b1);
}

// @ts-ignore: decorator
@inline
function slotOf(hash: u32, step: u32): usize {
  return TEXT_SLOTS + <usize>((hash + step) & (TEXT_SLOT_COUNT - 1)) * SLOT_SIZE;
}

/** The value kept for a text of a kind, else `UNKNOWN`. */
export function findText(kind: u32, at: usize, length: usize): i32 {
  return find(kind, at, length, hashOfText(kind, at, length));
}

function find(kind: u32, at: usize, length: usize, hash: u32): i32 {
  const label = (kind << 16) | <u32>length;
  free = 0;
  freeHash = hash;
  for (let step: u32 = 0; step < MOST_STEPS; step++) {
    const slot = slotOf(hash, step);
    const place = <usize>load<u32>(slot + 4);
    if (place == 0) {
      free = slot;
      return UNKNOWN;
    }
    if (load<u32>(slot) != hash || load<u32>(place) != label) continue;
    if (same(place + TEXT, at, length)) return load<i32>(place + VALUE);
  }
  return UNKNOWN;
}

/** Keeps a value for the text that was just not found; false where there is no room. */
export function keepText(kind: u32, at: usize, length: usize, value: i32): bool {
  const size = (TEXT + length + 15) & ~15;
  if (free == 0 || used + size > <usize>TEXTS_SIZE) return false;
  const place = TEXTS + used;
  used += size;
  kept++;
  store<u32>(place, (kind << 16) | <u32>length);
  store<i32>(place + VALUE, value);
  memory.copy(place + TEXT, at, length);
  store<u32>(free, freeHash);
  store<u32>(free + 4, <u32>place);
  return true;
}

/** Lets a text wait for its id, which goes to a place in the line's record. There must be room: see `isQueueFull`. */
export function enqueueText(kind: u32, at: usize, length: usize, record: usize, place: usize): void {
  const entry = TEXT_QUEUE + <usize>(queued * TEXT_QUEUE_ENTRY);
  queued++;
  store<u32>(entry + KIND, kind);
  store<u32>(entry + START, <u32>at);
  store<u32>(entry + LENGTH, <u32>length);
  store<u32>(entry + HASH, length > LONGEST_TEXT ? 0 : hashOfText(kind, at, length));
  store<u32>(entry + RECORD, <u32>record);
  store<u32>(entry + PLACE, <u32>place);
}

/** Whether there may be no room for the texts of another line. */
export function isQueueFull(): bool {
  return queued > MOST_QUEUED - 8;
}

/** Forgets the texts that wait but for the first `count`. */
export function dropTexts(count: i32): void {
  queued = count;
}

/** Gives the texts that wait their ids; where there are no more the line is the host's. */
export function settleTexts(): void {
  const end = TEXT_QUEUE + <usize>(queued * TEXT_QUEUE_ENTRY);
  queued = 0;
  // Loops that only ask for memory are short: the machine then asks for many places at once.
  let sum: usize = 0;
  for (let entry = TEXT_QUEUE; entry < end; entry += TEXT_QUEUE_ENTRY) {
    sum += load<u32>(slotOf(load<u32>(entry + HASH), 0));
  }
  for (let entry = TEXT_QUEUE; entry < end; entry += TEXT_QUEUE_ENTRY) {
    const place = <usize>load<u32>(slotOf(load<u32>(entry + HASH), 0) + 4);
    sum += load<u32>(place);
  }
  fetched += sum;
  for (let entry = TEXT_QUEUE; entry < end; entry += TEXT_QUEUE_ENTRY) {
    const at = <usize>load<u32>(entry + START);
    const length = <usize>load<u32>(entry + LENGTH);
    const id = idOf(load<u32>(entry + KIND), at, length, load<u32>(entry + HASH));
    const record = <usize>load<u32>(entry + RECORD);
    store<i32>(record + <usize>load<u32>(entry + PLACE), id);
    if (id == UNKNOWN) store<u32>(record + FIELDS_WAY, SLOW);
  }
}

/** The id of the text of a field, a new one where it is not known; `UNKNOWN` where there are no more. */
function idOf(kind: u32, at: usize, length: usize, hash: u32): i32 {
  const isKept = length <= LONGEST_TEXT;
  if (isKept) {
    const known = find(kind, at, length, hash);
    if (known != UNKNOWN) return known;
  }
  if (textCount == MOST_TEXTS) return UNKNOWN;
  const place = TEXT_PLACES + <usize>(textCount * TEXT_PLACE_SIZE);
  store<u32>(place, kind);
  store<u32>(place + 4, <u32>at);
  store<u32>(place + 8, <u32>(at + length));
  if (isKept) keepText(kind, at, length, textCount);
  return textCount++;
}
