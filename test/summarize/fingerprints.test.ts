import { describe, expect, test } from 'vitest';
import { FingerprintSet, pairHigh, pairLow } from '../../src/summarize/fingerprints.ts';

/** Seeded: the same words on every run. */
const words = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
};

describe('FingerprintSet', () => {
  test('says of every fingerprint whether it is new, as a plain set does', () => {
    const next = words(7);
    const set = new FingerprintSet(1e6);
    const plain = new Set<string>();
    for (let i = 0; i < 200_000; i++) {
      const high = next();
      // Few low words: long runs of neighbours in the tables.
      const low = i % 3 === 0 ? next() : next() % 5000;
      const key = `${(high >>> 24).toString(16)}-${high & 0xffff}-${low}`;
      expect(set.add(high, low)).toBe(!plain.has(key));
      plain.add(key);
    }
    expect(set.size).toBe(plain.size);
    expect(set.full).toBe(false);
  });

  test('a guess at the number of members, right or wrong, changes no answer', () => {
    const next = words(3);
    const fingerprints = Array.from({ length: 60_000 }, () => [next(), next() % 40_000] as const);
    const answers = [0, 50, 2_000_000, 1e12].map((expected) => {
      const set = new FingerprintSet(1e6, expected);
      return fingerprints.map(([high, low]) => set.add(high, low)).join('');
    });
    expect(new Set(answers).size).toBe(1);
  });

  test('the fingerprint of zeros is one like any other', () => {
    const set = new FingerprintSet(10);
    expect([set.add(0, 0), set.add(0, 0), set.size]).toEqual([true, false, 1]);
  });

  test('stops at its limit and says so, and still knows what it holds', () => {
    const set = new FingerprintSet(3);
    const results = [1, 2, 3, 4, 1].map((n) => set.add(n << 24, n));
    expect(results).toEqual([true, true, true, false, false]);
    expect([set.size, set.full]).toEqual([3, true]);
  });

  test('low words at both ends of the range share no slot by accident', () => {
    const set = new FingerprintSet(100);
    const lows = [0xffffffff, 0xfffffffe, 0x80000000, 0x7fffffff, 1, 0];
    expect(lows.map((low) => set.add(5, low))).toEqual(lows.map(() => true));
    expect(lows.map((low) => set.add(5, low))).toEqual(lows.map(() => false));
  });
});

test('a pair of integers gives different pairs different fingerprints', () => {
  const seen = new Set<string>();
  for (let a = 0; a < 300; a++) {
    for (let b = -150; b < 150; b++) {
      const low = pairLow(a, b);
      seen.add(`${pairHigh(b, low)}/${low}`);
    }
  }
  expect(seen.size).toBe(300 * 300);
});
