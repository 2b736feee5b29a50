const PARTITIONS = 256;
const FIRST_SIZE = 16;
const FULL = 0.85;
const GROWTH = 1.3;

/**
 * A set of 64-bit fingerprints in typed arrays: 48 bits stored, 8 more in the choice of the
 * partition. At 10 million members one miscount has a chance of about 1 in 1,400, and the set
 * takes 80 MB; small partitions keep growth from doubling that for a moment.
 */
export class FingerprintSet {
  readonly #low: Uint32Array[] = [];
  readonly #high: Uint16Array[] = [];
  readonly #used: Uint32Array = new Uint32Array(PARTITIONS);
  readonly #limit: number;
  /** Members so far. */
  size = 0;
  /** `limit` was reached: from then on nothing is new any more. */
  full = false;

  constructor(limit: number) {
    this.#limit = limit;
    for (let i = 0; i < PARTITIONS; i++) {
      this.#low.push(new Uint32Array(FIRST_SIZE));
      this.#high.push(new Uint16Array(FIRST_SIZE));
    }
  }

  /** Adds a fingerprint given as two unsigned 32-bit words; true where it was not there. */
  add(highWord: number, lowWord: number): boolean {
    const partition = highWord >>> 24;
    const high = highWord & 0xffff;
    // All zero marks an empty slot.
    const low = lowWord === 0 && high === 0 ? 1 : lowWord;
    const lows = this.#low[partition]!;
    const highs = this.#high[partition]!;
    const slot = findSlot(lows, highs, low, high);
    if (lows[slot] !== 0 || highs[slot] !== 0) return false;
    if (this.size >= this.#limit) {
      this.full = true;
      return false;
    }
    lows[slot] = low;
    highs[slot] = high;
    this.size++;
    const used = this.#used[partition]! + 1;
    this.#used[partition] = used;
    if (used > lows.length * FULL) this.#grow(partition);
    return true;
  }

  #grow(partition: number): void {
    const lows = this.#low[partition]!;
    const highs = this.#high[partition]!;
    const size = Math.ceil(lows.length * GROWTH);
    const newLows = new Uint32Array(size);
    const newHighs = new Uint16Array(size);
    for (let i = 0; i < lows.length; i++) {
      const low = lows[i]!;
      const high = highs[i]!;
      if (low === 0 && high === 0) continue;
      const slot = findSlot(newLows, newHighs, low, high);
      newLows[slot] = low;
      newHighs[slot] = high;
    }
    this.#low[partition] = newLows;
    this.#high[partition] = newHighs;
  }
}

/** The slot that holds the fingerprint, or the empty one where it belongs. */
const findSlot = (lows: Uint32Array, highs: Uint16Array, low: number, high: number): number => {
  const size = lows.length;
  let slot = Math.floor(((low >>> 0) / 0x1_0000_0000) * size);
  while (lows[slot] !== low || highs[slot] !== high) {
    if (lows[slot] === 0 && highs[slot] === 0) return slot;
    slot = slot + 1 === size ? 0 : slot + 1;
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
