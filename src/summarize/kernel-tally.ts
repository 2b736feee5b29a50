import { randomBytes } from 'node:crypto';
import { columnsIn, type ColumnViews } from '../judge/columns.ts';
import type { JudgedBlock } from '../judge/judged.ts';
import { instantiateTally, type KernelModule, type TallyExports } from '../kernel/module.ts';
import type { Spellings } from '../verify/identities.ts';
import { VERDICTS } from '../verify/verdict.ts';
import { MOST_USER_DAYS, type ExpiryTally } from './expiry.ts';
import { slotsFor, type FingerprintSet } from './fingerprints.ts';
import { JudgeIdentities } from './judge-identities.ts';
import { KernelUsers, USER_SPELLING, USER_WORDS } from './kernel-users.ts';
import { CROWD, crowdOf, type Origin } from './origin.ts';
import { SharedIds } from './shared-ids.ts';
import { MOST_UNVERIFIED, type UnverifiedTally } from './unverified.ts';
import { UserRows, type RowTables } from './user-rows.ts';
import { USER_COUNTS, type UserTally } from './users.ts';

/** Tokens that are handed to the kernel at once. */
const SLICE = 1 << 17;
const MOST_KEYS = 4096;
const ENTRY_WORDS = 2;
const ENTRY_BYTES = 8;
const USER_IDENTITY = 7;
const DAY_WORDS = 3;
const NEW = 0x8000_0000;
/** Sets of the kernel. */
const TOKENS = 0;
const PAIRS = 1;
const IS_COUNTED: Uint8Array = Uint8Array.from(VERDICTS, (v) => (USER_COUNTS.includes(v) ? 1 : 0));

/** The tables of the slow twin, which get the numbers in the end. */
export interface TallyTables {
  readonly users: UserTally;
  readonly unverified: UnverifiedTally;
  readonly expiry: ExpiryTally;
  readonly verdicts: Float64Array;
  readonly keyTokens: Float64Array;
  readonly tokens: FingerprintSet;
}

/** The words of a claimed user: a count for each verdict. */
const CLAIMED_WORDS = 16;

/** Adds up judged tokens in the kernel's memory; strings, and what is rare, stay with the slow twin's tables. */
export class KernelTally {
  readonly #exports: TallyExports;
  readonly #tables: TallyTables;
  readonly #origins = new Map<number, Origin>();
  readonly #ids: SharedIds;
  readonly #users: KernelUsers;
  #view: Uint32Array = new Uint32Array(0);
  #numberView: Float64Array = new Float64Array(0);

  private constructor(exports: TallyExports, tables: TallyTables) {
    this.#exports = exports;
    this.#tables = tables;
    this.#ids = new SharedIds(exports.MOST_ROWS.value, () => this.#forgetIds());
    this.#users = new KernelUsers(exports, tables.users, tables.unverified);
  }

  /** @param expected distinct tokens that are likely; null where memory or keys are too many for the kernel */
  static create(
    module: KernelModule,
    tables: TallyTables,
    now: number,
    expected: number,
  ): KernelTally | null {
    if (tables.keyTokens.length > MOST_KEYS) return null;
    const exports = instantiateTally(module);
    if (exports === null || tables.users.limit >= exports.MOST_ROWS.value) return null;
    exports.seedIdentities(randomBytes(4).readInt32LE());
    if (exports.startTally(now, tables.users.limit, MOST_UNVERIFIED) === 0) return null;
    const slots = slotsFor(expected);
    exports.configureSet(TOKENS, slots, tables.tokens.limit);
    exports.configureSet(PAIRS, 0, MOST_USER_DAYS);
    const places = new Uint8Array(exports.memory.buffer, exports.PLACES.value, VERDICTS.length);
    places.set(VERDICTS.map((verdict) => USER_COUNTS.indexOf(verdict)));
    return new KernelTally(exports, tables);
  }

  add(block: JudgedBlock, origin: number): void {
    const known = this.#originOf(origin, block);
    for (let from = 0; from < block.count; from += SLICE) {
      const end = Math.min(from + SLICE, block.count);
      const numbers = block.identities.subarray(from, end);
      if (known.identities.count <= this.#exports.ORIGIN_SIZE.value / ENTRY_BYTES) {
        this.#addSlice(block, from, numbers, known);
      } else {
        const crowd = crowdOf(numbers, known);
        this.#forgetOrigin(crowd);
        this.#exports.forgetMeetings(crowd.index, crowd.identities.count);
        this.#addSlice(block, from, crowd.numbers, crowd);
      }
    }
  }

  /** @param numbers identities of the tokens from `from` on, as many as are to be added */
  #addSlice(block: ColumnViews, from: number, numbers: Uint32Array, origin: Origin): void {
    const exports = this.#exports;
    const count = numbers.length;
    const columns = columnsIn(exports.memory.buffer, count, exports.TALLY_COLUMNS.value);
    copyColumns(columns, block, from, numbers);
    for (let next = 0; next < count;) {
      next = exports.addTokens(next, count, origin.index, origin.first);
      if (next < count)
        this.#meet(numbers[next]! - origin.first, block.verdicts[from + next]!, origin);
    }
    const odd = new Uint32Array(
      exports.memory.buffer,
      exports.TALLY_ODD.value,
      exports.oddCount.value,
    );
    for (const entry of odd) {
      const at = entry & ~NEW;
      const row = this.#users.rowOf(origin.identities.at(numbers[at]! - origin.first));
      this.#tables.expiry.addDay(block.expiries[from + at]!, row, (entry & NEW) !== 0, 1);
    }
  }

  /** The kernel can't tell who a user is, or the e-mail or the roles are others than the last time. */
  #meet(number: number, verdict: number, origin: Origin): void {
    const exports = this.#exports;
    const identity = origin.identities.at(number);
    if (IS_COUNTED[verdict] === 0) {
      exports.claim(origin.index, number, this.#users.claimedRowOf(identity));
      return;
    }
    const { users } = this.#tables;
    const row = this.#users.rowOf(identity);
    const first = row === users.others ? null : users.identityOf(row);
    const id = this.#ids.idOf(identity, row, first);
    const words = this.#words();
    const entry = this.#tableOf(origin) + number * ENTRY_WORDS;
    words[entry] = id;
    words[entry + 1] = row;
    const user = exports.TALLY_USERS.value / 4 + row * USER_WORDS;
    words[user + USER_IDENTITY] = id;
    // E-mail and roles may no longer be those that are spelled there.
    words[user + USER_SPELLING] = 0;
    users.see(row, identity);
  }

  /** Numbering starts over: no table may hold an old number. */
  #forgetIds(): void {
    const exports = this.#exports;
    for (const origin of this.#origins.values()) this.#forgetOrigin(origin);
    const words = this.#words();
    const crowd = this.#tableOf({ index: CROWD });
    words.fill(0, crowd, crowd + exports.ORIGIN_SIZE.value / 4);
    const users = exports.TALLY_USERS.value / 4;
    for (let row = 0; row < exports.rowCount.value; row++) {
      words[users + row * USER_WORDS + USER_IDENTITY] = 0;
    }
  }

  /** Empties the table of a judge's identities. */
  #forgetOrigin(origin: Origin): void {
    const most = this.#exports.ORIGIN_SIZE.value / 4;
    const place = this.#tableOf(origin);
    const used = Math.min(origin.identities.count * ENTRY_WORDS, most);
    this.#words().fill(0, place, place + used);
  }

  /** Where the table of a judge's identities starts, in words. */
  #tableOf({ index }: Pick<Origin, 'index'>): number {
    const { TALLY_ORIGINS, ORIGIN_SIZE } = this.#exports;
    return (TALLY_ORIGINS.value + index * ORIGIN_SIZE.value) / 4;
  }

  #originOf(origin: number, block: JudgedBlock): Origin {
    const most = this.#exports.ORIGIN_SIZE.value / ENTRY_BYTES;
    let known = this.#origins.get(origin);
    if (known === undefined) {
      known = { index: this.#origins.size, first: 0, identities: new JudgeIdentities() };
      this.#origins.set(origin, known);
    }
    if (block.firstIdentity > known.first) {
      this.#forgetOrigin(known);
      this.#exports.forgetMeetings(known.index, Math.min(known.identities.count, most));
      known.first = block.firstIdentity;
      known.identities = new JudgeIdentities();
    }
    const from = known.identities.count;
    known.identities.add(block);
    if (known.identities.count <= most) this.#learn(block.newSpellings, known.index, from);
    return known;
  }

  /** Hands spellings to the kernel, while there is room. */
  #learn({ count, bytes }: Spellings, judge: number, from: number): void {
    if (count === 0) return;
    const place = this.#exports.roomForSpellings(bytes.length);
    if (place === 0) return;
    new Uint8Array(this.#exports.memory.buffer).set(bytes, place);
    this.#exports.learnSpellings(judge, from, count, place);
  }

  /** Hands all numbers over to the slow twin's tables. */
  settle(): void {
    this.#settleTotals();
    this.#fillUsers();
  }

  /** The same, but users stay where they are until they are written; null where they can't. */
  settleApart(now: number): UserRows | null {
    this.#settleTotals();
    const copyRow: RowTables['copyRow'] = (from, table, to) => this.#copyRow(from, table, to);
    const rows = UserRows.of(this.#exports, { users: this.#tables.users, copyRow }, now);
    if (rows === null) this.#fillUsers();
    return rows;
  }

  #fillUsers(): void {
    const { users } = this.#tables;
    this.#users.settle();
    for (let row = 0; row < users.size; row++) this.#copyRow(row, users, row);
  }

  #copyRow(from: number, table: UserTally, to: number): void {
    const { TALLY_DISTINCT, TALLY_USERS } = this.#exports;
    const words = this.#words();
    const distinct = words[TALLY_DISTINCT.value / 4 + from]!;
    table.adopt(to, distinct, words, this.#allNumbers(), TALLY_USERS.value / 4 + from * USER_WORDS);
  }

  #settleTotals(): void {
    const exports = this.#exports;
    const { unverified, expiry, verdicts, keyTokens, tokens } = this.#tables;
    exports.settleDistinct();
    this.#users.settleClaimed();
    verdicts.set(this.#numbers(exports.VERDICT_TOTALS.value).subarray(0, verdicts.length));
    keyTokens.set(this.#numbers(exports.KEY_TOTALS.value).subarray(0, keyTokens.length));
    tokens.adopt(exports.sizeOf(TOKENS), exports.isFull(TOKENS) !== 0);
    const claimed = exports.TALLY_CLAIMED.value / 4;
    unverified.adopt(this.#words(), claimed, CLAIMED_WORDS, exports.claimedOverflow.value);
    expiry.adopt(
      this.#numbers(exports.BUCKET_TOKENS.value),
      this.#numbers(exports.BUCKET_DISTINCT.value),
      this.#numbers(exports.BUCKET_EARLIEST.value),
      this.#numbers(exports.BUCKET_LATEST.value),
    );
    const days = this.#numbers(exports.TALLY_DAYS.value);
    for (let day = exports.nextDay(0); day >= 0; day = exports.nextDay(day + 1)) {
      const at = day * DAY_WORDS;
      expiry.adoptDay(day, days[at]!, days[at + 1]!, days[at + 2]!);
    }
  }

  /** All memory in words; made anew where it has grown, which leaves old views behind. */
  #words(): Uint32Array {
    const { buffer } = this.#exports.memory;
    if (this.#view.buffer !== buffer) this.#view = new Uint32Array(buffer);
    return this.#view;
  }

  #allNumbers(): Float64Array {
    const { buffer } = this.#exports.memory;
    if (this.#numberView.buffer !== buffer) this.#numberView = new Float64Array(buffer);
    return this.#numberView;
  }

  #numbers(place: number): Float64Array {
    return this.#allNumbers().subarray(place / 8);
  }
}

const copyColumns = (
  to: ColumnViews,
  block: ColumnViews,
  from: number,
  numbers: Uint32Array,
): void => {
  const end = from + numbers.length;
  to.expiries.set(block.expiries.subarray(from, end));
  to.times.set(block.times.subarray(from, end));
  to.fingerprints.set(block.fingerprints.subarray(from * 2, end * 2));
  to.identities.set(numbers);
  to.keys.set(block.keys.subarray(from, end));
  to.verdicts.set(block.verdicts.subarray(from, end));
};
