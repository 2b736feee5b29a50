import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Guesser, type GuessTask, type Hit } from '../../src/weak/guesser.ts';
import { KeyedHash } from '../../src/weak/keyed-hash.ts';
import { Lanes, type Target } from '../../src/weak/lanes.ts';
import { createRandom } from '../oracle/random.ts';
import { compiledKernel } from '../support/kernel.ts';

const kernel = compiledKernel();

const targetOf = (key: Uint8Array, length: number, alg = 'HS256'): Target => {
  const input = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
  const signature = createHmac(`sha${alg.slice(2)}`, key)
    .update(input)
    .digest();
  return { alg, input, signature };
};

const hits = (task: Omit<GuessTask, 'kernel'>, text: Uint8Array, isFast: boolean): readonly Hit[] =>
  new Guesser({ ...task, kernel: isFast ? kernel : null }).tryLines(text, 1);

describe('keys in lanes', () => {
  test('fit where the oracle says so: every length of key and text around the ends of blocks', () => {
    const lanes = Lanes.of(kernel)!;
    const lengths = [0, 1, 54, 55, 56, 63, 64, 65, 118, 119, 120, 127, 128, 1000, 2038, 2039];
    for (const keyLength of [0, 1, 2, 31, 32, 55, 56, 63, 64, 65, 128, 300]) {
      const key = Uint8Array.from({ length: keyLength }, (_, i) => (i * 91 + keyLength) & 255);
      for (const length of lengths) {
        expect(lanes.setTargets([targetOf(key, length)])).toEqual([]);
        for (let lane = 0; lane < 5; lane++) {
          const other = key.length === 0 ? Buffer.from('x') : Uint8Array.from(key).fill(0xff, 0, 1);
          for (let i = 0; i < 7; i++) {
            const tried = i === lane ? key : other;
            lanes.add(tried, 0, tried.length, i);
          }
          expect(lanes.flush(), `${keyLength} ${length} ${lane}`).toEqual([lane]);
        }
      }
    }
  });

  test('one bit of the signature, or of the key, decides', () => {
    const lanes = Lanes.of(kernel)!;
    const key = Buffer.from('a key of some bytes');
    const target = targetOf(key, 100);
    for (let bit = 0; bit < 256; bit++) {
      const signature = Uint8Array.from(target.signature);
      signature[bit >> 3]! ^= 1 << (bit & 7);
      lanes.setTargets([{ ...target, signature }]);
      lanes.add(key, 0, key.length, bit);
      expect(lanes.flush()).toEqual([]);
    }
  });

  test('many keys at once, full and half full, of which several fit several targets', () => {
    const lanes = Lanes.of(kernel)!;
    const keyAt = (i: number): Uint8Array => Buffer.from(`key ${i}`);
    expect(lanes.setTargets([255, 201, 4, 3, 200].map((i) => targetOf(keyAt(i), 70 + i)))).toEqual(
      [],
    );
    for (let i = 0; i < 256; i++) lanes.add(keyAt(i), 0, keyAt(i).length, 1000 + i);
    expect(lanes.isFull).toBe(true);
    expect(lanes.flush()).toEqual([1003, 1004, 1200, 1201, 1255]);
    lanes.add(keyAt(4), 0, 5, 7);
    // What lay behind it fitted, but was tried before.
    expect(lanes.flush()).toEqual([7]);
    expect(lanes.flush()).toEqual([]);
  });

  test('what the kernel does not take is left: other hashes, long texts, too many', () => {
    const lanes = Lanes.of(kernel)!;
    const key = Buffer.from('k');
    const slow = [targetOf(key, 50, 'HS384'), targetOf(key, 50, 'HS512'), targetOf(key, 2040)];
    const fast = Array.from({ length: 64 }, (_, i) => targetOf(key, i));
    const one = targetOf(key, 99);
    expect(lanes.setTargets([...slow, ...fast, one])).toEqual([...slow, one]);
  });
});

test('a key and its hash: the twin is the oracle, for keys after each other of any length', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('HS256', 'HS384', 'HS512'),
      fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 6 }),
      fc.nat(5),
      fc.nat(300),
      (alg, keys, which, length) => {
        const key = keys[which % keys.length]!;
        const { input, signature } = targetOf(key, length, alg);
        const hash = new KeyedHash(alg, input, signature);
        for (const other of keys) {
          const expected = createHmac(`sha${alg.slice(2)}`, other)
            .update(input)
            .digest();
          expect(hash.isKey(other, 0, other.length)).toBe(expected.equals(signature));
        }
      },
    ),
    { seed: 9, numRuns: 300 },
  );
});

describe('the guesser with the kernel and without', () => {
  test('finds the same in random lists: lines of every kind, secrets as text, base64, hexadecimal', () => {
    const { below, pick } = createRandom(18);
    const secretAt = (i: number): Buffer =>
      Buffer.from(`Zk${i}-secret-${'x'.repeat((i * 13) % 90)}`);
    let found = 0;
    for (let round = 0; round < 40; round++) {
      const secrets = Array.from({ length: 5 }, () => secretAt(below(30)));
      const samples = secrets.map((secret) =>
        targetOf(
          secret,
          pick([60, 117, 130, 900, 3000]),
          pick(['HS256', 'HS256', 'HS384', 'HS512']),
        ),
      );
      const lines = Array.from({ length: 1 + below(700) }, (_, i) => {
        const secret = secretAt(below(90));
        const form = pick(['latin1', 'base64', 'base64url', 'hex'] as const);
        return (
          pick(['', 'password', 'deadbeef', `${i}`, secret.toString(form)]) + pick(['', '', '\r'])
        );
      });
      const text = Buffer.from(lines.join('\n') + pick(['', '\n']));
      const task = {
        giveaways: [{ secret: 0, text: secretAt(1) }],
        samples,
        leaders: [0, 1, 2, 3],
      };
      const twin = hits(task, text, false);
      expect(hits(task, text, true)).toEqual(twin);
      found += twin.length;
      for (const { line, samples: solved } of twin) {
        expect(lines[line - 1], 'a line that exists').toBeDefined();
        for (const number of solved) expect(number).toBeLessThan(5);
      }
    }
    expect(found).toBeGreaterThan(40);
  });
});
