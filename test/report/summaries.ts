import {
  EXPIRY_BUCKETS,
  type ExpiryBucket,
  type Summary,
  type Totals,
  type UserSummary,
} from '../../src/summarize/summary.ts';
import type { Verdict } from '../../src/verify/verdict.ts';

const NO_VERDICTS: Totals['verdicts'] = {
  valid: 0,
  expired: 0,
  not_yet_valid: 0,
  bad_signature: 0,
  alg_none: 0,
  alg_not_allowed: 0,
  unknown_key: 0,
  wrong_issuer: 0,
  wrong_audience: 0,
  malformed: 0,
  encrypted: 0,
  masked: 0,
  oversized: 0,
  unverified: 0,
};

export const verdictCounts = (some: Partial<Record<Verdict, number>>): Totals['verdicts'] => ({
  ...NO_VERDICTS,
  ...some,
});

export const buckets = (
  some: Partial<Record<ExpiryBucket['bucket'], Partial<ExpiryBucket>>>,
): ExpiryBucket[] =>
  EXPIRY_BUCKETS.map((bucket) => ({
    bucket,
    tokens: 0,
    distinct_tokens: 0,
    users: 0,
    earliest: null,
    latest: null,
    ...some[bucket],
  }));

export const user = (some: Partial<UserSummary>): UserSummary => ({
  user_id: 'ada',
  user_id_type: 'string',
  email: null,
  roles: [],
  tokens: 1,
  distinct_tokens: 1,
  verdicts: { valid: some.tokens ?? 1 },
  first_seen: '2026-11-01T08:12:00Z',
  last_seen: '2026-11-20T22:07:31Z',
  latest_expiry: '2026-11-28T09:00:00Z',
  expiry_state: 'active',
  ...some,
});

/** A quiet log: one file, one key, two users. */
export const small: Summary = {
  schema: 'authlog.summary/1',
  now: '2023-09-22T10:00:00Z',
  clock: 'use',
  tz: 'UTC',
  verification: {
    mode: 'verified',
    verified_by: 'key',
    keys: [{ id: 'secret', kty: 'oct', algs: ['HS256'], tokens: 5 }],
  },
  inputs: [{ path: 'auth_logs.log', bytes: 1843, lines: 10 }],
  totals: {
    lines: 10,
    lines_with_token: 5,
    lines_without_token: 5,
    lines_skipped: 0,
    tokens: 5,
    distinct_tokens: 3,
    verdicts: verdictCounts({ valid: 5 }),
  },
  users: [
    user({
      user_id: 12345,
      user_id_type: 'number',
      email: 'johndoe@example.com',
      tokens: 3,
      distinct_tokens: 2,
      first_seen: '2023-09-22T08:00:00Z',
      last_seen: '2023-09-22T09:30:00Z',
      latest_expiry: '2023-09-22T11:00:00Z',
    }),
    user({
      user_id: '12345',
      email: null,
      tokens: 2,
      first_seen: null,
      last_seen: null,
      latest_expiry: null,
      expiry_state: 'never',
    }),
  ],
  unverified_users: [],
  expiry: buckets({
    within_1h: { tokens: 3, distinct_tokens: 2, users: 1 },
    never: { tokens: 2, distinct_tokens: 1, users: 1 },
  }),
  expiry_dates: [{ date: '2023-09-22', tokens: 3, distinct_tokens: 2, users: 1 }],
  findings: null,
  notices: [],
  incomplete: null,
};

/** A busy service under attack: several files and keys, every section filled. */
export const busy: Summary = {
  schema: 'authlog.summary/1',
  now: '2026-11-21T00:00:00Z',
  clock: 'use',
  tz: 'Europe/Berlin',
  verification: {
    mode: 'verified',
    verified_by: 'key',
    keys: [
      { id: 'auth-2026-10', kty: 'RSA', algs: ['RS256', 'PS256'], tokens: 20_112 },
      { id: 'secret', kty: 'oct', algs: ['HS256'], tokens: 3610 },
      { id: 'auth-2024-01', kty: 'EC', algs: ['ES256'], tokens: 0 },
    ],
  },
  inputs: [
    { path: '/var/log/api/auth.log', bytes: 9_000_000, lines: 30_000 },
    { path: '/var/log/api/auth.log.1', bytes: 5_000_000, lines: 16_210 },
    { path: '/var/log/api/auth.log.2.gz', bytes: 600_000, lines: 2000 },
  ],
  totals: {
    lines: 48_210,
    lines_with_token: 24_105,
    lines_without_token: 24_093,
    lines_skipped: 12,
    tokens: 24_105,
    distinct_tokens: 9872,
    verdicts: verdictCounts({ valid: 23_110, expired: 612, bad_signature: 371, alg_none: 12 }),
  },
  users: [
    user({
      user_id: 'johndoe',
      email: 'johndoe@example.com',
      roles: ['admin'],
      tokens: 1412,
      verdicts: { valid: 1410, expired: 2 },
      latest_expiry: '2026-11-21T19:30:00Z',
      last_seen: '2026-11-20T22:41:00Z',
    }),
    user({ user_id: 'ada', email: 'ada@example.com', tokens: 390, verdicts: { valid: 390 } }),
    user({
      user_id: '田中太郎',
      email: 'tanaka.taro@accounts.example.co.jp',
      tokens: 211,
      verdicts: { valid: 190, expired: 20, wrong_audience: 1 },
      latest_expiry: '2026-11-20T18:00:00Z',
      expiry_state: 'expired',
    }),
    user({
      user_id: 'service-account-for-nightly-billing-export@project-4711.iam.example.com',
      email: null,
      tokens: 96,
      latest_expiry: '2027-01-02T00:00:00Z',
    }),
    user({
      user_id: 20_417,
      user_id_type: 'number',
      tokens: 41,
      verdicts: { valid: 12, expired: 29 },
      latest_expiry: '2026-11-18T07:00:00Z',
      expiry_state: 'expired',
    }),
    user({
      user_id: null,
      user_id_type: 'none',
      tokens: 18,
      latest_expiry: null,
      expiry_state: 'never',
    }),
    user({
      user_id: 'archive',
      tokens: 2,
      latest_expiry: null,
      first_seen: null,
      last_seen: null,
    }),
    ...Array.from({ length: 31 }, (_, at) => user({ user_id: `user-${at}`, tokens: 1 })),
  ],
  unverified_users: Array.from({ length: 9 }, (_, at) => ({
    user_id: at === 0 ? 'admin' : `guess-${at}`,
    user_id_type: 'string' as const,
    tokens: 371 - at * 40,
    verdicts: at === 0 ? { bad_signature: 359, alg_none: 12 } : { bad_signature: 371 - at * 40 },
  })),
  expiry: buckets({
    expired: { tokens: 14_600, distinct_tokens: 462, users: 310 },
    within_1h: { tokens: 212, distinct_tokens: 212, users: 198 },
    within_24h: { tokens: 3020, distinct_tokens: 2811, users: 1940 },
    within_30d: { tokens: 5870, distinct_tokens: 5400, users: 2100 },
    never: { tokens: 20, distinct_tokens: 2, users: 2 },
  }),
  expiry_dates: [
    { date: '2026-11-18', tokens: 14_600, distinct_tokens: 462, users: 310 },
    ...Array.from({ length: 12 }, (_, at) => ({
      date: `2026-11-${21 + (at % 9)}`,
      tokens: Math.round(3232 / (at + 1)),
      distinct_tokens: Math.round(3023 / (at + 1)),
      users: Math.round(2001 / (at + 1)),
    })).slice(0, 9),
  ],
  findings: null,
  notices: [
    {
      code: 'forged',
      message:
        '371 tokens carry a signature that your key did not make, 9 of them answered with 2xx: authlog audit /var/log/api/auth.log',
      count: 371,
    },
    {
      code: 'readable',
      message:
        'Everyone on this machine can read this file (0644), and it holds 9,410 usable tokens of 3,120 users: authlog redact',
      count: 1,
    },
  ],
  incomplete: [
    {
      path: '/var/log/api/auth.log.2.gz',
      reason: 'truncated',
      detail: 'the gzip stream ends early; what came before it was read',
    },
  ],
};

/** `--no-verify`: nothing but hearsay. */
export const hearsay: Summary = {
  ...small,
  now: '2026-11-21T00:00:00Z',
  verification: { mode: 'none', verified_by: null, keys: [] },
  inputs: [{ path: '-', bytes: 90_000, lines: 1200 }],
  totals: {
    lines: 1200,
    lines_with_token: 800,
    lines_without_token: 400,
    lines_skipped: 0,
    tokens: 802,
    distinct_tokens: 340,
    verdicts: verdictCounts({ unverified: 799, malformed: 3 }),
  },
  users: [],
  unverified_users: Array.from({ length: 12 }, (_, at) => ({
    user_id: at === 3 ? null : `user-${at}`,
    user_id_type: at === 3 ? ('none' as const) : ('string' as const),
    tokens: 120 - at,
    verdicts: { unverified: 120 - at },
  })),
  expiry: buckets({}),
  expiry_dates: [],
};

/** A log in which there is no token at all. */
export const empty: Summary = {
  ...small,
  inputs: [{ path: 'messages', bytes: 1_000_000, lines: 48_210 }],
  totals: {
    lines: 48_210,
    lines_with_token: 0,
    lines_without_token: 48_210,
    lines_skipped: 0,
    tokens: 0,
    distinct_tokens: 0,
    verdicts: verdictCounts({}),
  },
  users: [],
  expiry: buckets({}),
  expiry_dates: [],
};
