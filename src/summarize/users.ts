import type { ColumnViews } from '../judge/columns.ts';
import { userKey, type Identity } from '../verify/identity.ts';
import { nonZeroCounts, VERDICTS, VERIFIED, type Verdict } from '../verify/verdict.ts';
import type { UserSummary } from './summary.ts';
import { rfc3339 } from './time.ts';

const MOST_ROLES = 64;
const COLUMNS = VERDICTS.length;
/** Verdicts that a user's row counts, in the order in which the kernel keeps them. */
export const USER_COUNTS: readonly Verdict[] = VERDICTS.filter((verdict) => VERIFIED.has(verdict));
const COUNT_COLUMNS: readonly number[] = USER_COUNTS.map((verdict) => VERDICTS.indexOf(verdict));
const OTHERS: Identity = { userIdType: 'other', userId: null, email: null, roles: [] };

/** Per-user counts of tokens whose signature verified, in typed arrays: strings once per user. */
export class UserTally {
  readonly limit: number;
  readonly #numbers = new Map<string, number>();
  readonly #identities: Identity[] = [];
  readonly #emails: (string | null)[] = [];
  readonly #roles: (readonly string[])[] = [];
  #counts: Uint32Array = new Uint32Array(64 * COLUMNS);
  #distinct: Uint32Array = new Uint32Array(64);
  #first: Float64Array = new Float64Array(64);
  #last: Float64Array = new Float64Array(64);
  #expiry: Float64Array = new Float64Array(64);
  /** Bit of each expiry bucket in which the user has a token. */
  #buckets: Uint8Array = new Uint8Array(64);
  #others = -1;
  /** Tokens that went to the row of all others. */
  overflow = 0;

  /** @param limit users that get a row of their own; the rest share one */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** The row of all others, -1 while every user has one. */
  get others(): number {
    return this.#others;
  }

  get size(): number {
    return this.#identities.length;
  }

  /** The user's row; a new one is made while there is room. */
  rowOf(identity: Identity): number {
    const key = userKey(identity);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#numbers.size < this.limit) {
      const row = this.#add(identity);
      this.#numbers.set(key, row);
      return row;
    }
    if (this.#others < 0) this.#others = this.#add(OTHERS);
    return this.#others;
  }

  /** Makes the row of a user whom nobody will ask for by name. */
  append(identity: Identity): void {
    this.#add(identity);
  }

  /** Counts the entry at `at` of a judged block, which stands for so many uses. */
  add(
    row: number,
    block: ColumnViews,
    at: number,
    bucket: number,
    isNew: boolean,
    uses: number,
  ): void {
    // Read here and not handed in: numbers with a fraction are boxed on their way into a function.
    const verdict = block.verdicts[at]!;
    const time = block.times[at]!;
    const expiry = block.expiries[at]!;
    this.#counts[row * COLUMNS + verdict]! += uses;
    if (isNew) this.#distinct[row]!++;
    if (time < this.#first[row]!) this.#first[row] = time;
    if (time > this.#last[row]!) this.#last[row] = time;
    const latest = Number.isNaN(expiry) ? Number.POSITIVE_INFINITY : expiry;
    if (latest > this.#expiry[row]!) this.#expiry[row] = latest;
    this.#buckets[row]! |= 1 << bucket;
    if (row === this.#others) this.overflow += uses;
  }

  /** Takes e-mail and roles of a use; to be called where the user's identity is not that of the last use. */
  see(row: number, identity: Identity): void {
    if (row === this.#others) return;
    if (identity.email !== null) this.#emails[row] = identity.email;
    if (identity.roles.length > 0) this.#addRoles(row, identity.roles);
  }

  /** Takes a row's numbers from word `at` of two views of the same memory (assembly/tally.ts). */
  adopt(
    row: number,
    distinct: number,
    words: Uint32Array,
    numbers: Float64Array,
    at: number,
  ): void {
    for (let i = 0; i < USER_COUNTS.length; i++) {
      const count = words[at + i]!;
      this.#counts[row * COLUMNS + COUNT_COLUMNS[i]!] = count;
      if (row === this.#others) this.overflow += count;
    }
    this.#distinct[row] = distinct;
    this.#buckets[row] = words[at + 5]!;
    this.#first[row] = numbers[at / 2 + 4]!;
    this.#last[row] = numbers[at / 2 + 5]!;
    this.#expiry[row] = numbers[at / 2 + 6]!;
  }

  /** Who has the row, as first seen. */
  identityOf(row: number): Identity {
    return this.#identities[row]!;
  }

  /** Forgets of every user that there are tokens in `buckets`. */
  clearBuckets(buckets: number): void {
    for (let row = 0; row < this.size; row++) this.#buckets[row]! &= ~buckets;
  }

  /** Notes that the user has tokens in `buckets`. */
  markBuckets(row: number, buckets: number): void {
    this.#buckets[row]! |= buckets;
  }

  /** Users that have a token in the bucket, and users that have one in any of `buckets`. */
  countWith(buckets: number): number {
    let count = 0;
    for (let row = 0; row < this.size; row++) if ((this.#buckets[row]! & buckets) !== 0) count++;
    return count;
  }

  /** Rows in no particular order; `now` in seconds decides what is active. */
  *summaries(now: number): Iterable<UserSummary> {
    for (let row = 0; row < this.size; row++) yield this.summaryOf(row, now);
  }

  /** One row; `now` as above. */
  summaryOf(row: number, now: number): UserSummary {
    const identity = this.#identities[row]!;
    const at = row * COLUMNS;
    const counts = this.#counts;
    let tokens = 0;
    for (const column of COUNT_COLUMNS) tokens += counts[at + column]!;
    const verdicts = nonZeroCounts((index) => counts[at + index]!, tokens);
    const expiry = this.#expiry[row]!;
    const never = expiry === Number.POSITIVE_INFINITY;
    return {
      user_id: identity.userId,
      user_id_type: identity.userIdType,
      email: this.#emails[row] ?? null,
      roles: this.#roles[row]!,
      tokens,
      distinct_tokens: this.#distinct[row]!,
      verdicts,
      first_seen: rfc3339(this.#first[row]!),
      last_seen: rfc3339(this.#last[row]!),
      latest_expiry: never ? null : rfc3339(expiry * 1000),
      expiry_state: never ? 'never' : expiry > now ? 'active' : 'expired',
    };
  }

  #add(identity: Identity): number {
    const row = this.size;
    if (row === this.#distinct.length) this.#grow(row * 2);
    this.#identities.push(identity);
    this.#emails.push(identity.email);
    this.#roles.push(identity.roles);
    this.#first[row] = Number.POSITIVE_INFINITY;
    this.#last[row] = Number.NEGATIVE_INFINITY;
    this.#expiry[row] = Number.NEGATIVE_INFINITY;
    return row;
  }

  #addRoles(row: number, roles: readonly string[]): void {
    const known = this.#roles[row]!;
    if (known === roles || roles.every((role) => known.includes(role))) return;
    this.#roles[row] = [...new Set([...known, ...roles])].toSorted().slice(0, MOST_ROLES);
  }

  #grow(size: number): void {
    this.#counts = wider(new Uint32Array(size * COLUMNS), this.#counts);
    this.#distinct = wider(new Uint32Array(size), this.#distinct);
    this.#first = wider(new Float64Array(size), this.#first);
    this.#last = wider(new Float64Array(size), this.#last);
    this.#expiry = wider(new Float64Array(size), this.#expiry);
    this.#buckets = wider(new Uint8Array(size), this.#buckets);
  }
}

const wider = <T extends Uint32Array | Float64Array | Uint8Array>(to: T, from: T): T => {
  to.set(from);
  return to;
};
