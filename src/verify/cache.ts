import { randomBytes } from 'node:crypto';

const WAYS = 8;
const SLOTS = 1 << 15;
const RING_BYTES = 16 << 20;
const LONGEST = RING_BYTES >> 6;
const SEEN = 1 << 16;

/**
 * Remembers what was found out about a token, by the whole token: never by its signature or
 * claims alone, which two tokens can share. Bounded: 32,768 tokens, 16 MiB of token text; what is
 * seen again costs a look-up instead of a verification. Only the second time a token is seen is
 * it kept: in a log of tokens that never return, nothing then outlives its block.
 */
export class TokenCache<T> {
  readonly #ring: Uint8Array = new Uint8Array(RING_BYTES);
  /** Position of each token in all that was ever written to the ring, -1 once it is written over. */
  readonly #position: Float64Array = new Float64Array(SLOTS).fill(-1);
  readonly #length: Uint32Array = new Uint32Array(SLOTS);
  readonly #hash: Int32Array = new Int32Array(SLOTS);
  readonly #value: (T | undefined)[] = Array.from<T | undefined>({ length: SLOTS });
  /** Slots and positions in the order of writing: what the ring writes over is let go. */
  readonly #queue: Int32Array = new Int32Array(SLOTS * 2);
  readonly #queued: Float64Array = new Float64Array(SLOTS * 2);
  #oldest = 0;
  #newest = 0;
  /** Hashes of tokens that were seen once. */
  readonly #seen: Int32Array = new Int32Array(SEEN);
  readonly #seed: number = randomBytes(4).readInt32LE();
  #written = 0;
  #lastHash = 0;

  get(bytes: Uint8Array, start: number, end: number): T | undefined {
    const hash = this.#hashOf(bytes, start, end);
    this.#lastHash = hash;
    const first = (hash & (SLOTS / WAYS - 1)) * WAYS;
    for (let slot = first; slot < first + WAYS; slot++) {
      if (this.#hash[slot] === hash && this.#holds(slot, bytes, start, end)) {
        return this.#value[slot];
      }
    }
    return undefined;
  }

  /** Offers a value for the token that `get` has just not found. */
  set(bytes: Uint8Array, start: number, end: number, value: T): void {
    const length = end - start;
    if (length > LONGEST) return;
    const hash = this.#lastHash;
    const trace = (hash >>> 9) & (SEEN - 1);
    if (this.#seen[trace] !== hash) {
      this.#seen[trace] = hash;
      return;
    }
    const first = (hash & (SLOTS / WAYS - 1)) * WAYS;
    let slot = first;
    for (let i = first + 1; i < first + WAYS; i++) {
      if (this.#position[i]! < this.#position[slot]!) slot = i;
    }
    const room = RING_BYTES - (this.#written % RING_BYTES);
    if (room < length) this.#written += room;
    this.#letGo(this.#written + length - RING_BYTES);
    this.#queue[this.#newest] = slot;
    this.#queued[this.#newest] = this.#written;
    this.#newest = (this.#newest + 1) % this.#queue.length;
    this.#ring.set(bytes.subarray(start, end), this.#written % RING_BYTES);
    this.#position[slot] = this.#written;
    this.#length[slot] = length;
    this.#hash[slot] = hash;
    this.#value[slot] = value;
    this.#written += length;
  }

  /** Drops the values of tokens that were written before `position`, and the oldest if there are too many. */
  #letGo(position: number): void {
    const { length } = this.#queue;
    for (;;) {
      const isFull = (this.#newest + 1) % length === this.#oldest;
      if (this.#oldest === this.#newest) return;
      if (!isFull && this.#queued[this.#oldest]! >= position) return;
      const slot = this.#queue[this.#oldest]!;
      if (this.#position[slot] === this.#queued[this.#oldest]) {
        this.#position[slot] = -1;
        this.#value[slot] = undefined;
      }
      this.#oldest = (this.#oldest + 1) % length;
    }
  }

  #holds(slot: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    const position = this.#position[slot]!;
    if (this.#length[slot] !== length || position < 0) return false;
    const ring = this.#ring;
    const at = position % RING_BYTES;
    for (let i = 0; i < length; i++) if (ring[at + i] !== bytes[start + i]) return false;
    return true;
  }

  // The end of a token is its signature, random for honest tokens; a dishonest one can at worst
  // make look-ups miss, for the whole token is compared.
  #hashOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed ^ (end - start);
    for (let i = Math.max(start, end - 12); i < end; i++) {
      hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    }
    return hash ^ (hash >>> 15);
  }
}
