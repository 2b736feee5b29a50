// Text of a report that is the same for all users; the host writes it down (src/summarize/user-pieces.ts).
import { TALLY_SCRATCH } from './tally-layout';

/** Pieces, in the order of the names below: a length, and up to 60 bytes. */
export const JSON_PIECES: usize = TALLY_SCRATCH;
const PIECE_SIZE: usize = 64;
const TEXT: usize = 4;

export const SEPARATOR: usize = 0;
export const START: usize = 1;
export const NULL: usize = 2;
/** Behind an id, one for each kind; see `kindOf`. */
export const KINDS: usize = 3;
export const ROLES: usize = 6;
export const FIRST_ROLE: usize = 7;
export const NEXT_ROLE: usize = 8;
/** Before the bracket that ends what has members. */
export const INDENT: usize = 9;
export const TOKENS: usize = 10;
export const DISTINCT: usize = 11;
export const VERDICTS: usize = 12;
/** Before a count, one for each verdict that a user's row counts. */
export const COUNTS: usize = 13;
export const FIRST_SEEN: usize = 18;
export const LAST_SEEN: usize = 19;
export const LATEST_EXPIRY: usize = 20;
export const ACTIVE: usize = 21;
export const EXPIRED: usize = 22;
export const NEVER: usize = 23;

/** Writes a piece to `to`; where it ends. What follows is overwritten, up to the longest piece. */
export function piece(to: usize, index: usize): usize {
  const from = JSON_PIECES + index * PIECE_SIZE;
  memory.copy(to, from + TEXT, PIECE_SIZE - TEXT);
  return to + <usize>load<u32>(from);
}
