import { columnsIn, type ColumnViews } from '../judge/columns.ts';
import { NO_IDENTITY, type JudgedBlock } from '../judge/judged.ts';
import { instantiateTally, type KernelModule, type TallyExports } from '../kernel/module.ts';
import type { Identity } from '../verify/identity.ts';
import { VERDICTS } from '../verify/verdict.ts';
import { MOST_USER_DAYS, type ExpiryTally } from './expiry.ts';
import { slotsFor, type FingerprintSet } from './fingerprints.ts';
import { SharedIds } from './shared-ids.ts';
import type { UnverifiedRow, UnverifiedTally } from './unverified.ts';
import { USER_COUNTS, type UserTally } from './users.ts';

/** Tokens that are handed to the kernel at once. */
const SLICE = 1 << 17;
const MOST_KEYS = 4096;
const USER_WORDS = 16;
const ENTRY_WORDS = 2;
const ENTRY_BYTES = 8;
/** The table for judges that have more identities than fit into their own. */
const CROWD = 63;
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

interface Origin {
  readonly index: number;
  first: number;
  identities: Identity[];
  /** The unverified users' rows, where they were asked for. */
  rows: (UnverifiedRow | undefined)[];
}

/** Adds up judged tokens in the kernel's memory; strings, and what is rare, stay with the slow twin's tables. */
export class KernelTally {
  readonly #exports: TallyExports;
  readonly #tables: TallyTables;
  readonly #origins = new Map<number, Origin>();
  readonly #ids = new SharedIds(() => this.#forgetIds());
  #view: Uint32Array = new Uint32Array(0);

  private constructor(exports: TallyExports, tables: TallyTables) {
    this.#exports = exports;
    this.#tables = tables;
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
    if (tables.users.limit >= exports.MOST_ROWS.value) return null;
    if (exports.startTally(now) === 0) return null;
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
      if (known.identities.length <= this.#exports.ORIGIN_SIZE.value / ENTRY_BYTES) {
        this.#addSlice(block, from, numbers, known);
      } else {
        const crowd = crowdOf(numbers, known);
        this.#forgetOrigin(crowd);
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
      if (next < count) this.#meet(numbers[next]!, origin);
    }
    const odd = new Uint32Array(
      exports.memory.buffer,
      exports.TALLY_ODD.value,
      exports.oddCount.value,
    );
    const { unverified, expiry } = this.#tables;
    for (const entry of odd) {
      const at = from + (entry & ~NEW);
      const verdict = block.verdicts[at]!;
      const number = numbers[at - from]! - origin.first;
      if (IS_COUNTED[verdict] === 1) {
        const row = this.#rowOf(origin.identities[number]!);
        expiry.addDay(block.expiries[at]!, row, (entry & NEW) !== 0, 1);
      } else {
        let row = origin.rows[number];
        if (row === undefined) {
          row = unverified.rowOf(origin.identities[number]!);
          origin.rows[number] = row;
        }
        unverified.add(row, verdict, 1);
      }
    }
  }

  /** A user comes for the first time, or with another e-mail or other roles than the last time. */
  #meet(number: number, origin: Origin): void {
    const exports = this.#exports;
    const identity = origin.identities[number - origin.first]!;
    const row = this.#rowOf(identity);
    const id = this.#ids.idOf(identity, row, row === this.#tables.users.others);
    const words = this.#words();
    const entry = this.#tableOf(origin) + (number - origin.first) * ENTRY_WORDS;
    words[entry] = id;
    words[entry + 1] = row;
    words[exports.TALLY_USERS.value / 4 + row * USER_WORDS + USER_IDENTITY] = id;
    this.#tables.users.see(row, identity);
  }

  #rowOf(identity: Identity): number {
    const { users } = this.#tables;
    const before = users.size;
    const row = users.rowOf(identity);
    if (users.size > before && this.#exports.addUser(row) === 0) {
      throw new RangeError('no memory left for users');
    }
    return row;
  }

  /** Numbering starts over: no table may hold an old number. */
  #forgetIds(): void {
    const exports = this.#exports;
    for (const origin of this.#origins.values()) this.#forgetOrigin(origin);
    const words = this.#words();
    const crowd = this.#tableOf({ index: CROWD });
    words.fill(0, crowd, crowd + exports.ORIGIN_SIZE.value / 4);
    const users = exports.TALLY_USERS.value / 4;
    for (let row = 0; row < this.#tables.users.size; row++) {
      words[users + row * USER_WORDS + USER_IDENTITY] = 0;
    }
  }

  /** Empties the table of a judge's identities. */
  #forgetOrigin(origin: Origin): void {
    const most = this.#exports.ORIGIN_SIZE.value / 4;
    const place = this.#tableOf(origin);
    const used = Math.min(origin.identities.length * ENTRY_WORDS, most);
    this.#words().fill(0, place, place + used);
  }

  /** Where the table of a judge's identities starts, in words. */
  #tableOf({ index }: Pick<Origin, 'index'>): number {
    const { TALLY_ORIGINS, ORIGIN_SIZE } = this.#exports;
    return (TALLY_ORIGINS.value + index * ORIGIN_SIZE.value) / 4;
  }

  #originOf(origin: number, block: JudgedBlock): Origin {
    let known = this.#origins.get(origin);
    if (known === undefined) {
      known = { index: this.#origins.size, first: 0, identities: [], rows: [] };
      this.#origins.set(origin, known);
    }
    if (block.firstIdentity > known.first) {
      this.#forgetOrigin(known);
      known.first = block.firstIdentity;
      known.identities = [];
      known.rows = [];
    }
    for (const identity of block.newIdentities) known.identities.push(identity);
    return known;
  }

  /** Hands all numbers over to the slow twin's tables. */
  settle(): void {
    const exports = this.#exports;
    const { users, expiry, verdicts, keyTokens, tokens } = this.#tables;
    exports.settleDistinct();
    verdicts.set(this.#numbers(exports.VERDICT_TOTALS.value).subarray(0, verdicts.length));
    keyTokens.set(this.#numbers(exports.KEY_TOTALS.value).subarray(0, keyTokens.length));
    tokens.adopt(exports.sizeOf(TOKENS), exports.isFull(TOKENS) !== 0);
    const words = this.#words();
    const numbers = this.#numbers(0);
    const first = exports.TALLY_USERS.value / 4;
    for (let row = 0; row < users.size; row++) {
      const distinct = words[exports.TALLY_DISTINCT.value / 4 + row]!;
      users.adopt(row, distinct, words, numbers, first + row * USER_WORDS);
    }
    expiry.adopt(
      this.#numbers(exports.BUCKET_TOKENS.value),
      this.#numbers(exports.BUCKET_DISTINCT.value),
      this.#numbers(exports.BUCKET_EARLIEST.value),
      this.#numbers(exports.BUCKET_LATEST.value),
    );
    const days = this.#numbers(exports.TALLY_DAYS.value);
    for (let day = exports.firstDay.value; day <= exports.lastDay.value; day++) {
      const at = day * DAY_WORDS;
      if (days[at]! > 0) expiry.adoptDay(day, days[at]!, days[at + 1]!, days[at + 2]!);
    }
  }

  /** All memory in words; made anew where it has grown, which leaves old views behind. */
  #words(): Uint32Array {
    const { buffer } = this.#exports.memory;
    if (this.#view.buffer !== buffer) this.#view = new Uint32Array(buffer);
    return this.#view;
  }

  #numbers(place: number): Float64Array {
    const { buffer } = this.#exports.memory;
    return new Float64Array(buffer, place, (buffer.byteLength - place) >> 3);
  }
}

/** The identities of some tokens numbered anew, for a judge that has more than its table holds: one long line can. */
const crowdOf = (numbers: Uint32Array, origin: Origin): Origin & { numbers: Uint32Array } => {
  const places = new Map<number, number>();
  const identities: Identity[] = [];
  const local = numbers.map((number) => {
    if (number === NO_IDENTITY) return NO_IDENTITY;
    let place = places.get(number);
    if (place === undefined) {
      place = identities.push(origin.identities[number - origin.first]!) - 1;
      places.set(number, place);
    }
    return place;
  });
  return { index: CROWD, first: 0, identities, rows: [], numbers: local };
};

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
