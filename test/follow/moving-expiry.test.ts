import { expect, test } from 'vitest';
import { columnsIn } from '../../src/judge/columns.ts';
import { ExpiryTally } from '../../src/summarize/expiry.ts';
import { MovingExpiry } from '../../src/summarize/moving-expiry.ts';
import { UserTally } from '../../src/summarize/users.ts';

const START = 1_700_000_000;

/** Tokens of five users that expire at many moments, some of them never, some used several times. */
const block = columnsIn(new ArrayBuffer(31 * 400), 400);
for (let at = 0; at < 400; at++) {
  block.expiries[at] = at % 50 === 0 ? Number.NaN : START - 5000 + ((at * 7919) % 4_000_000) / 1.5;
  block.times[at] = START * 1000;
}

const fill = (expiry: ExpiryTally, users: UserTally): void => {
  for (let at = 0; at < 400; at++) {
    const userId = `u${at % 5}`;
    const row = users.rowOf({ userIdType: 'string', userId, email: null, roles: [] });
    for (const isNew of at % 3 === 0 ? [true, false] : [true]) {
      const bucket = expiry.bucketOf(block, at);
      users.add(row, block, at, bucket, isNew, 1);
      expiry.add(block, at, bucket, row, isNew, 1);
    }
  }
};

test('at any later moment the buckets are those of a tally that was made then', () => {
  const users = new UserTally(100);
  const moving = new MovingExpiry(START, 'UTC');
  fill(moving, users);
  for (const later of [0, 10, 3600, 90_000, 700_000, 3_000_000, 40_000_000]) {
    const fresh = new ExpiryTally(START + later, 'UTC');
    const freshUsers = new UserTally(100);
    fill(fresh, freshUsers);
    moving.moveTo(START + later, users);
    expect(moving.buckets(users), `${later} s later`).toEqual(fresh.buckets(freshUsers));
    expect(moving.dates()).toEqual(fresh.dates());
    expect(moving.usable).toBe(fresh.usable);
  }
});

test('the first to expire are told first, each user once', () => {
  const users = new UserTally(100);
  const moving = new MovingExpiry(START, 'UTC');
  fill(moving, users);
  moving.moveTo(START, users);
  const expiries = [...block.expiries].filter((at) => at > START && at <= START + 86_400);
  const { count, first } = moving.soon(86_400, 3);
  expect(count).toBe(expiries.length);
  expect(first[0]!.expiry).toBe(Math.min(...expiries));
  expect(new Set(first.map(({ row }) => row)).size).toBe(first.length);
});
