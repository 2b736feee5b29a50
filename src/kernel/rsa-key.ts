import { Buffer } from 'node:buffer';
import type { RsaExports } from './rsa-module.ts';

/** Bits of a digit, and digits of R; see assembly/rsa/layout.ts. */
const DIGIT_BITS = 51n;
const R_DIGITS = 42n;
const DIGIT_MASK = (1n << DIGIT_BITS) - 1n;

/** DigestInfo of SHA-256 without the hash (RFC 8017 section 9.2). */
const DIGEST_INFO = '003031300d060960864801650304020105000420';
/** What the hash is padded with, to 256 bytes (RFC 8017 section 9.2), as a number. */
const PADDING = BigInt(`0x0001${'ff'.repeat(202)}${DIGEST_INFO}${'00'.repeat(32)}`);

/** What verifying under a key of 2048 bits takes; each below the modulus, of which the inverse is told modulo 2^51. */
interface RsaNumbers {
  readonly inverse: bigint;
  readonly step: bigint;
  readonly weight: bigint;
  readonly padding: bigint;
}

/** Makes a key known by its slot; its modulus, odd, as 256 bytes of which the highest comes first. */
export const writeKey = (exports: RsaExports, slot: number, modulus: Uint8Array): void => {
  const key = exports.KEYS.value + slot * exports.KEY_SIZE.value;
  const number = BigInt(`0x${Buffer.from(modulus).toString('hex')}`);
  const { inverse, step, weight, padding } = rsaNumbersOf(number);
  const { buffer } = exports.memory;
  const memory = Buffer.from(buffer, key, exports.KEY_SIZE.value);
  memory.fill(0);
  memory.set(modulus, exports.KEY_MODULUS.value);
  memory.writeBigUInt64LE(inverse, exports.KEY_INVERSE.value);
  writeDigits(step, new Float64Array(buffer, key + exports.KEY_STEP.value));
  writeDigits(number, new Float64Array(buffer, key + exports.KEY_DIGITS.value));
  writeDigits(weight, new Float64Array(buffer, key + exports.KEY_WEIGHT.value));
  writeDigits(padding, new BigUint64Array(buffer, key + exports.KEY_PADDING.value));
};

const rsaNumbersOf = (modulus: bigint): RsaNumbers => {
  // Newton's iteration: each time twice as many bits are right, and of one bit an odd number is its own inverse.
  let inverse = 1n;
  for (let bits = 1n; bits < DIGIT_BITS; bits *= 2n) {
    inverse = (inverse * (2n - modulus * inverse)) & DIGIT_MASK;
  }
  // One more than a multiple of the modulus that ends in 51 ones.
  const step = (1n + (-inverse & DIGIT_MASK) * modulus) >> DIGIT_BITS;
  const inverseOfR = power(step, R_DIGITS, modulus);
  // Sixteen squares, each reduced, leave as many.
  const weight = modulus - power(inverseOfR, 65_535n, modulus);
  return { inverse, step, weight, padding: (PADDING * weight) % modulus };
};

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
};

/** Writes the digits of `value`, the lowest first, each twice: for two tokens. */
const writeDigits = (value: bigint, to: Float64Array | BigUint64Array): void => {
  let left = value;
  for (let i = 0; left > 0n; i += 2) {
    const digit = left & DIGIT_MASK;
    if (to instanceof BigUint64Array) to.fill(digit, i, i + 2);
    else to.fill(Number(digit), i, i + 2);
    left >>= DIGIT_BITS;
  }
};
