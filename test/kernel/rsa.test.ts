import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { VerificationKey } from '../../src/keys/key.ts';
import { writeKey } from '../../src/kernel/rsa-key.ts';
import { instantiateRsa, type RsaExports } from '../../src/kernel/rsa-module.ts';
import { compileRsaFor, RsaPairs } from '../../src/kernel/rsa.ts';
import { createRandom } from '../oracle/random.ts';
import { RSA_MODULE } from './fused.ts';
import { ringOf, secretKey } from './twins.ts';

const SIZE = 256;
// Where it can't run nothing of this does.
const MODULE = RSA_MODULE!;
const describeRsa = describe.skipIf(RSA_MODULE === null);

const bytesOf = (value: bigint, size = SIZE): Buffer =>
  Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex');

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

const keyOf = (jwk: JsonWebKey): VerificationKey => ({
  ...secretKey('key', ''),
  kty: 'RSA',
  algs: ['RS256'],
  secret: null,
  jwk,
});

describeRsa('signatures under a key, two at a time', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const modulus = numberOf(Buffer.from(jwk.n!, 'base64url'));
  let pairs: RsaPairs;
  let slot: number;

  beforeAll(() => {
    pairs = RsaPairs.create(MODULE)!;
    slot = pairs.slotOf(keyOf(jwk))!;
  });

  const checked = (...signed: readonly (readonly [Buffer, Buffer])[]): boolean[] => {
    const results: boolean[] = [];
    for (let i = 0; i < signed.length; i += 2) {
      const [first, second = first] = signed.slice(i, i + 2).map((both) => Buffer.concat(both));
      const gap = Buffer.alloc(i % 7);
      const memory = Buffer.concat([gap, second!, gap, first!]);
      const at = 2 * gap.length + second!.length;
      const lanes = pairs.verifyTwo(slot, memory, at, gap.length);
      results.push((lanes & 1) !== 0, (lanes & 2) !== 0);
    }
    return results.slice(0, signed.length);
  };

  test('verify as OpenSSL says, also with one bit of another value, at every place', () => {
    const random = createRandom(8017);
    const signed: [Buffer, Buffer][] = [];
    const expected: boolean[] = [];
    const add = (text: string, signature: Buffer): void => {
      signed.push([signature, sha256(text)]);
      expected.push(verify('sha256', Buffer.from(text), publicKey, signature));
    };
    for (let bit = 0; bit < 8 * SIZE; bit++) {
      const text = `${bit}`;
      const signature = sign('sha256', Buffer.from(text), privateKey);
      add(text, signature);
      if (random.once(3)) add(`${text} `, signature);
      const changed = Buffer.from(signature);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      add(text, changed);
    }
    expect(checked(...signed)).toEqual(expected);
    expect(expected.filter(Boolean).length).toBe(8 * SIZE);
  });

  test('each bit of the hash counts', () => {
    const hash = sha256('text');
    const signature = sign('sha256', Buffer.from('text'), privateKey);
    for (let bit = 0; bit < 256; bit++) {
      const other = Buffer.from(hash);
      other[bit >> 3]! ^= 1 << (bit & 7);
      expect(checked([signature, hash], [signature, other])).toEqual([true, false]);
      expect(checked([signature, other], [signature, hash])).toEqual([false, true]);
    }
  });

  test('that are the right one and the modulus more, or taken from it, do not', () => {
    let more = 0;
    for (let i = 0; i < 40; i++) {
      const text = `text ${i}`;
      const signature = sign('sha256', Buffer.from(text), privateKey);
      const value = numberOf(signature);
      const others = [modulus - value, value + modulus].filter((other) => other < 1n << 2048n);
      more += others.length - 1;
      for (const other of others) {
        expect(verify('sha256', Buffer.from(text), publicKey, bytesOf(other))).toBe(false);
        const [isRight, isOther] = checked(
          [signature, sha256(text)],
          [bytesOf(other), sha256(text)],
        );
        expect([isRight, isOther]).toEqual([true, false]);
      }
    }
    // As good as all are too long for a modulus near 2^2048, as good as none for one near 2^2047.
    if (modulus < (1n << 2047n) + (1n << 2046n)) expect(more).toBeGreaterThan(0);
  });

  test('0, 1 and the numbers around the modulus do not', () => {
    for (const value of [0n, 1n, 2n, modulus - 1n, modulus, modulus + 1n, (1n << 2048n) - 1n]) {
      expect(checked([bytesOf(value), sha256('')])).toEqual([false]);
    }
  });

  const INFO = '3031300d060960864801650304020105000420';
  const PADDINGS: readonly (readonly [string, string])[] = [
    ['the right padding', `0001${'ff'.repeat(202)}00${INFO}`],
    ['a byte of padding that is not ff', `0001${'ff'.repeat(100)}fe${'ff'.repeat(101)}00${INFO}`],
    ['block type 2', `0002${'ff'.repeat(202)}00${INFO}`],
    ['no zero before the digest', `0001${'ff'.repeat(203)}${INFO}`],
    ['a first byte of its own', `0101${'ff'.repeat(202)}00${INFO}`],
    ['an algorithm without NULL', `0001${'ff'.repeat(204)}00302f300b06096086480165030402010420`],
    ['the name of SHA-384', `0001${'ff'.repeat(202)}00${INFO.replace('0402010500', '0402020500')}`],
  ];

  test.each(PADDINGS)('made with %s are judged as OpenSSL judges them', (name, padding) => {
    const hash = sha256('text');
    const encoded = Buffer.concat([Buffer.from(padding, 'hex'), hash]);
    expect(encoded.length).toBe(SIZE);
    const key = { key: privateKey, padding: constants.RSA_NO_PADDING };
    // Above the modulus there is nothing to sign.
    if (numberOf(encoded) >= modulus) return;
    const signature = privateEncrypt(key, encoded);
    const isRight = name === 'the right padding';
    expect(verify('sha256', Buffer.from('text'), publicKey, signature)).toBe(isRight);
    expect(checked([signature, hash])).toEqual([isRight]);
  });

  test('with the hash at the front and rubbish behind (CVE-2006-4339) do not', () => {
    const front = Buffer.concat([Buffer.from(`0001ffffffffffffffff00${INFO}`, 'hex'), sha256('')]);
    const encoded = Buffer.concat([front, Buffer.alloc(SIZE - front.length, 7)]);
    const key = { key: privateKey, padding: constants.RSA_NO_PADDING };
    expect(checked([privateEncrypt(key, encoded), sha256('')])).toEqual([false]);
  });
});

describeRsa('for moduli and signatures of all kinds it is exact', () => {
  let exports: RsaExports;

  beforeEach(() => {
    exports = instantiateRsa(MODULE)!;
  });

  const powerOf = (base: bigint, modulus: bigint): bigint => {
    let result = base;
    for (let i = 0; i < 16; i++) result = (result * result) % modulus;
    return (result * base) % modulus;
  };

  const WHOLE = 1n << 2048n;
  const MASK = (1n << 51n) - 1n;

  /** Numbers whose digits of 51 bits are as large, or as small, as can be, among random ones. */
  const numbers = (random: ReturnType<typeof createRandom>, count: number): bigint[] =>
    Array.from({ length: count }, () => {
      let value = 0n;
      for (let i = 0; i < 41; i++) {
        const any = (BigInt(random.below(2 ** 26)) << 25n) | BigInt(random.below(2 ** 25));
        value = (value << 51n) | random.pick([0n, 1n, MASK, MASK - 1n, MASK ^ 1n, any, any]);
      }
      return value % WHOLE;
    });

  // The padding is the test's: what any signature gives, less any hash.
  const expectExact = (modulus: bigint, signature: bigint, hash: bigint): void => {
    const key = exports.KEYS.value;
    const padding = (((powerOf(signature, modulus) - hash) % modulus) + modulus) % modulus;
    const weight = readDigits(key + exports.KEY_WEIGHT.value);
    const digits = new BigUint64Array(exports.memory.buffer, key + exports.KEY_PADDING.value, 84);
    let left = (padding * weight) % modulus;
    for (let i = 0; i < 84; i += 2, left >>= 51n) digits.fill(left & MASK, i, i + 2);
    const memory = Buffer.from(exports.memory.buffer);
    const place = (lane: number, s: bigint, h: bigint): void => {
      const signed = Buffer.concat([bytesOf(s), bytesOf(h, 32)]);
      memory.set(signed, exports.SIGNED.value + lane * exports.SIGNED_SIZE.value);
    };
    const lane = Number(hash % 2n);
    place(lane, signature, hash);
    place(1 - lane, signature, hash ^ 1n);
    const context = `modulus ${modulus}, signature ${signature}, hash ${hash}`;
    expect(exports.verifyTwo(0), context).toBe(1 << lane);
    place(1 - lane, (signature + 1n) % modulus, hash);
    expect(exports.verifyTwo(0), context).toBe(1 << lane);
    if (signature + modulus >= WHOLE) return;
    place(1 - lane, signature + modulus, hash);
    expect(exports.verifyTwo(0), context).toBe(1 << lane);
  };

  const readDigits = (at: number): bigint => {
    const digits = new Float64Array(exports.memory.buffer, at, 82);
    let value = 0n;
    for (let i = 80; i >= 0; i -= 2) value = (value << 51n) | BigInt(digits[i]!);
    return value;
  };

  const HASHES = [0n, (1n << 256n) - 1n, 1n << 255n, numberOf(sha256('a'))];

  test.each([
    ['the largest', WHOLE - 1n],
    ['the smallest', (WHOLE >> 1n) + 1n],
    ['one of which all digits but one are 0', (WHOLE >> 1n) + 3n],
    ['one whose lowest digit is its own inverse', WHOLE - MASK],
  ])('modulus: %s', (_name, modulus) => {
    writeKey(exports, 0, bytesOf(modulus));
    const random = createRandom(Number(modulus % 1000n));
    const edges = [0n, 1n, 2n, modulus - 1n, modulus - 2n, modulus >> 1n, MASK, 1n << 2040n];
    const some = numbers(random, 300).filter((value) => value < modulus);
    for (const signature of [...edges, ...some]) {
      expectExact(modulus, signature, random.pick(HASHES));
    }
  });

  test('any modulus', () => {
    const random = createRandom(3447);
    const moduli = numbers(random, 250).map((value) => value | 1n | (WHOLE >> 1n));
    for (const modulus of moduli) {
      writeKey(exports, 0, bytesOf(modulus));
      for (const signature of [...numbers(random, 8), modulus - 1n, modulus >> 1n]) {
        expectExact(modulus, signature % modulus, random.pick(HASHES));
      }
    }
  });
});

describeRsa('keys', () => {
  const jwkOf = (key: KeyObject): JsonWebKey => key.export({ format: 'jwk' });
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test('of another size, exponent or kind are none of its keys', () => {
    const others = [
      jwkOf(generateKeyPairSync('rsa', { modulusLength: 2047 }).publicKey),
      jwkOf(generateKeyPairSync('rsa', { modulusLength: 2056 }).publicKey),
      jwkOf(generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey),
      jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey),
      jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey),
      { ...jwkOf(publicKey), n: bytesOf((1n << 2047n) + 2n).toString('base64url') },
    ];
    const pairs = RsaPairs.create(MODULE)!;
    for (const jwk of others) {
      expect(pairs.slotOf(keyOf(jwk))).toBeNull();
      expect(compileRsaFor(ringOf(keyOf(jwk)))).toBeNull();
    }
    expect(pairs.slotOf(secretKey('secret', 'secret'))).toBeNull();
    expect(compileRsaFor(null)).toBeNull();
    expect(compileRsaFor(ringOf(keyOf(others[0]!), keyOf(jwkOf(publicKey))))).toBe(MODULE);
  });

  test('each have a slot of their own, as long as there are some', () => {
    const pairs = RsaPairs.create(MODULE)!;
    const keys = Array.from({ length: 17 }, (_, i) =>
      keyOf({
        kty: 'RSA',
        e: 'AQAB',
        n: bytesOf((1n << 2047n) + BigInt(2 * i + 1)).toString('base64url'),
      }),
    );
    expect(keys.map((key) => pairs.slotOf(key))).toEqual([...Array(16).keys(), null]);
    expect(pairs.slotOf(keys[3]!)).toBe(3);
    const real = RsaPairs.create(MODULE)!;
    const two = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
    const slots = two.map((pair) => real.slotOf(keyOf(jwkOf(pair.publicKey)))!);
    for (const [i, { privateKey }] of two.entries()) {
      const signature = sign('sha256', Buffer.from('text'), privateKey);
      expect(createPublicKey(privateKey).asymmetricKeyType).toBe('rsa');
      const memory = Buffer.concat([signature, sha256('text')]);
      expect(slots.map((slot) => real.verifyTwo(slot, memory, 0, 0))).toEqual(
        i === 0 ? [3, 0] : [0, 3],
      );
    }
  });
});
