const PARTITIONS = 256;
const FIRST_SIZE = 16;
/** Slots up to which each partition has a table of its own. */
const SMALL_SIZE = 4096;
const LAST_SIZE = 1 << 17;
const FULL = 0.85;
const GROWTH = 1.5;

/** Members that a set has room for. */
export const MOST_FINGERPRINTS: number = Math.floor(PARTITIONS * LAST_SIZE * (FULL - 0.02));

const WORDS = 3;

/**
 * Part of a table: `slots` slots from `base` on, each of three words side by side, so that a
 * look-up touches one place in memory. Three zeros mark an empty slot.
 */
interface Partition {
  table: Uint16Array;
  base: number;
  slots: number;
  used: number;
}

/**
 * A set of 64-bit fingerprints in typed arrays: 48 bits stored, 8 more in the choice of the
 * partition. At 10 million members one miscount has a chance of about 1 in 1,400, and the set
 * takes some 90 MB. A large set lies in one piece of memory with room for all it may ever hold,
 * which costs nothing before it is written to, and its partitions grow in place: no garbage, no
 * moment with the set in memory twice.
 */
export class FingerprintSet {
  readonly #partitions: Partition[];
  readonly limit: number;
  #isLarge = false;
  /** Members so far. */
  size = 0;
  /** `limit` was reached: from then on nothing is new any more. */
  full = false;

  /** @param expected members that are likely: so many fit before a table must grow */
  constructor(limit: number, expected = 0) {
    this.limit = Math.min(limit, MOST_FINGERPRINTS);
    const slots = slotsFor(expected);
    this.#partitions = Array.from({ length: PARTITIONS }, () => ({
      table: new Uint16Array(FIRST_SIZE * WORDS),
      base: 0,
      slots: FIRST_SIZE,
      used: 0,
    }));
    if (slots <= SMALL_SIZE) return;
    this.#enlarge();
    for (const partition of this.#partitions) partition.slots = Math.min(slots, LAST_SIZE);
  }

  /** Adds a fingerprint given as two unsigned 32-bit words; true where it was not there. */
  add(highWord: number, lowWord: number): boolean {
    const partition = this.#partitions[highWord >>> 24]!;
    const high = highWord & 0xffff;
    const low = lowWord === 0 && high === 0 ? 1 : lowWord;
    const at = findSlot(partition, low, high);
    const { table } = partition;
    if ((table[at]! | table[at + 1]! | table[at + 2]!) !== 0) return false;
    if (this.size >= this.limit || partition.used >= LAST_SIZE * FULL - 1) {
      this.full = true;
      return false;
    }
    table[at] = low >>> 16;
    table[at + 1] = low;
    table[at + 2] = high;
    this.size++;
    if (++partition.used > partition.slots * FULL) this.#grow(partition);
    return true;
  }

  /** Takes the size of a set that was kept elsewhere. */
  adopt(size: number, full: boolean): void {
    this.size = size;
    this.full = full;
  }

  #grow(partition: Partition): void {
    const slots = Math.min(LAST_SIZE, Math.ceil(partition.slots * GROWTH));
    if (!this.#isLarge && slots > SMALL_SIZE) this.#enlarge();
    if (this.#isLarge) move(partition, partition.table, partition.base, slots);
    else move(partition, new Uint16Array(slots * WORDS), 0, slots);
  }

  #enlarge(): void {
    this.#isLarge = true;
    const table = new Uint16Array(PARTITIONS * LAST_SIZE * WORDS);
    for (const [index, partition] of this.#partitions.entries()) {
      move(partition, table, index * LAST_SIZE, partition.slots);
    }
  }
}

/** Slots of each partition in which so many members are at home. */
export const slotsFor = (expected: number): number =>
  Math.max(FIRST_SIZE, Math.ceil(expected / PARTITIONS / (FULL - 0.1)));

/** Puts the members of a partition into `slots` slots from `base` on, where they may already lie. */
const move = (partition: Partition, table: Uint16Array, base: number, slots: number): void => {
  const from = partition.base * WORDS;
  const to = from + partition.slots * WORDS;
  const old = partition.table.slice(from, to);
  if (partition.table === table) table.fill(0, from, to);
  partition.table = table;
  partition.base = base;
  partition.slots = slots;
  for (let i = 0; i < old.length; i += WORDS) {
    if ((old[i]! | old[i + 1]! | old[i + 2]!) === 0) continue;
    const at = findSlot(partition, ((old[i]! << 16) | old[i + 1]!) >>> 0, old[i + 2]!);
    table[at] = old[i]!;
    table[at + 1] = old[i + 1]!;
    table[at + 2] = old[i + 2]!;
  }
};

/** Index in the table of the slot that holds the fingerprint, or of the empty one where it belongs. */
const findSlot = (partition: Partition, low: number, high: number): number => {
  const { table, base, slots } = partition;
  const end = base + slots;
  const first = low >>> 16;
  const second = low & 0xffff;
  let slot = base + Math.floor((low / 0x1_0000_0000) * slots);
  for (;;) {
    const at = slot * WORDS;
    const a = table[at]!;
    const b = table[at + 1]!;
    const c = table[at + 2]!;
    if ((a === first && b === second && c === high) || (a | b | c) === 0) return at;
    slot = slot + 1 === end ? base : slot + 1;
  }
};

/** The low word of a pair of integers as a fingerprint; with `pairHigh` it tells any two pairs apart. */
export const pairLow = (a: number, b: number): number =>
  avalanche((a + Math.imul(b, 0x9e3779b1)) | 0);

export const pairHigh = (b: number, low: number): number => avalanche(b ^ low);

const avalanche = (value: number): number => {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
};
