import { describe, expect, test } from 'vitest';
import type { TallyOptions } from '../../src/summarize/tally.ts';
import { VERDICTS, VERIFIED } from '../../src/verify/verdict.ts';
import { createRandom } from '../oracle/random.ts';
import { randomUse, useAgain } from './random-uses.ts';
import { distinctOf, Twins } from './tally-twins.ts';
import { DAY, fingerprintsOf, NOW, person, tokenOf, Uses, type Use } from './uses.ts';

const REJECTED = VERDICTS.filter((verdict) => !VERIFIED.has(verdict));

describe('the kernel tally says what its slow twin says', () => {
  const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);

  test.each(SEEDS)('of random blocks of several judges, seed %i', (seed) => {
    const random = createRandom(seed);
    const { below, once, pick } = random;
    const users = pick([1, 3, 30, 3000]);
    const keys = pick([1, 2, 300]);
    const twins = new Twins({
      keys,
      maxUsers: pick([0, 1, 2, 20, 1_000_000]),
      bytes: pick([null, 0, 1e5, 1e12]),
      now: NOW + pick([0, 0.5, -1e6]),
    });
    const judges = Array.from({ length: 1 + below(4) }, () => new Uses());
    for (let i = 0; i < 25; i++) {
      const origin = below(judges.length);
      const judge = judges[origin]!;
      if (once(5)) judge.forget();
      const size = pick([0, 1, 40, 300]);
      const uses = Array.from({ length: size }, () => randomUse(random, users, keys));
      const notices = [{ code: pick(['no_expiry', 'no_line_time']), count: below(9) }];
      const lines = { lines: size + 7, linesWithToken: size, linesSkipped: below(7), notices };
      twins.add(judge.block(uses, lines), origin);
    }
    twins.settled();
  });

  test.each(SEEDS)('of tokens that are told again without a fingerprint, seed %i', (seed) => {
    const random = createRandom(seed);
    const { below, once, pick } = random;
    const users = pick([1, 3, 30, 3000]);
    const options = { keys: 2, maxUsers: pick([0, 1, 2, 20, 1_000_000]) };
    const [twins, slowTwins] = [new Twins(options), new Twins(options)];
    const judges = Array.from({ length: 1 + below(4) }, () => ({
      uses: new Uses(),
      told: [] as Use[],
    }));
    for (let i = 0; i < 25; i++) {
      const origin = below(judges.length);
      const { uses, told } = judges[origin]!;
      if (once(5)) {
        uses.forget();
        told.length = 0;
      }
      const block = Array.from({ length: pick([1, 40, 300]) }, () => {
        if (told.length > 0 && !once(3)) return useAgain(pick(told), random);
        const use = randomUse(random, users, 2);
        told.push(use);
        return use;
      });
      const judged = uses.block(block);
      twins.add(judged, origin, fingerprintsOf(block));
      slowTwins.slow.add(judged, origin);
      slowTwins.fast.add({ ...judged, fingerprints: fingerprintsOf(block) }, origin);
    }
    const tally = twins.settled();
    slowTwins.settle();
    expect(distinctOf(slowTwins.slow)).toBe(distinctOf(tally));
  });

  test('of nothing', () => {
    const tally = new Twins().settled();
    expect(tally.totals().tokens).toBe(0);
    expect([...tally.users.summaries(NOW)]).toEqual([]);
  });

  test('of blocks that are larger than what the kernel takes at once', () => {
    const random = createRandom(131_072);
    const twins = new Twins({ keys: 3 });
    const judge = new Uses();
    for (const size of [131_072, 131_073, 300_000]) {
      const uses = Array.from({ length: size }, () => randomUse(random, 500, 3));
      twins.add(judge.block(uses));
    }
    expect(twins.settled().totals().tokens).toBe(562_145);
  });

  test('where e-mail and roles change from use to use', () => {
    const twins = new Twins();
    const judges = [new Uses(), new Uses()];
    const spellings = ['x', 'y', null].flatMap((email) =>
      [['a'], ['b'], []].map((roles) => person('ada', { email, roles })),
    );
    for (let i = 0; i < 50; i++) {
      const whose = spellings.map((_, at) => spellings[(at * 5 + i * 7) % 9]!);
      twins.add(judges[i % 2]!.block(whose.map((who) => ({ who }))), i % 2);
    }
    const [ada] = twins.settled().users.summaries(NOW);
    expect(ada).toMatchObject({ tokens: 450, roles: ['a', 'b'] });
  });

  test('of users, e-mails and roles that hold NUL', () => {
    const twins = new Twins();
    const people = [
      person('a', { email: 'b\0c' }),
      person('a\0b', { email: 'c' }),
      person('a', { email: 'e', roles: ['\0'] }),
      person('a', { email: 'e\0' }),
      person('a', { email: '\0', roles: ['b'] }),
      person('a', { roles: ['b'] }),
      person('a', { roles: ['b', 'c'] }),
      person('a', { roles: ['b\0c'] }),
      person('\0'),
      person(''),
      person('others'),
    ];
    const { pick } = createRandom(0);
    const judge = new Uses();
    for (let i = 0; i < 300; i++) {
      // What is said last counts: each time of another user, and in another order.
      const uses = Array.from({ length: 30 }, () => pick(people));
      twins.add(
        judge.block(uses.map((who) => ({ who: { ...who, userId: `${who.userId}\0${i}` } }))),
      );
      twins.add(judge.block(uses.map((who) => ({ who }))));
    }
    const users = [...twins.settled().users.summaries(NOW)];
    expect(users.find(({ user_id }) => user_id === 'a')?.roles).toEqual(['\0', 'b', 'b\0c', 'c']);
  });

  test('where most users share one row', () => {
    const twins = new Twins({ maxUsers: 2 });
    const judge = new Uses();
    for (let i = 0; i < 9; i++) {
      const uses = Array.from({ length: 500 }, (_, n) => ({
        who: person(n, { email: `${i}@example.com`, roles: [`r${n}`] }),
        exp: NOW + (n % 5) * DAY,
        token: tokenOf(n),
      }));
      twins.add(judge.block(uses));
    }
    const tally = twins.settled();
    expect(tally.users.overflow).toBe(9 * 498);
    expect([...tally.users.summaries(NOW)].map((user) => user.tokens)).toEqual([9, 9, 9 * 498]);
  });

  test('of more claimed users than get a row, in the order of the log', () => {
    const twins = new Twins();
    const judge = new Uses();
    for (let i = 0; i < 4; i++) {
      const uses = Array.from({ length: 700 }, (_, n) => ({
        who: n % 9 === 0 ? null : person(n * 3 + i * 500),
        verdict: REJECTED[n % REJECTED.length]!,
      }));
      twins.add(judge.block(uses));
    }
    expect(twins.settled().unverified.overflow).toBeGreaterThan(100);
  });

  test('of as many judges as it takes, each with numbers of its own', () => {
    const twins = new Twins({ judges: 60 });
    const judges = Array.from({ length: 60 }, () => new Uses());
    for (let round = 0; round < 3; round++) {
      for (const [origin, judge] of judges.entries()) {
        if (origin % 7 === round) judge.forget();
        const whose = [0, 1, 2].map((n) => person((origin * (n + 1 + round)) % 101));
        twins.add(judge.block(whose.map((who) => ({ who }))), origin);
      }
    }
    twins.settled();
  });
});

describe('what the kernel does not count', () => {
  test.each<[string, Partial<TallyOptions>]>([
    ['keys that expire', { keysExpire: true }],
    ['days of another zone', { zone: 'Asia/Kolkata' }],
    ['more keys than it has room for', { keys: 4097 }],
    ['more judges than it tells apart', { judges: 61 }],
  ])('%s: the slow twin does, and needs no settling', (_name, options) => {
    const random = createRandom(4);
    const twins = new Twins(options);
    const judges = [new Uses(), new Uses()];
    const keys = options.keys ?? 1;
    for (let i = 0; i < 5; i++) {
      const uses = Array.from({ length: 300 }, () => randomUse(random, 20, keys));
      twins.add(judges[i % 2]!.block(uses), (i % 2) * 60);
    }
    expect(distinctOf(twins.fast)).toBeGreaterThan(0);
    twins.settle();
  });
});
