// Users in the order of a report, most tokens first, as far as their ids are spelled here: src/summarize/order.ts.
import { SPELLED } from './known-users';
import { QUOTE } from './json';
import { compareTexts } from './text';
import { rowCount, tokensOf, USER_SIZE, USER_SPELLING } from './tally';
import { TALLY_MEETINGS, TALLY_ORIGINS, TALLY_USERS } from './tally-layout';

// Nobody is met any more, so the tables for that are free: one holds what is sorted, the other what comes of it.
const ENTRIES: usize = TALLY_MEETINGS;
const SPARE: usize = TALLY_ORIGINS;
/** Rows in the order of the report, a word each. */
export const ORDERED_ROWS: usize = TALLY_ORIGINS;

// An entry: how many tokens, where the id is spelled, the row.
const TOKENS: usize = 0;
const SPELLING: usize = 8;
const ROW: usize = 12;
const ENTRY_SIZE: usize = 16;

/** Puts the rows of users whose ids are spelled into `ORDERED_ROWS`; how many there are. */
export function orderUsers(): u32 {
  const count = collect();
  const end = <usize>count * ENTRY_SIZE;
  let from = ENTRIES;
  let to = SPARE;
  for (let width = ENTRY_SIZE; width < end; width *= 2) {
    for (let at: usize = 0; at < end; at += width * 2) {
      const middle = min(at + width, end);
      merge(from + at, from + middle, from + min(middle + width, end), to + at);
    }
    const last = from;
    from = to;
    to = last;
  }
  if (from != ENTRIES) memory.copy(ENTRIES, from, end);
  for (let i: usize = 0; i < <usize>count; i++) {
    store<u32>(ORDERED_ROWS + i * 4, load<u32>(ENTRIES + i * ENTRY_SIZE + ROW));
  }
  return count;
}

function collect(): u32 {
  let count: u32 = 0;
  for (let row: u32 = 0; row < rowCount; row++) {
    const user = TALLY_USERS + <usize>row * USER_SIZE;
    const spelling = load<u32>(user + USER_SPELLING);
    if (spelling == 0) continue;
    const entry = ENTRIES + <usize>count * ENTRY_SIZE;
    store<u64>(entry + TOKENS, tokensOf(user));
    store<u32>(entry + SPELLING, spelling);
    store<u32>(entry + ROW, row);
    count++;
  }
  return count;
}

/** Merges the entries from `left` to `right` with those from there to `end`. */
function merge(left: usize, right: usize, end: usize, to: usize): void {
  const middle = right;
  let at = to;
  while (left < middle && right < end) {
    const isRight = isBefore(right, left);
    v128.store(at, v128.load(isRight ? right : left));
    if (isRight) right += ENTRY_SIZE;
    else left += ENTRY_SIZE;
    at += ENTRY_SIZE;
  }
  memory.copy(at, left, middle - left);
  memory.copy(at + (middle - left), right, end - right);
}

// @ts-ignore: decorator
@inline
function isBefore(a: usize, b: usize): bool {
  const tokens = load<u64>(a + TOKENS);
  const others = load<u64>(b + TOKENS);
  if (tokens != others) return tokens > others;
  return compareIds(<usize>load<u32>(a + SPELLING), <usize>load<u32>(b + SPELLING)) < 0;
}

/** Texts before numbers, and who has no id last; a longer number is a larger one. */
function compareIds(a: usize, b: usize): i32 {
  const kind = kindOf(a);
  const difference = kind - kindOf(b);
  if (difference != 0) return difference;
  const lengthOfA = load<u32>(a);
  const lengthOfB = load<u32>(b);
  if (kind == NUMBER && lengthOfA != lengthOfB) return <i32>(lengthOfA - lengthOfB);
  // The quote behind a text is no part of it: it would come before some letters and behind others.
  const quote: usize = kind == TEXT ? 1 : 0;
  const textOfA = a + SPELLED;
  const textOfB = b + SPELLED;
  return compareTexts(
    textOfA,
    textOfA + <usize>lengthOfA - quote,
    textOfB,
    textOfB + <usize>lengthOfB - quote,
  );
}

const TEXT: i32 = 0;
const NUMBER: i32 = 1;
const NOBODY: i32 = 2;

/** What the id is that is spelled at `spelling`. */
export function kindOf(spelling: usize): i32 {
  if (load<u32>(spelling) == 0) return NOBODY;
  return load<u8>(spelling + SPELLED) == QUOTE ? TEXT : NUMBER;
}
