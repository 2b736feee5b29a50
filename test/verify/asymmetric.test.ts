import { describe, expect, test } from 'vitest';
import type { VerificationKey } from '../../src/keys/key.ts';
import { hasForeignSalt, verifyAsymmetric } from '../../src/verify/asymmetric.ts';
import { createRandom, type Random } from '../oracle/random.ts';
import { ecPair, edPair, inputOf, joseVerifies, rsaPair, signed } from './asymmetric-pairs.ts';
import type { Pair } from './asymmetric-pairs.ts';

const PAIRS: Readonly<Record<string, readonly [Pair, Pair]>> = {
  rsa: [rsaPair(), rsaPair()],
  'P-256': [ecPair('P-256'), ecPair('P-256')],
  'P-384': [ecPair('P-384'), ecPair('P-384')],
  'P-521': [ecPair('P-521'), ecPair('P-521')],
  ed25519: [edPair(), edPair()],
};
const ALGS: readonly (readonly [alg: string, pairs: string, siblings: readonly string[]])[] = [
  ['RS256', 'rsa', ['RS384', 'PS256']],
  ['RS384', 'rsa', ['RS256', 'PS384']],
  ['RS512', 'rsa', ['RS384', 'PS512']],
  ['PS256', 'rsa', ['PS384', 'RS256']],
  ['PS384', 'rsa', ['PS256', 'RS384']],
  ['PS512', 'rsa', ['PS384', 'RS512']],
  ['ES256', 'P-256', ['ES384', 'ES512']],
  ['ES384', 'P-384', ['ES256', 'ES512']],
  ['ES512', 'P-521', ['ES384', 'ES256']],
  ['EdDSA', 'ed25519', []],
  ['Ed25519', 'ed25519', []],
];

const changed = (bytes: Buffer, at: number, byte: number): Buffer => {
  const other = Buffer.from(bytes);
  if (other.length > 0) other[at % other.length] = byte;
  return other;
};

/** Edits of a signature; most of them make another one. */
const EDITS: readonly ((signature: Buffer, random: Random) => Buffer)[] = [
  (s, { below }) => changed(s, below(s.length), below(256)),
  (s, { below }) => {
    const at = below(s.length);
    return changed(s, at, s[at]! ^ (1 << below(8)));
  },
  (s, { below }) => s.subarray(0, s.length - 1 - below(s.length)),
  (s, { below }) => s.subarray(1 + below(4)),
  (s, { below }) => Buffer.concat([s, Buffer.alloc(1 + below(4))]),
  (s, { below }) => Buffer.concat([Buffer.alloc(1 + below(4)), s]),
  (s) => Buffer.concat([s, s]),
  (s) => Buffer.concat([s.subarray(1), Buffer.alloc(1)]),
  (s, { below }) => Buffer.from(s).fill(below(2) * 255, below(s.length)),
  (s, { below }) => Buffer.from(s).fill(0, 0, 1 + below(s.length)),
  (s, { below }) => Buffer.from(s).fill(below(256)),
  (s) => Buffer.from(s.toReversed()),
  (s) => Buffer.concat([s.subarray(s.length / 2), s.subarray(0, s.length / 2)]),
  (s, { below }) => Buffer.from(Array.from(s, () => below(256))),
];

describe.each(ALGS)('%s', (alg, name, siblings) => {
  const pairs = PAIRS[name]!;
  const TIMES = 600;

  test(`${TIMES} signatures, right and wrong, get jose's verdict`, async () => {
    const random = createRandom(7518);
    const { below, pick, once } = random;
    const inputs = Array.from({ length: 24 }, (_, index) => inputOf(alg, index));
    const right = inputs.map((input) => signed(alg, input, pairs[0]));
    const byOther = inputs.map((input) => signed(alg, input, pairs[1]));
    // By the right key, in another way: another padding, another hash.
    const otherwise = siblings.map((said) => signed(said, inputs[0]!, pairs[0]));
    const wrong: string[] = [];
    let verified = 0;
    for (let i = 0; i < TIMES; i++) {
      const at = below(inputs.length);
      let input = inputs[at]!;
      let signature = right[at]!;
      const { key } = pairs[once(12) ? 1 : 0];
      if (once(12)) input = pick(inputs);
      if (once(12)) signature = byOther[at]!;
      if (once(12) && siblings.length > 0) {
        signature = pick(otherwise);
        input = inputs[0]!;
      }
      while (once(3) && signature.length > 1) signature = pick(EDITS)(signature, random);
      const own = verifyAsymmetric(alg, [key], input, signature) === key;
      if (own) verified++;
      // Where PSS begins with a zero, jose does without that byte; a signature is as long as the modulus.
      const isWhole = signature.length === right[0]!.length;
      const other = isWhole && (await joseVerifies(alg, key, input, signature));
      if (own === other) continue;
      const hex = signature.toString('hex');
      wrong.push(`${i} own ${own}: ${JSON.stringify(key.jwk)} ${input.toString()} ${hex}`);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    // Neither answer is rare.
    expect(verified).toBeGreaterThan(TIMES / 5);
    expect(verified).toBeLessThan((TIMES * 4) / 5);
  });

  test('keys of another type, or on another curve, verify nothing, even where they claim the algorithm', async () => {
    const input = inputOf(alg, 0);
    for (const [other, [pair]] of Object.entries(PAIRS)) {
      if (other === name) continue;
      const liar: VerificationKey = { ...pair.key, algs: [alg] };
      const theirs = pair.key.algs.map((theirAlg) => signed(theirAlg, input, pair));
      for (const signature of [signed(alg, input, pairs[0]), ...theirs]) {
        expect(verifyAsymmetric(alg, [pair.key], input, signature)).toBeNull();
        expect(verifyAsymmetric(alg, [liar], input, signature)).toBeNull();
        expect(await joseVerifies(alg, liar, input, signature)).toBe(false);
      }
    }
  });

  test('the key that signed is found among others, whatever their order', () => {
    const input = inputOf(alg, 1);
    const [one, two] = pairs;
    const signature = signed(alg, input, two);
    const others = Object.values(PAIRS).map(([pair]) => pair.key);
    expect(verifyAsymmetric(alg, [...others, two.key], input, signature)).toBe(two.key);
    expect(verifyAsymmetric(alg, [two.key, one.key], input, signature)).toBe(two.key);
    expect(verifyAsymmetric(alg, others, input, signature)).toBeNull();
    expect(verifyAsymmetric(alg, [], input, signature)).toBeNull();
  });

  test('a key that is bound to other algorithms does not verify, though its numbers would', () => {
    const input = inputOf(alg, 2);
    const signature = signed(alg, input, pairs[0]);
    const { key } = pairs[0];
    const bound = { ...key, algs: key.algs.filter((other) => other !== alg) };
    expect(verifyAsymmetric(alg, [bound], input, signature)).toBeNull();
    expect(verifyAsymmetric(alg, [{ ...key, jwk: null }], input, signature)).toBeNull();
  });

  test('input and signature may lie anywhere in larger memory', () => {
    const input = inputOf(alg, 3);
    const signature = signed(alg, input, pairs[0]);
    const memory = Buffer.concat([Buffer.of(1), input, Buffer.of(2), signature, Buffer.of(3)]);
    const from = input.length + 2;
    const there = memory.subarray(from, from + signature.length);
    const { key } = pairs[0];
    expect(verifyAsymmetric(alg, [key], memory.subarray(1, from - 1), there)).toBe(key);
    expect(verifyAsymmetric(alg, [key], memory.subarray(1, from), there)).toBeNull();
    expect(hasForeignSalt(alg, [key], memory.subarray(1, from), there)).toBe(false);
  });
});
