import { describe, expect, test } from 'vitest';
import {
  analyzed,
  eventsOf,
  noticeOf,
  tableOf,
  privateFile,
  verdictOf,
  verdictsOf,
} from '../support/judged.ts';
import { claims, logOf, mint, NOW, NOW_S, segment } from '../support/tokens.ts';

describe('claims sets', () => {
  test('row 68: of a claim named twice the last counts, and a notice says so', async () => {
    const token = mint(`{"sub":"ada","exp":1,"sub":"bob","exp":${NOW_S + 60}}`);
    const summary = await analyzed(logOf(token));
    expect(summary.users).toMatchObject([{ user_id: 'bob', verdicts: { valid: 1 } }]);
    expect(noticeOf(summary, 'duplicate_claim')).toContain('1 token names a claim twice');
    const nested = mint('{"sub":"ada","a":{"x":1,"x":2},"b":"\\"sub\\":1"}');
    expect(noticeOf(await analyzed(logOf(nested)), 'duplicate_claim')).toBeUndefined();
    const escaped = mint(String.raw`{"sub":"ada","\u0073ub":"bob"}`);
    expect(noticeOf(await analyzed(logOf(escaped)), 'duplicate_claim')).toBeDefined();
  });

  const names = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'prototype',
    '__proto__',
  ];

  test('row 69: names of Object.prototype are user ids like any other', async () => {
    const tokens = names.map((sub) => mint({ sub, exp: NOW_S + 60, role: sub, email: sub }));
    const { users } = await analyzed(logOf(...tokens));
    expect(users.map(({ user_id, tokens: count, email }) => [user_id, count, email])).toEqual([
      ['__proto__', 2, '__proto__'],
      ['constructor', 1, 'constructor'],
      ['hasOwnProperty', 1, 'hasOwnProperty'],
      ['prototype', 1, 'prototype'],
      ['toString', 1, 'toString'],
    ]);
    expect(users[0]!.roles).toEqual(['__proto__']);
  });

  test('row 69: as names of claims they are absent unless the token says them itself', async () => {
    const args = ['--user-claim', '__proto__,constructor,toString'];
    const without = await eventsOf(logOf(mint(claims())), args);
    expect(without).toMatchObject([{ user_id: null, user_id_type: 'none' }]);
    const own = mint(`{"__proto__":"eve","exp":${NOW_S + 60}}`);
    expect(await eventsOf(logOf(own), args)).toMatchObject([{ user_id: 'eve' }]);
    const dates = mint('{"__proto__":{"exp":1,"sub":"eve"},"sub":"ada"}');
    expect(await eventsOf(logOf(dates))).toMatchObject([
      { user_id: 'ada', exp: null, verdict: 'valid' },
    ]);
  });

  test('row 69: as kid and as alg they find no key', async () => {
    const set = names.slice(0, 2).map((kid, index) => ({
      kty: 'oct',
      kid,
      k: segment(`${'s'.repeat(31)}${index}`),
    }));
    const args = ['--key', privateFile('keys.json', JSON.stringify({ keys: set }))];
    const byKid = (kid: string, index: number): string =>
      mint(claims(), {
        header: JSON.stringify({ alg: 'HS256', kid }),
        secret: `${'s'.repeat(31)}${index}`,
      });
    expect(
      await verdictsOf(
        [
          byKid('__proto__', 0),
          byKid('constructor', 1),
          byKid('__proto__', 1),
          byKid('toString', 0),
        ],
        args,
      ),
    ).toEqual(['valid', 'valid', 'bad_signature', 'unknown_key no key has this key id']);
    const algs = names.map((alg) => mint(claims(), { header: { alg } }));
    expect(new Set(await verdictsOf(algs))).toEqual(new Set(['alg_not_allowed unknown algorithm']));
    const inherited = mint(claims(), { header: '{"__proto__":{"alg":"HS256"}}' });
    expect(await verdictOf(inherited)).toBe('malformed header_alg');
  });
});

describe('dates', () => {
  test.each(['exp', 'nbf', 'iat'])('row 70: %s that is no number is malformed', async (claim) => {
    const values = ['"123"', '"1695380400"', 'true', 'false', '{}', '[]', '[1]', 'null', '""'];
    const tokens = values.map((value) => mint(`{"sub":"ada","${claim}":${value}}`));
    expect(await verdictsOf(tokens)).toEqual(values.map(() => `malformed claim_${claim}`));
    const { users, unverified_users } = await analyzed(logOf(...tokens));
    expect([users, unverified_users]).toEqual([[], []]);
  });

  test('row 71: exp of 0, below 0 and with a fraction is a time like any other', async () => {
    const exps = [0, -1, -0.5, 1.5, -62_135_596_800, NOW_S - 0.5, NOW_S + 0.5];
    const events = await eventsOf(logOf(...exps.map((exp) => mint(claims({ exp })))));
    expect(events.map(({ exp }) => exp)).toEqual(exps);
    expect(events.map(({ verdict }) => verdict)).toEqual([
      ...exps.slice(0, -1).map(() => 'expired'),
      'valid',
    ]);
    expect(events[3]).toMatchObject({ expired_by_s: NOW_S - 1.5 });
    const { expiry_dates } = await analyzed(logOf(mint(claims({ exp: -1 }))));
    expect(expiry_dates).toMatchObject([{ date: '1969-12-31', tokens: 1 }]);
  });

  test('row 72: exp beyond any calendar is valid, in the far future, and breaks nothing', async () => {
    const exps = ['1e308', '8640000000001', '253402300800', '1e21', '-1e308'];
    const tokens = exps.map((exp, index) => mint(`{"sub":"u${index}","exp":${exp}}`));
    const log = logOf(...tokens);
    expect(await verdictsOf(tokens)).toEqual(['valid', 'valid', 'valid', 'valid', 'expired']);
    const summary = await analyzed(log, ['--sort', 'user']);
    for (const { latest_expiry, expiry_state } of summary.users.slice(0, 4)) {
      expect([latest_expiry, expiry_state]).toEqual([null, 'active']);
    }
    expect(summary.users[4]).toMatchObject({ latest_expiry: null, expiry_state: 'expired' });
    expect(summary.expiry_dates).toEqual([]);
    expect(summary.expiry.find(({ bucket }) => bucket === 'later')).toMatchObject({
      tokens: 4,
      latest: null,
    });
    for (const format of ['table', 'markdown', 'csv', 'ndjson']) {
      expect(await tableOf(log, ['--format', format])).not.toMatch(/Invalid|NaN|Infinity/);
    }
    expect(await tableOf(log)).toContain('far future');
  });

  test('row 73: exp that overflows to infinity is malformed', async () => {
    const tokens = ['exp', 'nbf', 'iat'].flatMap((claim) =>
      ['1e400', '-1e400'].map((value) => mint(`{"sub":"ada","${claim}":${value}}`)),
    );
    expect(await verdictsOf(tokens)).toEqual([
      'malformed claim_exp',
      'malformed claim_exp',
      'malformed claim_nbf',
      'malformed claim_nbf',
      'malformed claim_iat',
      'malformed claim_iat',
    ]);
  });

  test('row 74: exp beyond 2^53 is told as the token spells it', async () => {
    const exps = ['9007199254740993', '1e17', '1234567890123456789012345678901234567890'];
    const events = await eventsOf(logOf(...exps.map((exp) => mint(`{"sub":"ada","exp":${exp}}`))));
    expect(events.map(({ exp }) => exp)).toEqual(exps);
    const last = mint('{"exp":9007199254740993,"x":{"exp":1},"exp" : 9007199254740995 }');
    expect(await eventsOf(logOf(last))).toMatchObject([{ exp: '9007199254740995' }]);
    expect(await eventsOf(logOf(mint(claims({ exp: 2 ** 53 - 1 }))))).toMatchObject([
      { exp: 2 ** 53 - 1 },
    ]);
  });

  test('row 75: exp in milliseconds is valid and remarked on, a far future is not', async () => {
    const milliseconds = await analyzed(logOf(mint(claims({ exp: 1.7e12 }))));
    expect(milliseconds.totals.verdicts.valid).toBe(1);
    expect(noticeOf(milliseconds, 'exp_looks_like_ms')).toContain('milliseconds');
    for (const exp of [NOW_S + 3600, 4_102_444_800, 1e308]) {
      const summary = await analyzed(logOf(mint(claims({ exp }))));
      expect(noticeOf(summary, 'exp_looks_like_ms')).toBeUndefined();
    }
  });

  test('row 76: a token without exp never expires, in a bucket of its own and remarked on', async () => {
    const log = logOf(mint({ sub: 'ada' }), mint(claims({ sub: 'ada' })));
    const summary = await analyzed(log);
    expect(summary.expiry.find(({ bucket }) => bucket === 'never')).toMatchObject({
      tokens: 1,
      users: 1,
      earliest: null,
      latest: null,
    });
    expect(summary.users).toMatchObject([{ expiry_state: 'never', latest_expiry: null }]);
    expect(noticeOf(summary, 'no_expiry')).toBe('1 token never expires: no exp claim');
    const forged = mint({ sub: 'ada' }, { secret: 'another' });
    expect(noticeOf(await analyzed(logOf(forged)), 'no_expiry')).toBeUndefined();
  });

  test('row 77: at its last second a token is expired, at its first it is valid', async () => {
    const tokens = [
      mint(claims({ exp: NOW_S })),
      mint(claims({ exp: NOW_S + 1 })),
      mint(claims({ exp: NOW_S - 1 })),
      mint(claims({ nbf: NOW_S })),
      mint(claims({ nbf: NOW_S + 1 })),
    ];
    const strict = ['expired', 'valid', 'expired', 'valid', 'not_yet_valid'];
    for (const clock of ['use', 'now']) {
      expect(await verdictsOf(tokens, ['--clock', clock])).toEqual(strict);
      expect(await verdictsOf(tokens, ['--clock', clock, '--leeway', '1s'])).toEqual([
        'valid',
        'valid',
        'expired',
        'valid',
        'valid',
      ]);
    }
    const at = (now: string): Promise<string[]> =>
      verdictsOf(tokens.slice(0, 1), ['--clock', 'now', '--now', now]);
    expect(await at('2023-09-22T09:59:59.999Z')).toEqual(['valid']);
    expect(await at(NOW)).toEqual(['expired']);
  });

  test('row 77: a date that also names the user is a date all the same', async () => {
    const log = logOf(mint({ exp: NOW_S - 1 }), mint({ nbf: NOW_S + 1, iat: 5 }));
    const { totals, users } = await analyzed(log, ['--user-claim', 'exp,nbf,iat']);
    expect(totals.verdicts).toMatchObject({ expired: 1, not_yet_valid: 1 });
    expect(new Set(users.map(({ user_id }) => user_id))).toEqual(new Set([NOW_S - 1, NOW_S + 1]));
  });

  test('row 77: a token used in time and over since is valid, in the bucket expired', async () => {
    const log = logOf(mint(claims({ exp: NOW_S + 1 })));
    const later = ['--now', '2023-09-23T10:00:00Z'];
    const summary = await analyzed(log, later);
    expect(summary.totals.verdicts.valid).toBe(1);
    expect(summary.expiry[0]).toMatchObject({ bucket: 'expired', tokens: 1 });
    expect((await analyzed(log, [...later, '--clock', 'now'])).totals.verdicts.expired).toBe(1);
  });
});
