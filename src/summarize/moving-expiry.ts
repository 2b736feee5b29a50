import type { ColumnViews } from '../judge/columns.ts';
import { bucketAt, ExpiryTally, USABLE_BUCKETS } from './expiry.ts';
import { EXPIRY_BUCKETS } from './summary.ts';
import type { UserTally } from './users.ts';

const EXPIRED = EXPIRY_BUCKETS.indexOf('expired');
const NEVER = EXPIRY_BUCKETS.indexOf('never');
/** Bits of the buckets from which time takes tokens away. */
const PASSING = USABLE_BUCKETS & ~(1 << NEVER);

/** Counts of one bucket. */
class Bucket {
  tokens = 0;
  distinct = 0;
  earliest = Number.POSITIVE_INFINITY;
  latest = Number.NEGATIVE_INFINITY;

  add(expiry: number, tokens: number, distinct: number): void {
    this.tokens += tokens;
    this.distinct += distinct;
    if (expiry < this.earliest) this.earliest = expiry;
    if (expiry > this.latest) this.latest = expiry;
  }
}

/** A token that is about to expire: the row of its user, and when, in seconds. */
export interface Expiring {
  readonly row: number;
  readonly expiry: number;
}

/**
 * Expiry counts whose present moves on: tokens that are not expired wait by their moment of expiry, with
 * 12 bytes for each different one, and are put into buckets whenever somebody looks.
 */
export class MovingExpiry extends ExpiryTally {
  readonly #expired = new Bucket();
  readonly #never = new Bucket();
  readonly #waiting = new Map<number, { tokens: number; distinct: number }>();
  #rows: Uint32Array = new Uint32Array(1024);
  #expiries: Float64Array = new Float64Array(1024);
  #count = 0;

  override add(
    block: ColumnViews,
    at: number,
    bucket: number,
    user: number,
    isNew: boolean,
    uses: number,
  ): void {
    const expiry = block.expiries[at]!;
    const distinct = isNew ? 1 : 0;
    if (bucket === NEVER) {
      // NaN is neither earlier nor later than anything.
      this.#never.add(expiry, uses, distinct);
      return;
    }
    this.addDay(expiry, user, isNew, uses);
    if (bucket === EXPIRED) {
      this.#expired.add(expiry, uses, distinct);
      return;
    }
    const known = this.#waiting.get(expiry);
    if (known === undefined) this.#waiting.set(expiry, { tokens: uses, distinct });
    else {
      known.tokens += uses;
      known.distinct += distinct;
    }
    if (isNew) this.#push(user, expiry);
  }

  /** Moves the present to `now` in seconds, and brings the buckets and those of all users up to it. */
  moveTo(now: number, users: UserTally): void {
    this.now = now;
    const buckets = EXPIRY_BUCKETS.map(() => new Bucket());
    for (const [expiry, { tokens, distinct }] of this.#waiting) {
      const bucket = bucketAt(expiry, now);
      if (bucket !== EXPIRED) {
        buckets[bucket]!.add(expiry, tokens, distinct);
        continue;
      }
      this.#expired.add(expiry, tokens, distinct);
      this.#waiting.delete(expiry);
    }
    buckets[EXPIRED] = this.#expired;
    buckets[NEVER] = this.#never;
    this.adopt(
      Float64Array.from(buckets, ({ tokens }) => tokens),
      Float64Array.from(buckets, ({ distinct }) => distinct),
      Float64Array.from(buckets, ({ earliest }) => earliest),
      Float64Array.from(buckets, ({ latest }) => latest),
    );
    users.clearBuckets(PASSING);
    let kept = 0;
    for (let i = 0; i < this.#count; i++) {
      const [row, expiry] = [this.#rows[i]!, this.#expiries[i]!];
      const bucket = bucketAt(expiry, now);
      users.markBuckets(row, 1 << bucket);
      if (bucket === EXPIRED) continue;
      this.#rows[kept] = row;
      this.#expiries[kept++] = expiry;
    }
    this.#count = kept;
  }

  /** Different tokens that expire within so many seconds of the present: how many, and the first `most` users with one, the soonest first. */
  soon(within: number, most: number): { readonly count: number; readonly first: Expiring[] } {
    const due = new Map<number, number>();
    let count = 0;
    for (let i = 0; i < this.#count; i++) {
      const expiry = this.#expiries[i]!;
      if (expiry <= this.now || expiry > this.now + within) continue;
      count++;
      const row = this.#rows[i]!;
      if (!((due.get(row) ?? Number.POSITIVE_INFINITY) <= expiry)) due.set(row, expiry);
    }
    const first = Array.from(due, ([row, expiry]) => ({ row, expiry }));
    return { count, first: first.toSorted((a, b) => a.expiry - b.expiry).slice(0, most) };
  }

  #push(row: number, expiry: number): void {
    if (this.#count === this.#rows.length) {
      const [rows, expiries] = [this.#rows, this.#expiries];
      this.#rows = new Uint32Array(rows.length * 2);
      this.#rows.set(rows);
      this.#expiries = new Float64Array(expiries.length * 2);
      this.#expiries.set(expiries);
    }
    this.#rows[this.#count] = row;
    this.#expiries[this.#count++] = expiry;
  }
}
