import { expect, test } from 'vitest';
import { FastTokens } from '../../src/judge/fast-tokens.ts';
import { createRandom } from '../oracle/random.ts';

test('tokens are told apart by both words of their fingerprints, however many there are', () => {
  const { below } = createRandom(64);
  const tokens = new FastTokens();
  for (let round = 0; round < 2; round++) {
    const known = new Map<string, number>();
    for (let i = 0; i < 60_000; i++) {
      // Few different words, of either sign, so that many pairs share one.
      const [high, low] = [(below(300) * 0x1234567 + 1) | 0, (below(300) * 0x7654321) | 0];
      const name = `${high} ${low}`;
      expect(tokens.get(high, low)).toBe(known.get(name) ?? -1);
      if (known.has(name)) continue;
      known.set(name, i);
      tokens.set(high, low, i);
    }
    tokens.clear();
  }
});
