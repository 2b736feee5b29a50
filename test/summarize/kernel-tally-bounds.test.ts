import { describe, expect, test } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { randomUse } from './random-uses.ts';
import { Twins } from './tally-twins.ts';
import { DAY, NOW, person, tokenOf, Uses, type Use } from './uses.ts';

describe('bounds of the kernel tally', () => {
  /** Blocks in which each of `users` has a token, `each` at a time. */
  function* crowd(users: number, each: number, useOf: (user: number) => Use): Iterable<Use[]> {
    for (let from = 0; from < users; from += each) {
      const size = Math.min(each, users - from);
      yield Array.from({ length: size }, (_, i) => useOf(from + i));
    }
  }

  test('users on days: thousands of users, each on several days and again', () => {
    const twins = new Twins();
    const judge = new Uses();
    for (let round = 0; round < 5; round++) {
      const useOf = (user: number): Use => ({
        who: person(user),
        exp: NOW + ((user * 7 + round * (user % 3)) % 5) * DAY,
        token: tokenOf(user * 5 + round),
      });
      for (const uses of crowd(20_000, 5000, useOf)) twins.add(judge.block(uses));
    }
    const dates = twins.settled().expiry.dates();
    expect(dates.map(({ tokens }) => tokens).reduce((sum, n) => sum + n)).toBe(100_000);
    expect(Math.max(...dates.map(({ users }) => users))).toBeLessThan(20_000);
  });

  test('users on days: more days than have bits, and then the same days again', () => {
    // The tokens come first without a day, into a large table: what ran over into it would be seen.
    const twins = new Twins({ bytes: 1e9 });
    const judge = new Uses();
    for (let round = 0; round < 3; round++) {
      for (const uses of crowd(70_000, 10_000, (day) => ({
        who: person('ada'),
        exp: round === 0 ? NaN : day * DAY + 5,
        token: tokenOf(day),
      }))) {
        twins.add(judge.block(uses));
        twins.add(judge.block(uses.map((use) => ({ ...use, who: person('bob') }))));
      }
    }
    const dates = twins.settled().expiry.dates();
    expect(dates).toHaveLength(70_000);
    expect(dates.every(({ tokens, users }) => tokens === 4 && users === 2)).toBe(true);
  });

  test('more identities than are numbered at once, of judges that still use old numbers', () => {
    const twins = new Twins();
    const judges = [new Uses(), new Uses(), new Uses()];
    for (let round = 0; round < 3; round++) {
      for (const [origin, judge] of judges.entries()) {
        for (const uses of crowd(110_000, 55_000, (n) => ({
          who: person(n + origin * 90_000, { email: `${(n + origin) % 2}@example.com` }),
        }))) {
          twins.add(judge.block(uses), origin);
        }
      }
    }
    expect([...twins.settled().users.summaries(NOW)]).toHaveLength(290_000);
  });

  test('numbers that start over are not taken for those of before', () => {
    const twins = new Twins();
    const [first, second] = [new Uses(), new Uses()];
    const FEW = 40;
    const few = (email: string): Use[] =>
      Array.from({ length: FEW }, (_, n) => ({ who: person(`ada${n}`, { email }) }));
    for (const email of ['x@example.com', 'y@example.com']) twins.add(first.block(few(email)), 0);
    // As many second identities of other users as have a number at a time, but for those.
    for (const email of ['a@example.com', 'b@example.com']) {
      for (const uses of crowd((1 << 18) - FEW, 1 << 16, (n) => ({ who: person(n, { email }) }))) {
        twins.add(second.block(uses), 1);
      }
    }
    for (const email of ['z@example.com', 'y@example.com']) twins.add(first.block(few(email)), 0);
    const users = [...twins.settled().users.summaries(NOW)].slice(0, FEW);
    expect(new Set(users.map(({ email }) => email))).toEqual(new Set(['y@example.com']));
  });

  test('one line with more people than a judge should know leaves the other judges alone', () => {
    const random = createRandom(18);
    const twins = new Twins({ maxUsers: 350_000 });
    const [first, second] = [new Uses(), new Uses()];
    const useOf = (n: number): Use => ({
      who: n % 11 === 0 ? null : person(n % 300_000),
      verdict: n % 11 === 0 || n % 7 === 0 ? 'bad_signature' : 'valid',
      exp: n % 13 === 0 ? -5 * DAY : NOW,
      token: tokenOf(n),
    });
    twins.add(second.block([{ who: person('b') }]), 1);
    for (const size of [400_000, 10, 390_000, 20]) {
      const [many] = crowd(size, size, useOf);
      twins.add(first.block(many!), 0);
      // Numbers that the second judge hands out now mean its own people.
      const uses = Array.from({ length: 30_000 }, () => randomUse(random, 30_000, 1));
      twins.add(second.block(uses), 1);
    }
    twins.settled();
  });

  test('more users than have bits for their days', () => {
    const twins = new Twins({ maxUsers: 2_000_000 });
    const judge = new Uses();
    for (const uses of crowd(1_060_000, 106_000, (user) => ({
      who: person(user),
      exp: NOW + (user % 3) * DAY,
      token: tokenOf(user),
    }))) {
      twins.add(judge.block(uses));
      // Users that come again, on the same day and on another one.
      const again = uses.slice(-2000).flatMap((use) => [use, { ...use, exp: NOW + 2 * DAY }]);
      twins.add(judge.block(again));
    }
    expect([...twins.settled().users.summaries(NOW)]).toHaveLength(1_060_000);
  });
});
