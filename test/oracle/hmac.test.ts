import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { VerificationKey } from '../../src/keys/key.ts';
import { verifyHmac as verifySpan } from '../../src/verify/hmac.ts';

/** The input stands between other bytes, as a token stands in a block. */
const verifyHmac = (
  alg: string,
  key: VerificationKey,
  input: Uint8Array,
  signature: Uint8Array,
): boolean => {
  const block = Buffer.concat([Buffer.from('xyz'), input, Buffer.from('uvw')]);
  const room = Buffer.concat([signature, Buffer.alloc(8, 7)]);
  return verifySpan(alg, key, block, 3, 3 + input.length, room, signature.length);
};

const ALGS = ['HS256', 'HS384', 'HS512'];

const keyOf = (secret: Uint8Array): VerificationKey => ({
  id: 'secret',
  kid: null,
  kty: 'oct',
  algs: ALGS,
  secret,
  jwk: null,
  notBefore: null,
  notAfter: null,
});

const hmac = (alg: string, secret: Uint8Array, input: Uint8Array): Buffer =>
  createHmac(`sha${alg.slice(2)}`, secret)
    .update(input)
    .digest();

/** Bytes that repeat with no power of two. */
const bytes = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 131 + seed * 17 + (i >> 3)) & 0xff);

describe.each(ALGS)('%s', (alg) => {
  test('agrees with node:crypto for inputs of 0 to 600 and secrets of 1 to 200 bytes', () => {
    const inputs = Array.from({ length: 601 }, (_, length) => bytes(length, length));
    const wrong: [secret: number, input: number][] = [];
    for (let size = 1; size <= 200; size++) {
      const secret = bytes(size, size);
      const key = keyOf(secret);
      for (const input of inputs) {
        if (!verifyHmac(alg, key, input, hmac(alg, secret, input)))
          wrong.push([size, input.length]);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('agrees with node:crypto for inputs up to a megabyte, growing and shrinking', () => {
    const secret = bytes(32, 1);
    const key = keyOf(secret);
    for (const length of [4096, 5000, 3, 70_000, 1 << 20, 4095, 4097, 0]) {
      const input = bytes(length, 5);
      expect(verifyHmac(alg, key, input, hmac(alg, secret, input))).toBe(true);
    }
  });

  test('refuses every signature that differs by one bit, and every other length', () => {
    const secret = bytes(32, 2);
    const key = keyOf(secret);
    const input = bytes(200, 3);
    const right = hmac(alg, secret, input);
    for (let bit = 0; bit < right.length * 8; bit++) {
      const wrong = Uint8Array.from(right);
      wrong[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifyHmac(alg, key, input, wrong)).toBe(false);
    }
    for (let length = 0; length < right.length; length++) {
      expect(verifyHmac(alg, key, input, right.subarray(0, length))).toBe(false);
    }
    expect(verifyHmac(alg, key, input, Buffer.concat([right, Buffer.alloc(1)]))).toBe(false);
    for (const other of ALGS) {
      if (other === alg) continue;
      const signature = hmac(other, secret, input);
      expect(verifyHmac(alg, key, input, signature)).toBe(false);
      const cut = Buffer.concat([signature, Buffer.alloc(64)]).subarray(0, right.length);
      expect(verifyHmac(alg, key, input, cut)).toBe(false);
    }
  });
});

test('two keys do not share what was prepared for one of them', () => {
  const [a, b] = [keyOf(bytes(32, 1)), keyOf(bytes(32, 2))];
  const input = bytes(64, 0);
  for (const alg of ALGS) {
    const signature = hmac(alg, a.secret!, input);
    expect([verifyHmac(alg, a, input, signature), verifyHmac(alg, b, input, signature)]).toEqual([
      true,
      false,
    ]);
  }
});

/** RFC 4231 section 4; case 5, whose result is truncated, is left out. */
const CASES: readonly (readonly [name: string, key: string, data: string, ...macs: string[]])[] = [
  [
    'case 1',
    '0b'.repeat(20),
    Buffer.from('Hi There').toString('hex'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6',
    '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
  ],
  [
    'case 2',
    Buffer.from('Jefe').toString('hex'),
    Buffer.from('what do ya want for nothing?').toString('hex'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ],
  [
    'case 3',
    'aa'.repeat(20),
    'dd'.repeat(50),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
    '88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27',
    'fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb',
  ],
  [
    'case 4',
    '0102030405060708090a0b0c0d0e0f10111213141516171819',
    'cd'.repeat(50),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
    '3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb',
    'b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd',
  ],
  [
    'case 6',
    'aa'.repeat(131),
    Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First').toString('hex'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    '4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952',
    '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
  ],
  [
    'case 7',
    'aa'.repeat(131),
    Buffer.from(
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ).toString('hex'),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
    '6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e',
    'e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58',
  ],
];

test.each(CASES)('RFC 4231 %s', (_name, key, data, ...macs) => {
  const own = keyOf(Buffer.from(key, 'hex'));
  const input = Buffer.from(data, 'hex');
  for (const [index, alg] of ALGS.entries()) {
    const mac = Buffer.from(macs[index]!, 'hex');
    expect(hmac(alg, own.secret!, input)).toEqual(mac);
    expect(verifyHmac(alg, own, input, mac)).toBe(true);
  }
});
