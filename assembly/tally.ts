// Adds judged tokens to numbers: the loop of src/summarize/tally.ts, over tables in one memory.
import { addNow, defer } from './distinct';
import { clearSets } from './fingerprints';
import {
  ORIGIN_SIZE,
  TALLY_COLUMNS,
  TALLY_DAYS,
  TALLY_DAYS_COUNT,
  TALLY_DISTINCT,
  TALLY_ODD,
  TALLY_ORIGINS,
  TALLY_TOTALS,
  TALLY_USERS,
} from './tally-layout';
import { countClaimed, limitUsers, meet } from './meetings';
import { addUserDays, MOST_NOTED, noteUserDay } from './user-days';

// Totals: tokens by verdict, then by expiry bucket tokens, distinct, earliest, latest; then tokens by key.
const MOST_VERDICTS: usize = 16;
const BUCKETS: usize = 8;
export const VERDICT_TOTALS: usize = TALLY_TOTALS;
export const BUCKET_TOKENS: usize = VERDICT_TOTALS + MOST_VERDICTS * 8;
export const BUCKET_DISTINCT: usize = BUCKET_TOKENS + BUCKETS * 8;
export const BUCKET_EARLIEST: usize = BUCKET_DISTINCT + BUCKETS * 8;
export const BUCKET_LATEST: usize = BUCKET_EARLIEST + BUCKETS * 8;
/** For each verdict its place among a user's counts, 255 where its tokens are not verified. */
export const PLACES: usize = BUCKET_LATEST + BUCKETS * 8;
export const KEY_TOTALS: usize = PLACES + MOST_VERDICTS;

// A user, one cache line: five counts, bits of buckets, the identity at the last use, then the first and last
// time, the latest expiry, and how the first identity is spelled, 0 where the host knows.
export const USER_SIZE: usize = 64;
const USER_BUCKETS: usize = 20;
export const USER_IDENTITY: usize = 28;
export const USER_FIRST: usize = 32;
export const USER_LAST: usize = 40;
export const USER_EXPIRY: usize = 48;
export const USER_SPELLING: usize = 56;

// A day: tokens, distinct tokens, users.
const DAY_SIZE: usize = 24;
const DAY_USERS: usize = 16;

const NO_IDENTITY: u32 = 0xffffffff;
const NO_ROW: u32 = 0xffffffff;
/** Both words of the fingerprint of a token that its judge has told before. */
const TOLD: u32 = 0;
const NOT_VERIFIED: u8 = 255;
const DAY: f64 = 86400;
const FIRST_DAY: f64 = -719528;
const LAST_DAY: f64 = 2932896;
const NEVER: i32 = 6;
const LATER: i32 = 5;
/** Tokens whose users are asked for together. */
const GROUP: usize = MOST_NOTED;

/** Tokens of the last call whose days are out of the table: the host's. */
export let oddCount: i32 = 0;
/** The days that were counted lie between. */
let firstDay: i32 = TALLY_DAYS_COUNT;
let lastDay: i32 = -1;

export let rowCount: u32 = 0;

let now: f64 = 0;
let touched: u32 = 0;

/**
 * Starts the tables; `seconds` since the epoch, and how many users may have a row, and how many of those who
 * are only claimed. False where memory ran out.
 */
export function startTally(seconds: f64, rows: u32, claimed: u32): bool {
  const have = <usize>memory.size() << 16;
  const pages = <i32>((TALLY_USERS + 0x10000 - have + 0xffff) >> 16);
  if (pages > 0 && memory.grow(pages) < 0) return false;
  now = seconds;
  limitUsers(rows, claimed);
  clearSets();
  for (let i: usize = 0; i < BUCKETS; i++) {
    store<f64>(BUCKET_EARLIEST + i * 8, Infinity);
    store<f64>(BUCKET_LATEST + i * 8, -Infinity);
  }
  return true;
}

/** Starts the row of a user, the next one; false where memory ran out. */
export function addRow(row: u32): bool {
  const user = TALLY_USERS + <usize>row * USER_SIZE;
  const have = <usize>memory.size() << 16;
  if (user + USER_SIZE > have && memory.grow(64) < 0) return false;
  store<f64>(user + USER_FIRST, Infinity);
  store<f64>(user + USER_LAST, -Infinity);
  store<f64>(user + USER_EXPIRY, -Infinity);
  rowCount = row + 1;
  return true;
}

/** Tokens of a user, of all verdicts. */
export function tokensOf(user: usize): u64 {
  let sum: u64 = 0;
  for (let at = user; at < user + USER_BUCKETS; at += 4) sum += load<u32>(at);
  return sum;
}

/** The first day from `from` on that was counted, -1 for none. */
export function nextDay(from: i32): i32 {
  for (let day = max(from, firstDay); day <= lastDay; day++) {
    if (load<f64>(TALLY_DAYS + <usize>day * DAY_SIZE) != 0) return day;
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function bucketOf(expiry: f64): i32 {
  if (isNaN(expiry)) return NEVER;
  const left = expiry - now;
  if (left <= 0) return 0;
  if (left <= 3600) return 1;
  if (left <= 86400) return 2;
  if (left <= 604800) return 3;
  return left <= 2592000 ? 4 : LATER;
}

// @ts-ignore: decorator
@inline
function increment(at: usize): void {
  store<f64>(at, load<f64>(at) + 1);
}

// What a judge's number of an identity means: its number among those of all judges, and the user's row.
const ENTRY_ROW: usize = 4;
const ENTRY_SIZE: usize = 8;

/** Where the identity of a token is looked up; the first place for a token without one. */
// @ts-ignore: decorator
@inline
function entryOf(origin: usize, identities: usize, at: usize, first: u32): usize {
  const number = load<u32>(identities + at * 4);
  return origin + (number == NO_IDENTITY ? 0 : <usize>(number - first)) * ENTRY_SIZE;
}

/** Asks for the users of some tokens. The loop waits for nothing: the machine then asks for many at once. */
function approachUsers(from: usize, to: usize, origin: usize, identities: usize, first: u32): void {
  let sum: u32 = 0;
  for (let i = from; i < to; i++) {
    const row = load<u32>(entryOf(origin, identities, i, first) + ENTRY_ROW);
    sum += load<u32>(TALLY_USERS + <usize>row * USER_SIZE);
  }
  touched = sum;
}

/**
 * Adds the tokens number `from` to `count` in `TALLY_COLUMNS`; `thread` tells which table knows their
 * identities, `first` the number of its first. Returns the token before which the host must act, or `count`.
 */
export function addTokens(from: i32, count: i32, thread: i32, first: u32): i32 {
  const origin = TALLY_ORIGINS + <usize>thread * ORIGIN_SIZE;
  const total = <usize>count;
  if (from == 0) oddCount = 0;
  let added = <usize>from;
  while (added < total) {
    const to = min(added + GROUP, total);
    approachUsers(added, to, origin, TALLY_COLUMNS + total * 24, first);
    const stopped = addGroup(added, to, total, thread, first);
    addUserDays(TALLY_DAYS + DAY_USERS, DAY_SIZE);
    if (stopped < to) return <i32>stopped;
    added = to;
  }
  return count;
}

/** Adds the tokens number `from` to `to`; returns the one before which the host must act, or `to`. */
function addGroup(from: usize, to: usize, total: usize, thread: i32, first: u32): usize {
  const origin = TALLY_ORIGINS + <usize>thread * ORIGIN_SIZE;
  const times = TALLY_COLUMNS + total * 8;
  const fingerprints = TALLY_COLUMNS + total * 16;
  const identities = TALLY_COLUMNS + total * 24;
  const keys = TALLY_COLUMNS + total * 28;
  const verdicts = TALLY_COLUMNS + total * 30;
  for (let i = from; i < to; i++) {
    const verdict = load<u8>(verdicts + i);
    const place = load<u8>(PLACES + verdict);
    const high = load<u32>(fingerprints + i * 8);
    const low = load<u32>(fingerprints + i * 8 + 4);
    const number = load<u32>(identities + i * 4);
    if (place == NOT_VERIFIED) {
      if (number != NO_IDENTITY && !countClaimed(thread, number - first, verdict)) return i;
      increment(VERDICT_TOTALS + <usize>verdict * 8);
      if ((high | low) != TOLD) defer(high, low, NO_ROW, 0);
      continue;
    }
    const entry = entryOf(origin, identities, i, first);
    let id = load<u32>(entry);
    if (id == 0) {
      id = meet(thread, number - first);
      if (id == 0) return i;
      store<u32>(entry, id);
      store<u32>(entry + ENTRY_ROW, id - 1);
    }
    const row = load<u32>(entry + ENTRY_ROW);
    const user = TALLY_USERS + <usize>row * USER_SIZE;
    if (load<u32>(user + USER_IDENTITY) != id) return i;
    increment(VERDICT_TOTALS + <usize>verdict * 8);
    const key = load<i16>(keys + i * 2);
    if (key >= 0) increment(KEY_TOTALS + <usize>key * 8);
    const expiry = load<f64>(TALLY_COLUMNS + i * 8);
    addUse(user, row, place, expiry, load<f64>(times + i * 8), high, low, i);
  }
  return to;
}

// @ts-ignore: decorator
@inline
function addUse(
  user: usize,
  row: u32,
  place: u8,
  expiry: f64,
  time: f64,
  high: u32,
  low: u32,
  at: usize,
): void {
  const bucket = bucketOf(expiry);
  const count = user + <usize>place * 4;
  store<u32>(count, load<u32>(count) + 1);
  if (time < load<f64>(user + USER_FIRST)) store<f64>(user + USER_FIRST, time);
  if (time > load<f64>(user + USER_LAST)) store<f64>(user + USER_LAST, time);
  increment(BUCKET_TOKENS + <usize>bucket * 8);
  // All else that is known of a token was added when it was told.
  const isTold = (high | low) == TOLD;
  if (!isTold) addExpiry(user, bucket, expiry);
  const rough = expiry / DAY;
  if (!(rough > FIRST_DAY + 1 && rough < LAST_DAY)) {
    if (!isTold) defer(high, low, row, bucket);
    return;
  }
  const day = <i32>floor(rough);
  if (day < 0 || day >= TALLY_DAYS_COUNT) {
    const isNew = !isTold && addNow(high, low);
    if (isNew) countDistinct(row, bucket);
    noteOdd(at | (isNew ? 0x80000000 : 0));
    return;
  }
  increment(TALLY_DAYS + <usize>day * DAY_SIZE);
  if (isTold) return;
  defer(high, low, row, bucket | ((day + 1) << 3));
  if (day < firstDay) firstDay = day;
  if (day > lastDay) lastDay = day;
  noteUserDay(row, day);
}

// @ts-ignore: decorator
@inline
function addExpiry(user: usize, bucket: i32, expiry: f64): void {
  store<u32>(user + USER_BUCKETS, load<u32>(user + USER_BUCKETS) | (1 << bucket));
  const latest = isNaN(expiry) ? Infinity : expiry;
  if (latest > load<f64>(user + USER_EXPIRY)) store<f64>(user + USER_EXPIRY, latest);
  if (bucket == NEVER) return;
  const bit = <usize>bucket * 8;
  if (expiry < load<f64>(BUCKET_EARLIEST + bit)) store<f64>(BUCKET_EARLIEST + bit, expiry);
  if (expiry > load<f64>(BUCKET_LATEST + bit)) store<f64>(BUCKET_LATEST + bit, expiry);
}

/** Counts a new token: for its user, for its bucket (the lowest three bits) and its day (from 1, 0 for none). */
export function countDistinct(row: u32, countsFor: u32): void {
  if (row == NO_ROW) return;
  const user = TALLY_DISTINCT + <usize>row * 4;
  store<u32>(user, load<u32>(user) + 1);
  increment(BUCKET_DISTINCT + <usize>(countsFor & 7) * 8);
  const day = countsFor >> 3;
  if (day != 0) increment(TALLY_DAYS + <usize>(day - 1) * DAY_SIZE + 8);
}

/** Lists a token for the host, with the highest bit where it was new. */
function noteOdd(token: usize): void {
  store<u32>(TALLY_ODD + <usize>oddCount * 4, <u32>token);
  oddCount++;
}

