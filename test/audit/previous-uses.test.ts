import { expect, test } from 'vitest';
import { PreviousUses } from '../../src/audit/previous-uses.ts';
import type { Use } from '../../src/audit/use.ts';
import { shortHashOf } from '../../src/event/text-hash.ts';
import type { Verdict } from '../../src/verify/verdict.ts';
import { createRandom } from '../oracle/random.ts';

type Random = ReturnType<typeof createRandom>;

const VERDICTS: readonly Verdict[] = ['valid', 'valid', 'valid', 'expired', 'bad_signature'];

/** A use of one of so many tokens, each time with an object of its own; few places, so that tokens meet in them. */
const useOf = (random: Random, tokens: number, places: number): Use => {
  const id = `token ${random.below(tokens)}`;
  return {
    time: random.once(20) ? Number.NaN : random.below(1000),
    verdict: random.pick(VERDICTS),
    token: random.once(20) ? null : { id, hash: shortHashOf(id) & (places - 1) },
  } as Use;
};

/** What is remembered of so many tokens, and how often anything is. */
const follow = (tokens: number, places: number): { wrong: number; kept: number; lost: number } => {
  const random = createRandom(tokens);
  const previous = new PreviousUses();
  const last = new Map<string, Use>();
  const counts = { wrong: 0, kept: 0, lost: 0 };
  for (let i = 0; i < 20_000; i++) {
    const use = useOf(random, tokens, places);
    const before = previous.before(use);
    const isTold = use.verdict === 'valid' && use.token !== null && !Number.isNaN(use.time);
    const expected = isTold ? (last.get(use.token.id) ?? null) : null;
    if (before === expected) counts.kept += Number(before !== null);
    else if (before === null) counts.lost++;
    else counts.wrong++;
    if (isTold) last.set(use.token.id, use);
  }
  return counts;
};

test('the last valid use of the same token is told of, whichever object tells of the token', () => {
  const { wrong, kept, lost } = follow(20, 1 << 14);
  expect({ wrong, lost }).toEqual({ wrong: 0, lost: 0 });
  expect(kept).toBeGreaterThan(9000);
});

test('tokens that share a place forget each other, and are never mistaken for one another', () => {
  const { wrong, kept, lost } = follow(40, 16);
  expect(wrong).toBe(0);
  expect(lost).toBeGreaterThan(1000);
  expect(kept).toBeGreaterThan(1000);
});
