import { randomInt } from 'node:crypto';

const FIRST_SLOTS = 1 << 12;
const SLOT_WORDS = 3;

/** Numbers of tokens by the two words of their fingerprints, as signed numbers; the first is never 0. */
export class FastTokens {
  /** Nobody can prepare tokens whose places collide. */
  readonly #seed = randomInt(2 ** 32) | 0;
  #slots = new Int32Array(FIRST_SLOTS * SLOT_WORDS);
  #mask = FIRST_SLOTS - 1;
  #count = 0;

  clear(): void {
    this.#slots = new Int32Array(FIRST_SLOTS * SLOT_WORDS);
    this.#mask = FIRST_SLOTS - 1;
    this.#count = 0;
  }

  /** The number of a token, -1 for an unknown one. */
  get(high: number, low: number): number {
    const slot = this.#slotOf(high, low);
    return this.#slots[slot] === 0 ? -1 : this.#slots[slot + 2]!;
  }

  /** Sets the number of a token that is not known. */
  set(high: number, low: number, token: number): void {
    if (++this.#count * 2 > this.#mask) this.#grow();
    this.#put(high, low, token);
  }

  #put(high: number, low: number, token: number): void {
    const slot = this.#slotOf(high, low);
    this.#slots[slot] = high;
    this.#slots[slot + 1] = low;
    this.#slots[slot + 2] = token;
  }

  #grow(): void {
    const smaller = this.#slots;
    this.#slots = new Int32Array(smaller.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let slot = 0; slot < smaller.length; slot += SLOT_WORDS) {
      if (smaller[slot] !== 0) this.#put(smaller[slot]!, smaller[slot + 1]!, smaller[slot + 2]!);
    }
  }

  /** The place of a token, or the free one where it belongs. */
  #slotOf(high: number, low: number): number {
    const mixed = Math.imul(Math.imul(high ^ this.#seed, 0x9e3779b1) ^ low, 0x85ebca6b);
    const slots = this.#slots;
    for (let at = mixed ^ (mixed >>> 15); ; at++) {
      const slot = (at & this.#mask) * SLOT_WORDS;
      if (slots[slot] === 0 || (slots[slot] === high && slots[slot + 1] === low)) return slot;
    }
  }
}
