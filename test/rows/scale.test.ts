import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { VerificationKey } from '../../src/keys/key.ts';
import { userKey } from '../../src/verify/identity.ts';
import { verifyHmac } from '../../src/verify/hmac.ts';
import { ROOT } from '../support/cli.ts';
import { analyzed, noticeOf, privateFile } from '../support/judged.ts';
import { measureCli } from '../support/memory.ts';
import { claims, hmac, logOf, mint, NOW, NOW_S, SECRET } from '../support/tokens.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe('bounds', () => {
  test('row 81: one token two million times takes little memory', async () => {
    const lines = 2_000_000;
    const perMember = 10_000;
    const member = gzipSync(logOf(mint(claims())).repeat(perMember));
    const gz = privateFile(
      'auth.log.gz',
      Buffer.concat(Array.from({ length: lines / perMember }, () => member)),
    );
    const args = ['analyze', gz, '--json', '--now', NOW];
    const { code, stdout, peak } = await measureCli(args, { AUTHLOG_SECRET: SECRET });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      totals: { lines, tokens: lines, distinct_tokens: 1, verdicts: { valid: lines } },
      users: [{ user_id: 'ada', tokens: lines, distinct_tokens: 1 }],
    });
    expect(peak).toBeLessThan(320);
  });

  test('row 82: over --max-users the rest share one row, and the sums hold', async () => {
    const users = 5000;
    const tokens = Array.from({ length: users }, (_, i) =>
      mint({ sub: `user-${i}`, email: `user-${i}@example.com`, exp: NOW_S + 3600 * (i % 50) + 1 }),
    );
    const log = logOf(...tokens, ...tokens.slice(2000, 2500));
    const summary = await analyzed(log, ['--max-users', '1000']);
    expect(summary.users).toHaveLength(1001);
    const others = summary.users.filter(({ user_id_type }) => user_id_type === 'other');
    expect(others).toMatchObject([{ user_id: null, email: null, tokens: 4500 }]);
    expect(sum(summary.users.map(({ tokens: count }) => count))).toBe(5500);
    expect(sum(summary.users.map(({ distinct_tokens }) => distinct_tokens))).toBe(5000);
    expect(sum(summary.expiry.map(({ tokens: count }) => count))).toBe(5500);
    expect(summary.totals).toMatchObject({ tokens: 5500, distinct_tokens: 5000 });
    expect(noticeOf(summary, 'users_capped')).toContain('4,500 tokens');
    expect((await analyzed(log, ['--max-users', '5000'])).users).toHaveLength(5000);
  });

  test('row 82: a user over the limit stays in the shared row, one below it keeps its own', async () => {
    const first = mint(claims({ sub: 'first' }));
    const late = mint(claims({ sub: 'late' }));
    const { users } = await analyzed(logOf(first, late, first, late, late), ['--max-users', '1']);
    expect(
      users.map(({ user_id, user_id_type, tokens }) => [user_id, user_id_type, tokens]),
    ).toEqual([
      [null, 'other', 3],
      ['first', 'string', 2],
    ]);
  });

  test('row 83: ids that look like array indices are no index of the map', async () => {
    for (const userId of ['0', '4294967294', '', '1e3']) {
      const key = userKey({ userIdType: 'string', userId, email: null, roles: [] });
      // V8 hashes the text of an array index by its value, which anyone can work out.
      expect(key).toMatch(/^\D/);
    }
    const count = 20_000;
    const tokens = Array.from({ length: count }, (_, i) => mint({ sub: String(i * 1024) }));
    const { users, totals } = await analyzed(logOf(...tokens));
    expect(users).toHaveLength(count);
    expect(totals).toMatchObject({ tokens: count, distinct_tokens: count });
  });

  test('row 83: versions of Node that hash such ids predictably are ruled out', () => {
    const { engines } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
      engines: { node: string };
    };
    const [major, minor] = /(\d+)\.(\d+)/.exec(engines.node)!.slice(1).map(Number);
    expect(major! * 1000 + minor!).toBeGreaterThanOrEqual(20_020);
  });

  test('row 84: comparing takes as long for a wrong first byte as for a right signature', () => {
    const key: VerificationKey = {
      id: 'secret',
      kid: null,
      kty: 'oct',
      algs: ['HS256'],
      secret: Buffer.from(SECRET),
      jwk: null,
      notBefore: null,
      notAfter: null,
    };
    const right = Buffer.from(hmac('HS256', 'a.b'), 'base64url');
    /** Bytes of the signature that were looked at. */
    const looksAt = (signature: Uint8Array, verdict: boolean): number => {
      let reads = 0;
      const watched = new Proxy(signature, {
        get: (target, name) => {
          if (typeof name === 'string' && /^\d+$/.test(name)) reads++;
          return Reflect.get(target, name, target) as unknown;
        },
      });
      expect(verifyHmac('HS256', key, Buffer.from('a.b'), 0, 3, watched, 32)).toBe(verdict);
      return reads;
    };
    expect(looksAt(right, true)).toBe(32);
    for (let at = 0; at < 32; at++) {
      const wrong = Uint8Array.from(right);
      wrong[at]! ^= 1;
      expect(looksAt(wrong, false)).toBe(32);
    }
    expect(verifyHmac('HS256', key, Buffer.from('a.b'), 0, 3, right, 31)).toBe(false);
  });
});
