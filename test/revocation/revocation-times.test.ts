import { expect, test } from 'vitest';
import { RevocationTimes, type AskedToken } from '../../src/revocation/revocation-times.ts';
import { readRevocations } from '../../src/revocation/revocations-file.ts';

const timesOf = (...list: readonly object[]): RevocationTimes => {
  const times = new RevocationTimes();
  for (const one of readRevocations(JSON.stringify(list), 'list')) times.add(one);
  return times;
};

const TOKEN: AskedToken = {
  id: 'token-aaaaaaaaaa',
  jti: 'j',
  iss: 'us',
  userId: '1',
  iat: 1000,
};

const AT = { revoked_at: 2000 };

test.each<[string, readonly object[], Partial<AskedToken>, number | null]>([
  ['nothing', [], {}, null],
  ['its id', [{ token_id: TOKEN.id, ...AT }], {}, 2_000_000],
  ['another id', [{ token_id: 'token-bbbbbbbbbb' }], {}, null],
  ['its jti', [{ jti: 'j', ...AT }], {}, 2_000_000],
  ['its jti, without a time', [{ jti: 'j' }], {}, Number.NaN],
  ['its jti of its issuer', [{ jti: 'j', issuer: 'us', ...AT }], {}, 2_000_000],
  ['its jti of another issuer', [{ jti: 'j', issuer: 'them' }], {}, null],
  ['a jti of one that has none', [{ jti: 'null' }], { jti: null }, null],
  ['its user', [{ subject: '1', ...AT }], {}, 2_000_000],
  ['the number', [{ subject: 1 }], {}, null],
  ['the number, for the number', [{ subject: 1, ...AT }], { userId: 1 }, 2_000_000],
  ['what was issued before', [{ issued_before: 1001 }], {}, 1_001_000],
  ['what was issued before its moment', [{ issued_before: 1000 }], {}, null],
  ['what was issued before, told later', [{ issued_before: 1001, ...AT }], {}, 2_000_000],
  ['what may be older', [{ issued_before: 5 }], { iat: Number.NaN }, 5000],
  [
    'twice: the earlier',
    [
      { jti: 'j', revoked_at: 3000 },
      { subject: '1', ...AT },
    ],
    {},
    2_000_000,
  ],
  ['twice: what is known', [{ jti: 'j' }, { subject: '1', ...AT }], {}, 2_000_000],
  ['twice: what is known first', [{ token_id: TOKEN.id, ...AT }, { jti: 'j' }], {}, 2_000_000],
])('a list that names %s', (_says, list, more, since) => {
  expect(timesOf(...list).since({ ...TOKEN, ...more })).toEqual(since);
});

test('a time of revocation is RFC 3339 or seconds', () => {
  const times = timesOf({ jti: 'j', revoked_at: '2026-11-20T08:00:00Z' });
  expect(times.since(TOKEN)).toBe(Date.parse('2026-11-20T08:00:00Z'));
  expect(times.size).toBe(1);
  expect(() => timesOf({ jti: 'j', revoked_at: 1_700_000_000_000 })).toThrow(
    'list: entry 1 has a revoked_at that is no number of seconds',
  );
});
