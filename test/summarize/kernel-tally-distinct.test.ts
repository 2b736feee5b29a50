import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../oracle/random.ts';
import { distinctOf, Twins } from './tally-twins.ts';
import { NOW, person, tokenOf, Uses, type Use } from './uses.ts';

const word = ({ below }: Random): number => below(2 ** 32);

describe('different tokens', () => {
  /** What of a fingerprint is kept. */
  const kept = ([high, low]: readonly [number, number]): string =>
    `${high >>> 24} ${high & 0xffff} ${low === 0 && (high & 0xffff) === 0 ? 1 : low}`;

  test.each([
    ['all over the place', (random: Random) => [word(random), word(random)] as const],
    // Long runs of neighbours, which wrap around the ends of the tables.
    [
      'crowded at both ends',
      (random: Random) =>
        [
          word(random),
          random.once(2) ? random.below(300) : 2 ** 32 - 1 - random.below(300),
        ] as const,
    ],
    // Both words 0 tell of a token that was told before.
    ['few', (random: Random) => [random.below(3) << 24, 1 + random.below(3)] as const],
    [
      'nearly alike',
      (random: Random) =>
        [(random.below(9) << 24) | random.below(30), 1 + random.below(30)] as const,
    ],
  ])('%s: new exactly where a plain set says so', (_name, draw) => {
    for (const bytes of [null, 1e7, 1e12]) {
      const random = createRandom(56);
      const twins = new Twins({ bytes });
      const judge = new Uses();
      const plain = new Set<string>();
      const expected: number[] = [];
      // A user for each thousand tokens: the users' counts tell where a token was new.
      for (let block = 0; block < 20; block++) {
        const uses: Use[] = [];
        for (let i = 0; i < 15_000; i++) {
          const user = block * 15 + Math.floor(i / 1000);
          const token = draw(random);
          expected[user] ??= 0;
          if (!plain.has(kept(token))) expected[user]++;
          plain.add(kept(token));
          uses.push({ who: person(user), token });
        }
        twins.add(judge.block(uses));
      }
      const tally = twins.settled();
      expect(distinctOf(tally)).toBe(plain.size);
      expect(tally.distinctIsFloor).toBe(false);
      const counts = [...tally.users.summaries(NOW)].map((user) => user.distinct_tokens);
      expect(counts).toEqual(expected);
    }
  });

  test('too many for a part of the table: the count is a floor, and what is known stays known', () => {
    const twins = new Twins();
    const judge = new Uses();
    for (let round = 0; round < 2; round++) {
      for (let from = 0; from < 120_000; from += 20_000) {
        const uses = Array.from({ length: 20_000 }, (_, i) => ({
          who: person('ada'),
          token: [7 << 24, tokenOf(from + i)[0]] as const,
        }));
        twins.add(judge.block(uses));
      }
    }
    const other = { who: person('bob'), token: [8 << 24, 5] as const };
    twins.add(judge.block([other, other]));
    const tally = twins.settled();
    expect(tally.distinctIsFloor).toBe(true);
    expect(distinctOf(tally)).toBeGreaterThan(111_000);
    expect([...tally.users.summaries(NOW)].at(-1)).toMatchObject({ distinct_tokens: 1 });
  });
});
