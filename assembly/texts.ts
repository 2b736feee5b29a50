// Texts of lines' fields, recognised by their bytes: the host makes a string once for each.
import {
  MOST_TEXTS,
  TEXTS,
  TEXTS_SIZE,
  TEXT_PLACES,
  TEXT_PLACE_SIZE,
  TEXT_SLOTS,
  TEXT_SLOT_COUNT,
} from './layout';
import { same } from './headers';
import { hashOf } from './identities';

// A slot: a hash, and where the text with that hash is kept: kind and length, its value, then its bytes.
const SLOT_SIZE: usize = 8;
const VALUE: usize = 4;
const TEXT: usize = 8;

/** Longer texts hardly come again. */
const LONGEST_TEXT: usize = 256;
/** Texts that somebody made to collide are not searched for long. */
const MOST_STEPS: u32 = 16;

/** What no text has as its value. */
export const UNKNOWN: i32 = i32.MIN_VALUE;

/** Ids given since the table was empty; where the new ones stand is told by `TEXT_PLACES`: kind, start, end. */
export let textCount: i32 = 0;
let used: usize = 0;
/** Where the text belongs that was not found, 0 for nowhere. */
let free: usize = 0;
let freeHash: u32 = 0;

/** Forgets all; the first id given after it is 0 again. */
export function clearTexts(): void {
  textCount = 0;
  used = 0;
  memory.fill(TEXT_SLOTS, 0, <usize>TEXT_SLOT_COUNT * SLOT_SIZE);
}

/** Whether the next block may find no room. */
export function textsAreFull(): bool {
  return textCount > MOST_TEXTS / 2 || <i32>used > TEXTS_SIZE / 2;
}

/** The value kept for a text of a kind, else `UNKNOWN`. */
export function findText(kind: u32, at: usize, length: usize): i32 {
  const hash = hashOf(at, length) ^ (kind * 0x9e3779b1);
  const label = (kind << 16) | <u32>length;
  free = 0;
  freeHash = hash;
  for (let step: u32 = 0; step < MOST_STEPS; step++) {
    const slot = TEXT_SLOTS + <usize>((hash + step) & (TEXT_SLOT_COUNT - 1)) * SLOT_SIZE;
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
  store<u32>(place, (kind << 16) | <u32>length);
  store<i32>(place + VALUE, value);
  memory.copy(place + TEXT, at, length);
  store<u32>(free, freeHash);
  store<u32>(free + 4, <u32>place);
  return true;
}

/** The id of the text of a field, a new one where it is not known; `UNKNOWN` where there are no more. */
export function idOf(kind: u32, at: usize, length: usize): i32 {
  const isKept = length <= LONGEST_TEXT;
  if (isKept) {
    const known = findText(kind, at, length);
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
