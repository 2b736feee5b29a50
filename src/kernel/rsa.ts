import { Buffer } from 'node:buffer';
import type { KeyRing, VerificationKey } from '../keys/key.ts';
import type { KernelModule } from './module.ts';
import { writeKey } from './rsa-key.ts';
import { compileRsa, instantiateRsa, type RsaExports } from './rsa-module.ts';

export const RSA_SIGNATURE_SIZE = 256;
/** 65537. */
const EXPONENT = 'AQAB';

/** What `RsaPairs` needs, null where it can't be had, or no key of the ring is of its kind. */
export const compileRsaFor = (ring: KeyRing | null): KernelModule | null =>
  ring?.keys.some((key) => modulusOf(key) !== null) === true ? compileRsa() : null;

/** The modulus of an RSA key of 2048 bits, null for another key. */
const modulusOf = ({ jwk }: VerificationKey): Buffer | null => {
  const { kty, e, n } = jwk ?? {};
  if (kty !== 'RSA' || e !== EXPONENT || n === undefined) return null;
  const modulus = Buffer.from(n, 'base64url');
  if (modulus.length !== RSA_SIGNATURE_SIZE || modulus[0]! < 0x80) return null;
  return modulus.at(-1)! % 2 === 1 ? modulus : null;
};

/** Verifies signatures by RS256 (RFC 7518 section 3.3) under keys of 2048 bits, two at a time, in less time than OpenSSL. */
export class RsaPairs {
  readonly #exports: RsaExports;
  readonly #memory: Buffer;
  readonly #slots = new Map<VerificationKey, number>();

  private constructor(exports: RsaExports) {
    this.#exports = exports;
    this.#memory = Buffer.from(exports.memory.buffer);
  }

  /** Null where it can't be had. */
  static create(module: KernelModule): RsaPairs | null {
    const exports = instantiateRsa(module);
    return exports === null ? null : new RsaPairs(exports);
  }

  /** What `verifyTwo` knows the key by; null for keys of another kind, and where there is no room for more. */
  slotOf(key: VerificationKey): number | null {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const modulus = modulusOf(key);
    if (modulus === null) return null;
    const slot = this.#slots.size;
    if (slot === this.#exports.MOST_KEYS.value) return null;
    this.#slots.set(key, slot);
    writeKey(this.#exports, slot, modulus);
    return slot;
  }

  /** Which of two signatures verify, bit 0 for that at `first` of `memory`, bit 1 for the other; behind each lies the SHA-256 of what was signed. */
  verifyTwo(slot: number, memory: Uint8Array, first: number, second: number): number {
    const { SIGNED, SIGNED_SIZE } = this.#exports;
    const size = SIGNED_SIZE.value;
    this.#memory.set(memory.subarray(first, first + size), SIGNED.value);
    this.#memory.set(memory.subarray(second, second + size), SIGNED.value + size);
    return this.#exports.verifyTwo(slot);
  }
}
