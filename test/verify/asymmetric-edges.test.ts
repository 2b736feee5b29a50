import { constants, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { VerificationKey } from '../../src/keys/key.ts';
import { hasForeignSalt, verifyAsymmetric } from '../../src/verify/asymmetric.ts';
import { segment } from '../support/tokens.ts';
import { ecPair, edPair, inputOf, joseVerifies, rsaPair, signed } from './asymmetric-pairs.ts';

/** What both jose and this project say; throws where they differ. */
const verdictOf = async (
  alg: string,
  key: VerificationKey,
  input: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> => {
  const own = verifyAsymmetric(alg, [key], input, signature) === key;
  const other = await joseVerifies(alg, key, input, signature);
  if (own !== other)
    throw new Error(`jose says ${other}: ${Buffer.from(signature).toString('hex')}`);
  return own;
};

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
const bytesOf = (number: bigint, size: number): Buffer =>
  Buffer.from(number.toString(16).padStart(size * 2, '0'), 'hex');

const ORDERS = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384':
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521':
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
} as const;

describe.each([
  ['ES256', 'P-256', 32],
  ['ES384', 'P-384', 48],
  ['ES512', 'P-521', 66],
] as const)('%s', (alg, curve, size) => {
  const pair = ecPair(curve);
  const input = inputOf(alg, 0);
  const good = signed(alg, input, pair);
  const r = numberOf(good.subarray(0, size));
  const s = numberOf(good.subarray(size));
  const n = ORDERS[curve];
  const of = (left: bigint, right: bigint, width: number = size): Buffer =>
    Buffer.concat([bytesOf(left, width), bytesOf(right, width)]);

  test('r and s as they are, and the negative of s, which ECDSA cannot tell from it', async () => {
    expect(of(r, s)).toEqual(good);
    expect(await verdictOf(alg, pair.key, input, good)).toBe(true);
    expect(await verdictOf(alg, pair.key, input, of(r, n - s))).toBe(true);
  });

  test.each<[string, Buffer]>([
    ['r and s are 0', of(0n, 0n)],
    ['r is 0', of(0n, s)],
    ['s is 0', of(r, 0n)],
    ['r and s are 1', of(1n, 1n)],
    ['r is the order', of(n, s)],
    ['s is the order', of(r, n)],
    ['both are the order', of(n, n)],
    ['both are one less than the order', of(n - 1n, n - 1n)],
    ['r is negated', of(n - r, s)],
    ['r and s changed places', of(s, r)],
    ['all bits are set', Buffer.alloc(size * 2, 0xff)],
    ['each half has a zero in front', of(r, s, size + 1)],
    ['the last byte is missing', good.subarray(0, -1)],
    ['a zero follows', Buffer.concat([good, Buffer.alloc(1)])],
    ['only r is left', good.subarray(0, size)],
    ['ASN.1 as TLS has it', signed(alg, input, pair, { dsaEncoding: 'der' })],
    ['there is none', Buffer.alloc(0)],
  ])('is refused where %s', async (_name, signature) => {
    expect(await verdictOf(alg, pair.key, input, signature)).toBe(false);
  });

  test('ASN.1 padded or cut to the size of a signature is refused', async () => {
    const der = signed(alg, input, pair, { dsaEncoding: 'der' });
    const cut = Buffer.concat([der, Buffer.alloc(size)]).subarray(0, size * 2);
    expect(await verdictOf(alg, pair.key, input, cut)).toBe(false);
  });
});

describe('ES256', () => {
  test('a signature made by a hash of another size is refused', async () => {
    const pair = ecPair('P-256');
    const input = inputOf('ES256', 0);
    for (const hash of ['sha1', 'sha224', 'sha384', 'sha512']) {
      const signature = sign(hash, input, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
      expect(signature.length).toBe(64);
      expect(await verdictOf('ES256', pair.key, input, signature)).toBe(false);
    }
  });
});

describe.each(['EdDSA', 'Ed25519'])('%s', (alg) => {
  const pair = edPair();
  const input = inputOf(alg, 0);
  const good = signed(alg, input, pair);
  const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
  const S = numberOf(good.subarray(32).toReversed());
  const withS = (value: bigint): Buffer =>
    Buffer.concat([good.subarray(0, 32), bytesOf(value, 32).toReversed()]);
  /** The neutral point: (0, 1). */
  const neutral = bytesOf(1n, 32).toReversed();

  test('S in its one form', async () => {
    expect(withS(S)).toEqual(good);
    expect(await verdictOf(alg, pair.key, input, good)).toBe(true);
  });

  test.each<[string, Buffer]>([
    ['S is the order too large', withS(S + ORDER)],
    ['S is the order', withS(ORDER)],
    ['S is 0', withS(0n)],
    ['S is negated', withS(ORDER - S)],
    ['R is 0', Buffer.concat([Buffer.alloc(32), good.subarray(32)])],
    ['R is neutral and S 0', Buffer.concat([neutral, Buffer.alloc(32)])],
    ['all is 0', Buffer.alloc(64)],
    ['all bits are set', Buffer.alloc(64, 0xff)],
    ['the last byte is missing', good.subarray(0, -1)],
    ['a zero follows', Buffer.concat([good, Buffer.alloc(1)])],
    ['it has the length of Ed448', Buffer.concat([good, Buffer.alloc(114 - 64)])],
    ['there is none', Buffer.alloc(0)],
  ])('is refused where %s', async (_name, signature) => {
    expect(await verdictOf(alg, pair.key, input, signature)).toBe(false);
  });
});

describe.each(['RS256', 'RS512', 'PS256', 'PS384'])('%s', (alg) => {
  // The modulus does not end with a byte, so there is room above it.
  const pair = rsaPair(2050);
  const SIZE = 257;
  const input = inputOf(alg, 0);
  const good = signed(alg, input, pair);
  const n = numberOf(Buffer.from(pair.key.jwk!.n!, 'base64url'));

  test('a signature is as long as the modulus, rounded up to bytes', async () => {
    expect(good.length).toBe(SIZE);
    expect(await verdictOf(alg, pair.key, input, good)).toBe(true);
    const large = rsaPair(3072);
    const longer = signed(alg, input, large);
    expect(await verdictOf(alg, large.key, input, longer)).toBe(true);
    expect(await verdictOf(alg, pair.key, input, longer)).toBe(false);
  });

  test.each<[string, Buffer]>([
    ['is 0', Buffer.alloc(SIZE)],
    ['is 1', bytesOf(1n, SIZE)],
    ['is the modulus', bytesOf(n, SIZE)],
    ['is one less than the modulus', bytesOf(n - 1n, SIZE)],
    ['is negated', bytesOf(n - numberOf(good), SIZE)],
    ['is the modulus too large', bytesOf(numberOf(good) + n, SIZE)],
    ['has all bits set', Buffer.alloc(SIZE, 0xff)],
    ['has a zero in front', Buffer.concat([Buffer.alloc(1), good])],
    ['has a zero behind', Buffer.concat([good, Buffer.alloc(1)])],
    ['lacks its last byte', good.subarray(0, -1)],
    ['is empty', Buffer.alloc(0)],
  ])('is refused where it %s', async (_name, signature) => {
    expect(await verdictOf(alg, pair.key, input, signature)).toBe(false);
  });

  // OpenSSL, and with it jose, lets that pass for PSS; RFC 8017 sections 8.1.2 and 8.2.2 do not.
  test('a leading zero may not be left out', async () => {
    // PKCS #1 signs the same way each time, PSS never: it is the input that varies for both.
    let index = 0;
    let signature = good;
    while (signature[0] !== 0) signature = signed(alg, inputOf(alg, ++index), pair);
    const shortened = signature.subarray(1);
    expect(await verdictOf(alg, pair.key, inputOf(alg, index), signature)).toBe(true);
    expect(verifyAsymmetric(alg, [pair.key], inputOf(alg, index), shortened)).toBeNull();
    expect(hasForeignSalt(alg, [pair.key], inputOf(alg, index), shortened)).toBe(false);
  });

  test('a public exponent that OpenSSL refuses to compute with verifies nothing, and nothing throws', async () => {
    const e = segment(bytesOf(2n ** 80n + 1n, 11));
    const jwk = { kty: 'RSA', n: segment(Buffer.alloc(512, 0xff)), e };
    const odd: VerificationKey = { ...pair.key, jwk };
    expect(await verdictOf(alg, odd, input, Buffer.alloc(512, 1))).toBe(false);
    expect(hasForeignSalt(alg, [odd], input, Buffer.alloc(512, 1))).toBe(false);
  });
});

const pair = rsaPair();
const other = rsaPair();
const curve = ecPair('P-256');

describe.each([
  ['PS256', 32],
  ['PS384', 48],
  ['PS512', 64],
])('salts of %s', (alg, size) => {
  const keys = [pair.key];
  const input = inputOf(alg, 0);

  test.each([0, 1, size - 1, size + 1, 256 - 2 - size])(
    `a salt of %i bytes is refused, and told from a forgery`,
    async (saltLength) => {
      const signature = signed(alg, input, pair, { saltLength });
      expect(await verdictOf(alg, pair.key, input, signature)).toBe(false);
      expect(hasForeignSalt(alg, keys, input, signature)).toBe(true);
      expect(hasForeignSalt(alg, [curve.key, ...keys], input, signature)).toBe(true);
      expect(hasForeignSalt(alg, keys, inputOf(alg, 1), signature)).toBe(false);
      expect(hasForeignSalt(alg, [other.key], input, signature)).toBe(false);
    },
  );

  test('what is no PSS at all has no foreign salt', () => {
    const rs = `RS${alg.slice(2)}`;
    const plain = signed(rs, input, pair);
    expect(hasForeignSalt(alg, keys, input, plain)).toBe(false);
    expect(hasForeignSalt(alg, keys, input, plain.subarray(1))).toBe(false);
    expect(hasForeignSalt(rs, keys, input, signed(alg, input, pair, { saltLength: 0 }))).toBe(
      false,
    );
  });

  test('a mask made by another hash is refused', async () => {
    const otherHash = alg === 'PS256' ? 'sha384' : 'sha256';
    const signature = sign(otherHash, input, {
      key: pair.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: size,
    });
    expect(await verdictOf(alg, pair.key, input, signature)).toBe(false);
  });
});
