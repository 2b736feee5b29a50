// What becomes of a judge's identities: most are plain, and get their rows here; the others are the host's.
import {
  addUser,
  findUser,
  isOnly,
  KNOWN_CLAIMED,
  KNOWN_ROW,
  missesSome,
  missSome,
  SPELLED,
} from './known-users';
import { same } from './headers';
import { addRow, rowCount, USER_IDENTITY, USER_SIZE, USER_SPELLING } from './tally';
import {
  IDENTITIES_EACH,
  MOST_CLAIMED,
  TALLY_CLAIMED,
  TALLY_CLAIMED_SPELLINGS,
  TALLY_MEETINGS,
  TALLY_SCRATCH,
  TALLY_SPELLINGS,
  TALLY_SPELLINGS_SIZE,
  TALLY_USERS,
} from './tally-layout';

// A meeting to come: where the identity's spelling lies, 0 where the host has it; the row, from 1 on, among users
// who are only claimed, 0 where it was not asked for, `TOO_MANY` for one who gets none.
const SPELLING: usize = 0;
const CLAIMED: usize = 4;
const MEETING_SIZE: usize = 8;
const TOO_MANY: u32 = 0xffffffff;
/** Tokens of a claimed user by verdict. */
const CLAIMED_SIZE: usize = 64;

/** Users who are only claimed, and tokens of those for whom there was no row. */
export let claimedCount: u32 = 0;
export let claimedOverflow: f64 = 0;

let rowLimit: u32 = 0;
let claimedLimit: u32 = 0;
let spelled: usize = 0;

export function limitUsers(rows: u32, claimed: u32): void {
  rowLimit = rows;
  claimedLimit = min(claimed, MOST_CLAIMED);
}

// @ts-ignore: decorator
@inline
function meetingOf(judge: u32, index: u32): usize {
  return TALLY_MEETINGS + (<usize>judge * IDENTITIES_EACH + <usize>index) * MEETING_SIZE;
}

/** Room for `length` bytes of spellings; 0 where there is none. */
export function roomForSpellings(length: usize): usize {
  // What is compared is read up to sixteen bytes further.
  if (spelled + length + 16 > TALLY_SPELLINGS_SIZE) return 0;
  const place = TALLY_SPELLINGS + spelled;
  spelled += (length + 15) & ~15;
  return place;
}

/** A judge has spelled `count` identities at `at`, the first of which has the number `from` among its own. */
export function learnSpellings(judge: u32, from: u32, count: u32, at: usize): void {
  let spelling = at;
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(meetingOf(judge, from + i) + SPELLING, <u32>spelling);
    const length = load<u32>(spelling) + load<u32>(spelling + 4) + load<u32>(spelling + 8);
    spelling += (SPELLED + <usize>length + 15) & ~15;
  }
}

/** The first `count` numbers of a judge no longer hold. */
export function forgetMeetings(judge: u32, count: u32): void {
  memory.fill(meetingOf(judge, 0), 0, <usize>count * MEETING_SIZE);
}

/** The row of an identity, from 1 on, where it is the first of its user; 0 where the host must say. */
export function meet(judge: u32, index: u32): u32 {
  const spelling = <usize>load<u32>(meetingOf(judge, index) + SPELLING);
  if (spelling == 0 || !isOnly(spelling)) return 0;
  let user = findUser(spelling);
  const known = user == 0 ? 0 : load<u32>(user + KNOWN_ROW);
  if (known != 0) {
    const first = load<u32>(TALLY_USERS + <usize>(known - 1) * USER_SIZE + USER_SPELLING);
    return first != 0 && isSame(<usize>first, spelling) ? known : 0;
  }
  if (missesSome || rowCount >= rowLimit) return 0;
  if (user == 0) user = addUser(spelling);
  if (user == 0 || !addRow(rowCount)) return 0;
  const row = rowCount;
  store<u32>(user + KNOWN_ROW, row);
  const record = TALLY_USERS + <usize>(row - 1) * USER_SIZE;
  store<u32>(record + USER_SPELLING, <u32>spelling);
  store<u32>(record + USER_IDENTITY, row);
  return row;
}

/** The same user, e-mail and roles, letter for letter. */
function isSame(a: usize, b: usize): bool {
  if (load<u64>(a) != load<u64>(b) || load<u32>(a + 8) != load<u32>(b + 8)) return false;
  const length = load<u32>(a) + load<u32>(a + 4) + load<u32>(a + 8);
  return same(a + SPELLED, b + SPELLED, <usize>length);
}

/** Counts a token whose claims nothing vouches for; false where the host must. */
export function countClaimed(judge: u32, index: u32, verdict: u8): bool {
  const meeting = meetingOf(judge, index);
  let row = load<u32>(meeting + CLAIMED);
  if (row == 0) {
    row = meetClaimed(<usize>load<u32>(meeting + SPELLING));
    if (row == 0) return false;
    store<u32>(meeting + CLAIMED, row);
  }
  if (row == TOO_MANY) {
    claimedOverflow += 1;
    return true;
  }
  const count = TALLY_CLAIMED + <usize>(row - 1) * CLAIMED_SIZE + <usize>verdict * 4;
  store<u32>(count, load<u32>(count) + 1);
  return true;
}

function meetClaimed(spelling: usize): u32 {
  if (spelling == 0 || !isOnly(spelling)) return 0;
  let user = findUser(spelling);
  const known = user == 0 ? 0 : load<u32>(user + KNOWN_CLAIMED);
  if (known != 0) return known;
  if (missesSome) return 0;
  if (claimedCount >= claimedLimit) return TOO_MANY;
  if (user == 0) user = addUser(spelling);
  if (user == 0) return 0;
  store<u32>(TALLY_CLAIMED_SPELLINGS + <usize>claimedCount * 4, <u32>spelling);
  claimedCount++;
  store<u32>(user + KNOWN_CLAIMED, claimedCount);
  return claimedCount;
}

/** The host has given a row to the user spelled in `TALLY_SCRATCH`: rows from 1 on, 0 for none. */
export function nameUser(row: u32, claimed: u32): void {
  let user = findUser(TALLY_SCRATCH);
  if (user == 0) {
    const length = SPELLED + <usize>load<u32>(TALLY_SCRATCH);
    const spelling = roomForSpellings(length);
    if (spelling != 0) {
      memory.copy(spelling, TALLY_SCRATCH, length);
      user = addUser(spelling);
    }
  }
  if (user == 0) {
    missSome();
    return;
  }
  if (row != 0) store<u32>(user + KNOWN_ROW, row);
  if (claimed != 0) store<u32>(user + KNOWN_CLAIMED, claimed);
}

/** The host has found the row, from 1 on, of an identity that is only claimed; 0 where there are too many. */
export function claim(judge: u32, index: u32, row: u32): void {
  store<u32>(meetingOf(judge, index) + CLAIMED, row == 0 ? TOO_MANY : row);
  claimedCount = max(claimedCount, row);
}
