const PARTITIONS = 256;
const FIRST_SIZE = 16;
/** Slots up to which each partition has a table of its own. */
const SMALL_SIZE = 4096;
const LAST_SIZE = 1 << 17;
const FULL = 0.85;
const GROWTH = 1.5;

/** Members that a set has room for. */
export const MOST_FINGERPRINTS: number = Math.floor(PARTITIONS * LAST_SIZE * (FULL - 0.02));

/** Part of a table: `slots` slots from `base` on. All zero marks an empty slot. */
interface Partition {
  low: Uint32Array;
  high: Uint16Array;
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
  readonly #limit: number;
  #isLarge = false;
  /** Members so far. */
  size = 0;
  /** `limit` was reached: from then on nothing is new any more. */
  full = false;

  constructor(limit: number) {
    this.#limit = Math.min(limit, MOST_FINGERPRINTS);
    this.#partitions = Array.from({ length: PARTITIONS }, () => ({
      low: new Uint32Array(FIRST_SIZE),
      high: new Uint16Array(FIRST_SIZE),
      base: 0,
      slots: FIRST_SIZE,
      used: 0,
    }));
  }

  /** Adds a fingerprint given as two unsigned 32-bit words; true where it was not there. */
  add(highWord: number, lowWord: number): boolean {
    const partition = this.#partitions[highWord >>> 24]!;
    const high = highWord & 0xffff;
    const low = lowWord === 0 && high === 0 ? 1 : lowWord;
    const slot = findSlot(partition, low, high);
    if (partition.low[slot] !== 0 || partition.high[slot] !== 0) return false;
    if (this.size >= this.#limit || partition.used >= LAST_SIZE * FULL - 1) {
      this.full = true;
      return false;
    }
    partition.low[slot] = low;
    partition.high[slot] = high;
    this.size++;
    if (++partition.used > partition.slots * FULL) this.#grow(partition);
    return true;
  }

  #grow(partition: Partition): void {
    const slots = Math.min(LAST_SIZE, Math.ceil(partition.slots * GROWTH));
    if (!this.#isLarge && slots > SMALL_SIZE) this.#enlarge();
    if (this.#isLarge) move(partition, partition.low, partition.high, partition.base, slots);
    else move(partition, new Uint32Array(slots), new Uint16Array(slots), 0, slots);
  }

  #enlarge(): void {
    this.#isLarge = true;
    const low = new Uint32Array(PARTITIONS * LAST_SIZE);
    const high = new Uint16Array(PARTITIONS * LAST_SIZE);
    for (const [index, partition] of this.#partitions.entries()) {
      move(partition, low, high, index * LAST_SIZE, partition.slots);
    }
  }
}

/** Puts the members of a partition into `slots` slots from `base` on, where they may already lie. */
const move = (
  partition: Partition,
  low: Uint32Array,
  high: Uint16Array,
  base: number,
  slots: number,
): void => {
  const from = partition.base;
  const to = from + partition.slots;
  const oldLow = partition.low.slice(from, to);
  const oldHigh = partition.high.slice(from, to);
  if (partition.low === low) {
    low.fill(0, from, to);
    high.fill(0, from, to);
  }
  Object.assign(partition, { low, high, base, slots });
  for (let i = 0; i < oldLow.length; i++) {
    if (oldLow[i] === 0 && oldHigh[i] === 0) continue;
    const slot = findSlot(partition, oldLow[i]!, oldHigh[i]!);
    low[slot] = oldLow[i]!;
    high[slot] = oldHigh[i]!;
  }
};

/** The slot that holds the fingerprint, or the empty one where it belongs. */
const findSlot = (partition: Partition, lowWord: number, highWord: number): number => {
  const { low, high, base, slots } = partition;
  const end = base + slots;
  let slot = base + Math.floor(((lowWord >>> 0) / 0x1_0000_0000) * slots);
  while (low[slot] !== lowWord || high[slot] !== highWord) {
    if (low[slot] === 0 && high[slot] === 0) return slot;
    slot = slot + 1 === end ? base : slot + 1;
  }
  return slot;
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
