import type { ColumnViews } from '../judge/columns.ts';
import {
  EXPIRY_BUCKETS,
  type ExpiryBucket,
  type ExpiryBucketName,
  type ExpiryDate,
} from './summary.ts';
import { FingerprintSet, pairHigh, pairLow } from './fingerprints.ts';
import { calendarDay, dayCounter, rfc3339 } from './time.ts';
import type { UserTally } from './users.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const FIRST_DAY = -719_528; // 0000-01-01
const LAST_DAY = 2_932_896; // 9999-12-31
const NO_DAY = -(2 ** 31);

/** Pairs of a user and a day that are told apart. */
export const MOST_USER_DAYS: number = 1 << 24;

/** Upper ends of the buckets in seconds from now; `expired` and `never` have none. */
const ENDS: readonly number[] = [0, HOUR, DAY, 7 * DAY, 30 * DAY];
const NEVER = EXPIRY_BUCKETS.indexOf('never');
const LATER = EXPIRY_BUCKETS.indexOf('later');

/** Bits of the buckets in which a token can still be used. */
export const USABLE_BUCKETS: number = EXPIRY_BUCKETS.reduce(
  (bits, name, index) => (name === 'expired' ? bits : bits | (1 << index)),
  0,
);

/** Index of the bucket of a moment of expiry (NaN: never), seen from `now`; both in seconds. */
export const bucketAt = (expiry: number, now: number): number => {
  if (Number.isNaN(expiry)) return NEVER;
  const left = expiry - now;
  for (let i = 0; i < ENDS.length; i++) if (left <= ENDS[i]!) return i;
  return LATER;
};

interface DayCount {
  tokens: number;
  distinct: number;
  users: number;
}

/** Counts of tokens whose signature verified by when they expire, seen from `now`. */
export class ExpiryTally {
  /** Seconds since the epoch. */
  protected now: number;
  readonly #dayOf: (seconds: number) => number;
  readonly #tokens: Float64Array = new Float64Array(EXPIRY_BUCKETS.length);
  readonly #distinct: Float64Array = new Float64Array(EXPIRY_BUCKETS.length);
  readonly #earliest: Float64Array = new Float64Array(EXPIRY_BUCKETS.length).fill(Infinity);
  readonly #latest: Float64Array = new Float64Array(EXPIRY_BUCKETS.length).fill(-Infinity);
  readonly #days = new Map<number, DayCount>();
  readonly #userDays = new FingerprintSet(MOST_USER_DAYS);
  /** The day counted last for each user: most often it is the same again. */
  #lastDay: Int32Array = new Int32Array(1024).fill(NO_DAY);

  /** @param now seconds since the epoch */
  constructor(now: number, zone: string) {
    this.now = now;
    this.#dayOf = dayCounter(zone);
  }

  /** Index of the bucket of the use at `at` of a judged block. */
  bucketOf(block: ColumnViews, at: number): number {
    return bucketAt(block.expiries[at]!, this.now);
  }

  add(
    block: ColumnViews,
    at: number,
    bucket: number,
    user: number,
    isNew: boolean,
    uses: number,
  ): void {
    const expiry = block.expiries[at]!;
    this.#tokens[bucket]! += uses;
    if (isNew) this.#distinct[bucket]!++;
    if (bucket === NEVER) return;
    if (expiry < this.#earliest[bucket]!) this.#earliest[bucket] = expiry;
    if (expiry > this.#latest[bucket]!) this.#latest[bucket] = expiry;
    this.addDay(expiry, user, isNew, uses);
  }

  /** Counts uses by the day on which the token expires. */
  addDay(expiry: number, user: number, isNew: boolean, uses: number): void {
    const rough = expiry / DAY;
    if (!(rough > FIRST_DAY + 1 && rough < LAST_DAY)) return;
    const day = this.#dayOf(expiry);
    let count = this.#days.get(day);
    if (count === undefined) {
      count = { tokens: 0, distinct: 0, users: 0 };
      this.#days.set(day, count);
    }
    count.tokens += uses;
    if (isNew) count.distinct++;
    if (this.#lastDay[user] === day) return;
    if (user >= this.#lastDay.length) this.#growUsers(user);
    this.#lastDay[user] = day;
    const low = pairLow(user, day);
    if (this.#userDays.add(pairHigh(day, low), low)) count.users++;
  }

  /** Takes the counts of the buckets that were kept elsewhere. */
  adopt(
    tokens: Float64Array,
    distinct: Float64Array,
    earliest: Float64Array,
    latest: Float64Array,
  ): void {
    const { length } = this.#tokens;
    this.#tokens.set(tokens.subarray(0, length));
    this.#distinct.set(distinct.subarray(0, length));
    this.#earliest.set(earliest.subarray(0, length));
    this.#latest.set(latest.subarray(0, length));
  }

  adoptDay(day: number, tokens: number, distinct: number, users: number): void {
    this.#days.set(day, { tokens, distinct, users });
  }

  #growUsers(user: number): void {
    const larger = new Int32Array(user * 2).fill(NO_DAY);
    larger.set(this.#lastDay);
    this.#lastDay = larger;
  }

  /** Different tokens that are not expired. */
  get usable(): number {
    return this.#distinct.reduce(
      (sum, n, i) => ((USABLE_BUCKETS & (1 << i)) === 0 ? sum : sum + n),
      0,
    );
  }

  buckets(users: Pick<UserTally, 'countWith'>): ExpiryBucket[] {
    return EXPIRY_BUCKETS.map((bucket: ExpiryBucketName, index) => ({
      bucket,
      tokens: this.#tokens[index]!,
      distinct_tokens: this.#distinct[index]!,
      users: users.countWith(1 << index),
      earliest: rfc3339(this.#earliest[index]! * 1000),
      latest: rfc3339(this.#latest[index]! * 1000),
    }));
  }

  dates(): ExpiryDate[] {
    return [...this.#days]
      .toSorted(([a], [b]) => a - b)
      .map(([day, { tokens, distinct, users }]) => ({
        date: calendarDay(day),
        tokens,
        distinct_tokens: distinct,
        users,
      }));
  }
}
