import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { KeyRing, VerificationKey } from '../keys/key.ts';
import { createKeySelector, type KeySelector } from '../keys/select.ts';
import { parseHeader } from '../scan/header.ts';
import type { KernelExports } from './module.ts';

/** Where key slots stand behind a header in the exchange, and the second block behind a key's first. */
const SLOTS_OFFSET = 0x400;
const OUTER_OFFSET = 128;

const BITS: ReadonlyMap<string, number> = new Map([
  ['HS256', 256],
  ['HS384', 384],
  ['HS512', 512],
]);

/** Tells the kernel which headers it may judge, and with which keys. */
export class KernelKeys {
  readonly #exports: KernelExports;
  readonly #ring: KeyRing;
  readonly #select: KeySelector;
  /** Slots of keys that were prepared, by algorithm and index. */
  readonly #slots = new Map<string, number>();

  constructor(exports: KernelExports, ring: KeyRing) {
    this.#exports = exports;
    this.#ring = ring;
    this.#select = createKeySelector(ring);
  }

  /** Reads the header in `bytes[start, end)` and makes it known, as one to judge or as one to leave. */
  learn(bytes: Uint8Array, start: number, end: number): void {
    const { alg, kid, problem, offersKey } = parseHeader(
      bytes,
      start,
      end,
      new Uint8Array(end - start + 3),
    );
    const bits = BITS.get(alg ?? '') ?? 0;
    const isPlain = problem === null && !offersKey && bits > 0;
    const slots = isPlain ? this.#slotsFor(alg!, kid, bits) : null;
    const exchange = this.#exchange();
    exchange.set(bytes.subarray(start, end));
    if (slots !== null) exchange.set(slots, SLOTS_OFFSET);
    this.#exports.addHeader(end - start, slots === null ? 0 : bits, slots?.length ?? 0);
  }

  /** Null where the tokens are not the kernel's: no key, a key in use at certain times only, too many keys. */
  #slotsFor(alg: string, kid: string | null, bits: number): readonly number[] | null {
    const selection = this.#select(alg, kid);
    if (!('keys' in selection)) return null;
    if (selection.keys.some((key) => key.notBefore !== null || key.notAfter !== null)) return null;
    const slots = selection.keys.map((key) => this.#slotOf(key, alg, bits));
    return slots.includes(-1) ? null : slots;
  }

  #slotOf(key: VerificationKey, alg: string, bits: number): number {
    const index = this.#ring.keys.indexOf(key);
    const name = `${alg} ${index}`;
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slot = this.#slots.size;
    if (slot === this.#exports.MOST_KEY_SLOTS.value) return -1;
    this.#slots.set(name, slot);
    const size = bits === 256 ? 64 : 128;
    const padded = Buffer.alloc(size);
    const secret = key.secret!;
    padded.set(secret.length > size ? hash(`sha${bits}`, secret, 'buffer') : secret);
    const exchange = this.#exchange();
    for (let i = 0; i < size; i++) {
      exchange[i] = padded[i]! ^ 0x36;
      exchange[OUTER_OFFSET + i] = padded[i]! ^ 0x5c;
    }
    this.#exports.prepareKey(slot, bits, index);
    exchange.fill(0, 0, OUTER_OFFSET + size);
    return slot;
  }

  /** Made anew each time: memory that grows leaves old views behind. */
  #exchange(): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, this.#exports.EXCHANGE.value, 0x1000);
  }
}
