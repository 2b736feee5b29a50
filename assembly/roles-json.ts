// Roles as a report lists them: `readRoles` in src/verify/identity.ts, of a claim that is plain JSON.
import { QUOTE } from './json';
import { FIRST_ROLE, INDENT, NEXT_ROLE, piece, ROLES } from './json-pieces';
import { LONGEST_TEXT } from './known-users';
import { compareTexts, copy } from './text';

const MOST_ROLES: i32 = 64;

// Roles in order: where each starts, and where it ends, without quotes.
const SORTED: usize = memory.data(64 * 8);
const END: usize = 4;
const SIZE: usize = 8;
let count: i32 = 0;

/** Writes the member of the claim from `at` to `end`, but for its closing bracket; 0 where it is the host's. */
export function writeRoles(start: usize, at: usize, end: usize): usize {
  count = 0;
  const isList = load<u8>(at) == 0x5b;
  if (at < end && (isList || load<u8>(at) == QUOTE)) {
    if (!collect(isList ? at + 1 : at, end)) return 0;
  }
  let to = piece(start, ROLES);
  for (let i = 0; i < count; i++) {
    const role = SORTED + <usize>i * SIZE;
    const from = <usize>load<u32>(role);
    to = piece(to, i == 0 ? FIRST_ROLE : NEXT_ROLE);
    // With the quotes around it.
    to = copy(to, from - 1, load<u32>(role + END) - <u32>from + 2);
  }
  return count == 0 ? to : piece(to, INDENT);
}

/** Sorts the texts from `at` on, each once; false where they are too long or too many. */
function collect(at: usize, end: usize): bool {
  let i = at;
  while (i < end && load<u8>(i) == QUOTE) {
    const from = i + 1;
    i = from;
    while (load<u8>(i) != QUOTE) i++;
    if (<u32>(i - from) + 2 > LONGEST_TEXT) return false;
    if (i > from && !insert(from, i)) return false;
    // Behind the quote, and the comma.
    i += 2;
  }
  return true;
}

function insert(from: usize, end: usize): bool {
  let place = count;
  while (place > 0) {
    const before = SORTED + <usize>(place - 1) * SIZE;
    const order = compareTexts(from, end, <usize>load<u32>(before), <usize>load<u32>(before + END));
    if (order == 0) return true;
    if (order > 0) break;
    place--;
  }
  if (count == MOST_ROLES) return false;
  const at = SORTED + <usize>place * SIZE;
  memory.copy(at + SIZE, at, <usize>(count - place) * SIZE);
  store<u32>(at, <u32>from);
  store<u32>(at + END, <u32>end);
  count++;
  return true;
}
