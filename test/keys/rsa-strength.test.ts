import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hasRocaFingerprint, rsaWeakness } from '../../src/keys/rsa-strength.ts';
import { failureOf, loadJson } from './memory-io.ts';

const PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
const PRODUCT = PRIMES.reduce((product, prime) => product * BigInt(prime), 1n);

/** A factor as the broken generator makes it: k * M + (65537^a mod M). */
const rocaFactor = (exponent: number): bigint => {
  let power = 1n;
  for (let i = 0; i < exponent; i++) power = (power * 65_537n) % PRODUCT;
  const k = BigInt(`0x80${'a7'.repeat(115)}`) + BigInt(exponent);
  return k * 2n * PRODUCT + (power % 2n === 0n ? power + PRODUCT : power);
};

const base64url = (value: bigint): string => {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url');
};

const rsaNumber = (bits: number): bigint => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return BigInt(
    `0x${Buffer.from(publicKey.export({ format: 'jwk' }).n!, 'base64url').toString('hex')}`,
  );
};

const good = rsaNumber(2048);

describe('the strength of RSA keys', () => {
  test('lets an ordinary key pass', () => {
    expect(rsaWeakness(good, 65_537n)).toBeNull();
    expect(rsaWeakness(good, 3n)).toBeNull();
  });

  test.each([0n, 1n, 2n, 4n, 65_536n])('refuses the public exponent %s', (e) => {
    expect(rsaWeakness(good, e)).toMatch(/exponent/);
  });

  test('refuses 2047 bits, takes 2048, refuses what OpenSSL cannot use', () => {
    expect(rsaWeakness(2n ** 2047n - 1n, 65_537n)).toMatch(/2047 bits/);
    expect(rsaWeakness(2n ** 2047n + 1n, 65_537n)).toBeNull();
    expect(rsaWeakness(2n ** 16_384n + 1n, 65_537n)).toMatch(/at most/);
  });

  test('knows a modulus of the ROCA generator, and one residue off is another one', () => {
    const modulus = rocaFactor(12_345) * rocaFactor(678);
    expect(hasRocaFingerprint(modulus)).toBe(true);
    expect(rsaWeakness(modulus, 65_537n)).toMatch(/ROCA/);
    // Modulo 11 the powers of 65537 are 1 and 10 alone.
    const elsewhere = [...Array(11).keys()].filter((n) => ![1, 10].includes(n));
    for (const residue of elsewhere) {
      const shift = (BigInt(residue) - (modulus % 11n) + 11n) % 11n;
      const step = PRODUCT / 11n;
      const inverse = [...Array(11).keys()].find((n) => (step * BigInt(n)) % 11n === 1n)!;
      expect(hasRocaFingerprint(modulus + shift * step * BigInt(inverse))).toBe(false);
    }
  });

  test.each([
    ['1024 bits', rsaNumber(1024), 65_537n, /1024 bits/],
    ['an exponent of 1', good, 1n, /exponent/],
    ['a ROCA modulus', rocaFactor(99) * rocaFactor(7), 65_537n, /ROCA/],
  ])('a JWK with %s is refused when it is loaded', async (_name, n, e, reason) => {
    const jwk = { kty: 'RSA', n: base64url(n), e: base64url(e) };
    const error = await failureOf(loadJson(jwk));
    expect([error.code, error.message]).toEqual(['KEY', expect.stringMatching(reason)]);
  });
});
