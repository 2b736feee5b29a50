import { describe, expect, test } from 'vitest';
import { columnsIn } from '../../src/judge/columns.ts';
import { NO_SPELLINGS } from '../../src/verify/identities.ts';
import type { JudgedBlock } from '../../src/judge/judged.ts';
import type { KernelModule } from '../../src/kernel/module.ts';
import { Tally } from '../../src/summarize/tally.ts';
import { compareBy, type SortKey } from '../../src/summarize/order.ts';
import type { UserSummary } from '../../src/summarize/summary.ts';
import type { Identity } from '../../src/verify/identity.ts';
import { VERDICTS, type Verdict } from '../../src/verify/verdict.ts';
import { compiledKernel } from '../support/kernel.ts';

const NOW = 1_700_000_000;

interface Use {
  readonly user: number;
  readonly verdict?: Verdict;
  readonly token?: number;
  readonly exp?: number;
  readonly time?: number;
}

const person = (userId: string, more: Partial<Identity> = {}): Identity => ({
  userIdType: 'string',
  userId,
  email: null,
  roles: [],
  ...more,
});

const block = (uses: readonly Use[], newIdentities: readonly Identity[]): JudgedBlock => {
  const columns = columnsIn(new ArrayBuffer(uses.length * 32), uses.length);
  for (const [
    i,
    { user, verdict = 'valid', token = i, exp = NOW + 60, time = NOW * 1000 },
  ] of uses.entries()) {
    columns.verdicts[i] = VERDICTS.indexOf(verdict);
    columns.identities[i] = user;
    columns.expiries[i] = exp;
    columns.times[i] = time;
    columns.fingerprints[i * 2] = 1 + token;
    columns.fingerprints[i * 2 + 1] = 77 + token;
    columns.keys[i] = 0;
  }
  const count = uses.length;
  return {
    ...columns,
    count,
    lines: count,
    linesWithToken: count,
    linesSkipped: 0,
    firstIdentity: 0,
    newSpellings: NO_SPELLINGS,
    newIdentities,
    notices: [],
    events: null,
  };
};

const createTally =
  (kernel: KernelModule | null) =>
  (options: { maxUsers?: number; keysExpire?: boolean } = {}): Tally =>
    new Tally({
      now: NOW,
      zone: 'UTC',
      maxUsers: 10,
      keys: 1,
      bytes: null,
      keysExpire: false,
      kernel,
      judges: 3,
      ...options,
    });

const usersOf = (t: Tally): UserSummary[] => [...t.users.summaries(NOW)].sort(compareBy('user'));

describe.each<[string, KernelModule | null]>([
  ['in the kernel', compiledKernel()],
  ['without it', null],
])('Tally %s', (_name, kernel) => {
  const tally = createTally(kernel);

  test('threads number their identities for themselves: the same number is not the same user', () => {
    const t = tally();
    t.add(block([{ user: 0 }], [person('ada')]), 1);
    t.add(block([{ user: 0, token: 5 }], [person('bob')]), 2);
    t.add(block([{ user: 0, token: 6 }], []), 1);
    t.settle();
    expect(usersOf(t).map((u) => [u.user_id, u.tokens])).toEqual([
      ['ada', 2],
      ['bob', 1],
    ]);
  });

  test('a token counts as distinct once, for the user, the bucket and the day', () => {
    const t = tally();
    t.add(
      block(
        [
          { user: 0, token: 1 },
          { user: 0, token: 1 },
          { user: 0, token: 2 },
        ],
        [person('ada')],
      ),
      0,
    );
    t.add(block([{ user: 0, token: 1 }], []), 0);
    t.settle();
    expect(usersOf(t)[0]).toMatchObject({ tokens: 4, distinct_tokens: 2 });
    expect(t.totals().distinct_tokens).toBe(2);
    const bucket = t.expiry.buckets(t.users).find((b) => b.tokens > 0);
    expect(bucket).toMatchObject({ bucket: 'within_1h', tokens: 4, distinct_tokens: 2, users: 1 });
    expect(t.expiry.dates()).toEqual([
      { date: '2023-11-14', tokens: 4, distinct_tokens: 2, users: 1 },
    ]);
  });

  test('a token first refused for a retired key is distinct for its user when it verifies', () => {
    const t = tally({ keysExpire: true });
    t.add(
      block(
        [
          { user: 0, token: 1, verdict: 'unknown_key' },
          { user: 0, token: 1 },
        ],
        [person('ada')],
      ),
      0,
    );
    t.settle();
    expect(usersOf(t)[0]).toMatchObject({ tokens: 1, distinct_tokens: 1 });
    expect(t.totals().distinct_tokens).toBe(1);
  });

  test('claims of tokens that did not verify never reach users', () => {
    const t = tally();
    const bad: readonly Verdict[] = [
      'bad_signature',
      'alg_none',
      'malformed',
      'masked',
      'unverified',
      'unknown_key',
      'alg_not_allowed',
    ];
    t.add(
      block(
        bad.map((verdict, token) => ({ user: 0, verdict, token })),
        [person('mallory')],
      ),
      0,
    );
    t.settle();
    expect(usersOf(t)).toEqual([]);
    expect(t.unverified.summaries()).toMatchObject([{ user_id: 'mallory', tokens: 7 }]);
  });

  test('users over the limit share one row, and the sums still hold', () => {
    const t = tally({ maxUsers: 2 });
    const people = ['a', 'b', 'c', 'd'].map((id) => person(id, { email: `${id}@example.com` }));
    t.add(
      block(
        [0, 1, 2, 3, 2].map((user, token) => ({ user, token })),
        people,
      ),
      0,
    );
    t.settle();
    const users = usersOf(t);
    expect(users.map((u) => [u.user_id_type, u.user_id, u.tokens, u.email])).toEqual([
      ['string', 'a', 1, 'a@example.com'],
      ['string', 'b', 1, 'b@example.com'],
      ['other', null, 3, null],
    ]);
    expect(t.users.overflow).toBe(3);
  });

  test('first and last seen are the least and greatest time, whatever the order; a missing time is neither', () => {
    const t = tally();
    const times = [5000, NaN, 1000, 9000, 3000];
    t.add(
      block(
        times.map((time, token) => ({ user: 0, time, token })),
        [person('ada')],
      ),
      0,
    );
    t.settle();
    expect(usersOf(t)[0]).toMatchObject({
      first_seen: '1970-01-01T00:00:01Z',
      last_seen: '1970-01-01T00:00:09Z',
    });
  });

  test('buckets end exactly where they say: exp = now is expired, one hour later is within the hour', () => {
    const t = tally();
    const ends = [0, 0.5, 3600, 3600.5, 86_400, 7 * 86_400, 30 * 86_400, 30 * 86_400 + 1];
    t.add(
      block(
        ends.map((left, token) => ({ user: 0, exp: NOW + left, token })),
        [person('ada')],
      ),
      0,
    );
    t.settle();
    const counts = t.expiry.buckets(t.users).map((b) => [b.bucket, b.tokens]);
    expect(counts).toEqual([
      ['expired', 1],
      ['within_1h', 2],
      ['within_24h', 2],
      ['within_7d', 1],
      ['within_30d', 1],
      ['later', 1],
      ['never', 0],
    ]);
  });

  test('a user with one token that never expires never expires', () => {
    const t = tally();
    t.add(
      block(
        [
          { user: 0, exp: NOW - 5 },
          { user: 0, exp: NaN, token: 9 },
        ],
        [person('ada')],
      ),
      0,
    );
    t.settle();
    expect(usersOf(t)[0]).toMatchObject({ expiry_state: 'never', latest_expiry: null });
  });

  test('row 72: an expiry too far to be a date is later, active and no date', () => {
    const t = tally();
    t.add(block([{ user: 0, exp: 1e308 }], [person('ada')]), 0);
    t.settle();
    expect(usersOf(t)[0]).toMatchObject({ expiry_state: 'active', latest_expiry: null });
    expect(t.expiry.dates()).toEqual([]);
  });

  test('e-mail is the last one seen, roles are all that were seen', () => {
    const t = tally();
    const people = [
      person('ada', { email: 'old@example.com', roles: ['user'] }),
      person('ada', { email: 'new@example.com', roles: ['admin'] }),
      person('ada'),
    ];
    t.add(
      block(
        [0, 1, 2].map((user, token) => ({ user, token })),
        people,
      ),
      0,
    );
    t.settle();
    expect(usersOf(t)[0]).toMatchObject({ email: 'new@example.com', roles: ['admin', 'user'] });
  });
});

describe('the order of users', () => {
  const base = {
    user_id_type: 'string',
    email: null,
    roles: [],
    distinct_tokens: 1,
    first_seen: null,
    last_seen: null,
    latest_expiry: null,
    expiry_state: 'active',
  } as const;
  const users: UserSummary[] = [
    {
      ...base,
      user_id: 'b',
      tokens: 5,
      verdicts: { valid: 1, expired: 4 },
      latest_expiry: '2024-01-01T00:00:00Z',
    },
    { ...base, user_id: 'a', tokens: 5, verdicts: { valid: 5 }, last_seen: '2023-01-02T00:00:00Z' },
    {
      ...base,
      user_id: 2,
      user_id_type: 'number',
      tokens: 9,
      verdicts: { wrong_issuer: 9 },
      first_seen: '2022-01-01T00:00:00Z',
    },
    {
      ...base,
      user_id: 10,
      user_id_type: 'number',
      tokens: 1,
      verdicts: { valid: 1 },
      expiry_state: 'never',
    },
  ];
  const sorted = (key: SortKey): unknown[] => users.toSorted(compareBy(key)).map((u) => u.user_id);

  test.each<[SortKey, unknown[]]>([
    ['tokens', [2, 'a', 'b', 10]],
    ['user', ['a', 'b', 2, 10]],
    ['valid', ['a', 'b', 10, 2]],
    ['expired', ['b', 'a', 2, 10]],
    ['rejected', [2, 'a', 'b', 10]],
    ['first-seen', [2, 'a', 'b', 10]],
    ['last-seen', ['a', 'b', 2, 10]],
    ['expiry', [10, 'b', 'a', 2]],
  ])('by %s, equal users by id', (key, order) => {
    expect(sorted(key)).toEqual(order);
  });
});
