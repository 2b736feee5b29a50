import { Buffer } from 'node:buffer';
import type { TallyExports } from '../kernel/module.ts';
import { readSpelling } from '../kernel/spelling.ts';
import { USER_SPELLING, USER_WORDS } from './kernel-users.ts';
import { compareBy } from './order.ts';
import { EXPIRY_BUCKETS, type People, type UserSummary } from './summary.ts';
import { hasDate, rfc3339 } from './time.ts';
import { SEPARATOR, writePieces } from './user-pieces.ts';
import { UserTally } from './users.ts';

// Where a user's words tell in which buckets there are tokens; where its numbers tell when they were seen.
const USER_BUCKETS = 5;
const USER_FIRST = 4;
const USER_LAST = 5;

/** The tables, where they know more than the kernel: users whose id, e-mail or roles are not plain, or have changed. */
export interface RowTables {
  readonly users: UserTally;
  /** Copies the numbers of the kernel's row `from` into row `to` of a table. */
  readonly copyRow: (from: number, table: UserTally, to: number) => void;
}

/** Users who stay in the kernel's memory until they are written, most tokens first. */
export class UserRows {
  /** Tokens in the row of all others: where there is one, no user stays in the kernel. */
  readonly overflow = 0;
  readonly #exports: TallyExports;
  readonly #tables: RowTables;
  /** Seconds since the epoch. */
  readonly #now: number;
  readonly #spelled: number;
  #sets: Uint32Array | null = null;
  /** Whether everybody is in the order, and not only who is spelled. */
  #isWhole: boolean;

  private constructor(exports: TallyExports, tables: RowTables, now: number, spelled: number) {
    this.#exports = exports;
    this.#tables = tables;
    this.#now = now;
    this.#spelled = spelled;
    this.#isWhole = spelled === exports.rowCount.value;
  }

  /** Orders the users of a tally that is complete; null where too many of them are the tables' to write. */
  static of(exports: TallyExports, tables: RowTables, now: number): UserRows | null {
    if (tables.users.others >= 0) return null;
    const spelled = exports.orderUsers();
    const odd = exports.rowCount.value - spelled;
    return odd * 4 > spelled ? null : new UserRows(exports, tables, now, spelled);
  }

  get size(): number {
    return this.#exports.rowCount.value;
  }

  /** Users that have a token in any of `buckets`. */
  countWith(buckets: number): number {
    this.#sets ??= this.#countSets();
    return this.#sets.reduce((sum, users, set) => ((set & buckets) === 0 ? sum : sum + users), 0);
  }

  /** Users by the set of buckets, as bits, in which they have tokens. */
  #countSets(): Uint32Array {
    const sets = new Uint32Array(1 << EXPIRY_BUCKETS.length);
    const words = new Uint32Array(this.#exports.memory.buffer);
    const first = this.#exports.TALLY_USERS.value / 4 + USER_BUCKETS;
    const end = first + this.size * USER_WORDS;
    for (let at = first; at < end; at += USER_WORDS) sets[words[at]!]!++;
    return sets;
  }

  /** The first `count` users of the report. */
  first(count: number): readonly UserSummary[] {
    this.#insertOdd();
    return Array.from(this.#ordered(Math.min(count, this.size)), (row) => this.#summaryOf(row));
  }

  /** All users together. */
  people(): People {
    const numbers = new Float64Array(this.#exports.memory.buffer);
    const start = this.#exports.TALLY_USERS.value / 8;
    const end = start + (this.size * USER_WORDS) / 2;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (let at = start; at < end; at += USER_WORDS / 2) {
      const from = numbers[at + USER_FIRST]!;
      const to = numbers[at + USER_LAST]!;
      if (from < first && hasDate(from)) first = from;
      if (to > last && hasDate(to)) last = to;
    }
    return { count: this.size, firstSeen: rfc3339(first), lastSeen: rfc3339(last) };
  }

  /**
   * The users as they stand in the list of a JSON document, in pieces of bytes or text; `write` makes
   * the text of one whom the kernel leaves to others.
   */
  *json(write: (user: UserSummary) => string): Generator<string | Uint8Array> {
    const exports = this.#exports;
    this.#insertOdd();
    writePieces(Buffer.from(exports.memory.buffer), exports.JSON_PIECES.value);
    for (let next = 0; next < this.size;) {
      next = exports.writeUsers(next, this.size, this.#now);
      const { value: length } = exports.jsonLength;
      if (length > 0) {
        // A copy: whoever writes it may still be at it when the next piece is made.
        yield new Uint8Array(exports.memory.buffer, exports.USERS_JSON.value, length).slice();
      } else {
        const text = write(this.#summaryOf(this.#ordered(this.size)[next]!));
        yield next === 0 ? text : SEPARATOR + text;
        next++;
      }
    }
  }

  #summaryOf(row: number): UserSummary {
    const { users, copyRow } = this.#tables;
    const memory = Buffer.from(this.#exports.memory.buffer);
    const words = this.#exports.TALLY_USERS.value + row * USER_WORDS * 4;
    const spelling = memory.readUInt32LE(words + USER_SPELLING * 4);
    if (spelling === 0) {
      copyRow(row, users, row);
      return users.summaryOf(row, this.#now);
    }
    const table = new UserTally(1);
    table.append(readSpelling(memory, spelling));
    copyRow(row, table, 0);
    return table.summaryOf(0, this.#now);
  }

  /** Puts the users whose ids the kernel can't compare where they belong. */
  #insertOdd(): void {
    if (this.#isWhole) return;
    this.#isWhole = true;
    const compare = compareBy('tokens');
    const isOdd = new Uint8Array(this.size).fill(1);
    const spelled = this.#ordered(this.#spelled).slice();
    for (const row of spelled) isOdd[row] = 0;
    const odd = Array.from(isOdd.keys())
      .filter((row) => isOdd[row] === 1)
      .map((row) => ({ row, user: this.#summaryOf(row) }))
      .toSorted((a, b) => compare(a.user, b.user));
    const all = this.#ordered(this.size);
    let taken = 0;
    for (const [before, { row, user }] of odd.entries()) {
      const end = placeOf(spelled, taken, (other) => compare(this.#summaryOf(other), user) < 0);
      all.set(spelled.subarray(taken, end), taken + before);
      all[end + before] = row;
      taken = end;
    }
    all.set(spelled.subarray(taken), taken + odd.length);
  }

  #ordered(rows: number): Uint32Array {
    return new Uint32Array(this.#exports.memory.buffer, this.#exports.ORDERED_ROWS.value, rows);
  }
}

/** The first place from `from` on whose row does not come before. */
const placeOf = (rows: Uint32Array, from: number, isBefore: (row: number) => boolean): number => {
  let low = from;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(rows[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
};
