import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { KeyRing, VerificationKey } from '../keys/key.ts';
import { createKeySelector, type KeySelector } from '../keys/select.ts';
import { parseHeader } from '../scan/header.ts';
import type { KernelExports } from './module.ts';
import type { SignatureChecks } from './signature-checks.ts';

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
  readonly #checks: SignatureChecks;

  constructor(exports: KernelExports, ring: KeyRing, checks: SignatureChecks) {
    this.#exports = exports;
    this.#ring = ring;
    this.#checks = checks;
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
    const keys = problem === null && !offersKey ? this.#keysFor(alg!, kid) : null;
    const bits = BITS.get(alg ?? '') ?? 0;
    const slots = keys?.map((key) => (bits === 0 ? 0 : this.#slotOf(key, alg!, bits))) ?? [-1];
    const exchange = this.#exchange();
    exchange.set(bytes.subarray(start, end));
    if (slots.includes(-1)) {
      this.#exports.addHeader(end - start, 0, 0);
    } else if (bits > 0) {
      exchange.set(slots, SLOTS_OFFSET);
      this.#exports.addHeader(end - start, bits, slots.length);
    } else {
      const place = this.#exports.addHeader(end - start, this.#exports.BY_HOST.value, 0);
      this.#checks.add(place, alg!, keys!);
    }
  }

  /** Null where the tokens are not the kernel's: no key, a key in use at certain times only. */
  #keysFor(alg: string, kid: string | null): readonly VerificationKey[] | null {
    // The slow way tells what is wrong with a PSS signature.
    if (alg.startsWith('PS')) return null;
    const selection = this.#select(alg, kid);
    if (!('keys' in selection)) return null;
    const isTimed = selection.keys.some((key) => key.notBefore !== null || key.notAfter !== null);
    return isTimed ? null : selection.keys;
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
