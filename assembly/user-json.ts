// The users of a report as JSON: what src/report/json.ts makes of their records, letter for letter.
import { LONGEST_TEXT, SPELLED } from './known-users';
import { QUOTE } from './json';
import {
  tokensOf,
  USER_EXPIRY,
  USER_FIRST,
  USER_LAST,
  USER_SIZE,
  USER_SPELLING,
} from './tally';
import { TALLY_COLUMNS, TALLY_DISTINCT, TALLY_USERS } from './tally-layout';
import {
  ACTIVE,
  COUNTS,
  DISTINCT,
  EXPIRED,
  FIRST_SEEN,
  INDENT,
  KINDS,
  LAST_SEEN,
  LATEST_EXPIRY,
  NEVER,
  NULL,
  piece,
  SEPARATOR,
  START,
  TOKENS,
  VERDICTS,
} from './json-pieces';
import { writeRoles } from './roles-json';
import { kindOf, ORDERED_ROWS } from './user-order';
import { copy, writeMoment, writeNumber } from './text';

/** Nothing is judged any more: its room is free. Text is handed out when there is so much of it. */
export const USERS_JSON: usize = TALLY_COLUMNS;
const MUCH: usize = 1 << 18;

const MOST_COUNTS: usize = 5;

/** Bytes that the last call wrote to `USERS_JSON`. */
export let jsonLength: usize = 0;

/**
 * Writes the users from `from` on in `ORDERED_ROWS`, each but the first behind a separator, and returns the place
 * of the first that is not written: `end`, or where there is much text, or one who is the host's to write.
 */
export function writeUsers(from: u32, end: u32, now: f64): u32 {
  let to = USERS_JSON;
  let place = from;
  for (; place < end && to < USERS_JSON + MUCH; place++) {
    const row = load<u32>(ORDERED_ROWS + <usize>place * 4);
    const written = writeUser(place == 0 ? to : piece(to, SEPARATOR), <usize>row, now);
    if (written == 0) break;
    to = written;
  }
  jsonLength = to - USERS_JSON;
  return place;
}

/** The end of what was written; 0 for a user who is the host's. */
function writeUser(start: usize, row: usize, now: f64): usize {
  const user = TALLY_USERS + row * USER_SIZE;
  const spelling = <usize>load<u32>(user + USER_SPELLING);
  if (spelling == 0) return 0;
  let to = writeIdentity(start, spelling);
  if (to == 0) return 0;
  to = writeNumber(piece(to, TOKENS), tokensOf(user));
  to = writeNumber(piece(to, DISTINCT), load<u32>(TALLY_DISTINCT + row * 4));
  to = writeCounts(piece(to, VERDICTS), user);
  to = momentOrNull(piece(to, FIRST_SEEN), load<f64>(user + USER_FIRST));
  to = momentOrNull(piece(to, LAST_SEEN), load<f64>(user + USER_LAST));
  const expiry = load<f64>(user + USER_EXPIRY);
  to = momentOrNull(piece(to, LATEST_EXPIRY), expiry * 1000);
  return piece(to, expiry == Infinity ? NEVER : expiry > now ? ACTIVE : EXPIRED);
}

function writeIdentity(start: usize, spelling: usize): usize {
  const id = load<u32>(spelling);
  const email = load<u32>(spelling + 4);
  const roles = load<u32>(spelling + 8);
  if (email > LONGEST_TEXT) return 0;
  let text = spelling + SPELLED;
  let to = piece(start, START);
  to = id == 0 ? piece(to, NULL) : copy(to, text, id);
  text += id;
  to = piece(to, KINDS + kindOf(spelling));
  // Two quotes alone: an empty address is none.
  to = email <= 2 ? piece(to, NULL) : copy(to, text, email);
  text += email;
  return writeRoles(to, text, text + roles);
}

function writeCounts(start: usize, user: usize): usize {
  let to = start;
  for (let i: usize = 0; i < MOST_COUNTS; i++) {
    const count = load<u32>(user + i * 4);
    if (count == 0) continue;
    if (to != start) store<u8>(to++, 0x2c);
    to = writeNumber(piece(to, COUNTS + i), count);
  }
  return to == start ? to : piece(to, INDENT);
}

function momentOrNull(at: usize, milliseconds: f64): usize {
  const end = writeMoment(at + 1, milliseconds);
  if (end == 0) return piece(at, NULL);
  store<u8>(at, QUOTE);
  store<u8>(end, QUOTE);
  return end + 1;
}
