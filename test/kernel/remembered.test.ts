import { afterEach, describe, expect, test, vi } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { Judge } from '../../src/judge/judge.ts';
import { identitiesOf } from '../../src/judge/judged.ts';
import { claims, logOf, mint, NOW_S } from '../support/tokens.ts';
import { configOf, judgeLog, Twins } from './twins.ts';

/** What takes the place of chance, where a test says so. */
const chance = vi.hoisted((): { seed: number | null } => ({ seed: null }));

vi.mock('node:crypto', async (load) => {
  const crypto = await load<typeof import('node:crypto')>();
  const randomBytes = (size: number): Buffer =>
    chance.seed === null
      ? crypto.randomBytes(size)
      : Buffer.alloc(size, Uint8Array.of(chance.seed, 0, 0, 0));
  return { ...crypto, randomBytes };
});

afterEach(() => {
  chance.seed = null;
});

describe('tokens that come again', () => {
  const tokens = Array.from({ length: 50 }, (_, i) => mint(claims({ sub: `u${i}`, n: i })));

  test('are judged as the first time, each at its own time', () => {
    const twins = new Twins();
    for (const time of ['09:00:00', '10:00:00', '11:00:01', '12:00:00']) {
      const lines = tokens.map((token) => `2023-09-22 ${time},000 - Token: ${token}\n`);
      for (let round = 0; round < 3; round++) {
        expect(twins.judge(lines.join('')).kernel).toBe(50);
      }
    }
  });

  test('in one block', () => {
    const random = createRandom(5);
    for (const different of [1, 2, 5, 50]) {
      const some = tokens.slice(0, different);
      const log = logOf(...Array.from({ length: 3000 }, () => random.pick(some)));
      expect(new Twins().judge(log).kernel).toBe(3000);
    }
  });

  test('with another payload or another signature are others', () => {
    const twins = new Twins();
    const parts = tokens.map((token) => token.split('.'));
    const good = logOf(...tokens);
    for (let round = 0; round < 4; round++) twins.judge(good);
    const crossed = parts.map(([header, payload], i) =>
      [header, payload, parts[(i + 1) % 50]![2]].join('.'),
    );
    const altered = parts.map(([header, payload, signature]) =>
      [header, payload!.replace(/.$/, (last) => (last === 'Q' ? 'A' : 'Q')), signature].join('.'),
    );
    for (let round = 0; round < 4; round++) {
      const { judged } = twins.judge(logOf(...crossed));
      expect(new Set(judged.verdicts)).toEqual(new Set([3]));
      twins.judge(logOf(...altered));
      expect([...twins.judge(good).judged.verdicts]).toEqual(tokens.map(() => 0));
    }
  });

  test('with another header of the same length are others', () => {
    const twins = new Twins();
    const turned = Buffer.from('{"typ":"JWT","alg":"HS256"}').toString('base64url');
    for (let round = 0; round < 4; round++) {
      const others = tokens.map((token) => [turned, ...token.split('.').slice(1)].join('.'));
      const { judged } = twins.judge(logOf(...tokens, ...others));
      expect([...judged.verdicts]).toEqual([0, 3].flatMap((verdict) => Array(50).fill(verdict)));
    }
  });

  test('that nobody signed have the same fingerprint each time', () => {
    const forged = tokens.map((token) => `${token.slice(0, -6)}AAAAAA`);
    const twins = new Twins();
    const [first, second, third] = [1, 2, 3].map(() => twins.judge(logOf(...forged)).judged);
    expect(second!.fingerprints).toEqual(first!.fingerprints);
    expect(third!.fingerprints).toEqual(first!.fingerprints);
  });

  test('more of them than the cache holds, and longer ones than it has room for', () => {
    const twins = new Twins();
    const pad = 'p'.repeat(4000);
    const long = Array.from({ length: 2500 }, (_, i) => mint({ sub: `u${i % 7}`, i, pad }));
    const short = Array.from({ length: 40_000 }, (_, i) => mint({ sub: i % 100, i }));
    for (let round = 0; round < 4; round++) {
      for (let from = 0; from < long.length; from += 500) {
        expect(twins.judge(logOf(...long.slice(from, from + 500))).kernel).toBe(500);
      }
      for (let from = 0; from < short.length; from += 4000) {
        expect(twins.judge(logOf(...short.slice(from, from + 4000))).kernel).toBe(4000);
      }
    }
  });
});

describe('identities', () => {
  const judge = (twins: Twins, all: readonly object[]): void => {
    for (let from = 0; from < all.length; from += 3000) {
      const tokens = all.slice(from, from + 3000).map((one) => mint(one));
      expect(twins.judge(logOf(...tokens)).kernel).toBe(tokens.length);
    }
  };

  test('more than the first, small table holds', () => {
    const twins = new Twins();
    const all = Array.from({ length: 12_000 }, (_, i) => ({ sub: `user-${i}`, exp: NOW_S }));
    judge(twins, all);
    judge(twins, all.toReversed());
  });

  // By hashes of the last, eight sets that lie side by side are full.
  test.each([null, 1, 18])(
    'each gets one number, however often it comes and whatever is kept of its tokens (seed %s)',
    (seed) => {
      chance.seed = seed;
      const alone = new Judge(configOf({}));
      const subs = Array.from({ length: 40_000 }, (_, i) => `user-${i}`);
      const met = [0, 1].map((round) => {
        let count = 0;
        for (let from = 0; from < subs.length; from += 4000) {
          const tokens = subs.slice(from, from + 4000).map((sub) => mint({ sub, round }));
          count += identitiesOf(judgeLog(alone, logOf(...tokens))).length;
        }
        return count;
      });
      expect(met).toEqual([40_000, 0]);
    },
  );

  test('users of one name and many e-mails and roles, and of no name', () => {
    const twins = new Twins();
    judge(
      twins,
      Array.from({ length: 6000 }, (_, i) => ({
        ...(i % 3 > 0 && { sub: i % 3 === 1 ? 'ada' : 1 }),
        email: `e${i % 90}@example.com`,
        roles: i % 5 === 0 ? `r${i % 70}` : [`r${i % 40}`, 'a'],
      })),
    );
  });

  test('a number and its text, and what runs together otherwise', () => {
    const twins = new Twins();
    const names = [1, '1', 12, '12', '', 'a', 'ab', 'abc'];
    const all = names.flatMap((sub) =>
      ['', 'a', 'b@', 'ab'].flatMap((email) =>
        [[], ['a'], ['ab'], 'a', ''].map((roles) => ({
          ...(sub !== '' && { sub }),
          ...(email !== '' && { email }),
          roles,
        })),
      ),
    );
    for (let round = 0; round < 3; round++) judge(twins, all);
  });

  test('so many that both ways start over', () => {
    const twins = new Twins();
    let starts = 0;
    let first = 0;
    const steady = mint(claims({ sub: 'steady' }));
    for (let from = 0; from < 160_000; from += 12_000) {
      const fresh = Array.from({ length: 12_000 }, (_, i) => mint({ sub: from + i }));
      const { judged } = twins.judge(logOf(steady, ...fresh, steady));
      if (judged.firstIdentity > first) starts++;
      first = judged.firstIdentity;
    }
    expect(starts).toBe(1);
  });
});
