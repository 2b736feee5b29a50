import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROOT, runCli } from '../support/cli.ts';
import { parseEvents, privateFile } from '../support/judged.ts';
import { KEYS, mint, NOW, NOW_S, segment } from '../support/tokens.ts';
import { byArticle, isMissing } from './pyjwt.ts';
import { createRandom, type Random } from './random.ts';

const LOGS = `${ROOT}fixtures/logs`;

/** What is valid here of what the label `Token: ` announces: the article looks at nothing else. */
const byAuthlog = async (log: string, secretFile: string): Promise<Record<string, unknown>[]> => {
  const args = ['--secret-file', secretFile, '--alg', 'HS256', '--clock', 'now', '--now', NOW];
  const pattern = ['--pattern', 'Token: ([^\\s]+)'];
  const { code, stdout } = await runCli(['events', log, ...args, ...pattern, '-q']);
  expect(code).toBe(0);
  return parseEvents(stdout).filter(({ verdict }) => verdict === 'valid');
};

/** PyJWT refuses an `aud` that nobody asked for, and an `iat` in the future; both are no fault here. */
const isBeyondArticle = ({ aud, iat }: Record<string, unknown>): boolean =>
  aud !== null || (typeof iat === 'number' && iat > NOW_S);

const expectTheSame = async (log: string, secretFile: string): Promise<number> => {
  const theirs = byArticle(log, secretFile);
  const ours = (await byAuthlog(log, secretFile)).filter((event) => !isBeyondArticle(event));
  expect(ours.map(({ line, exp }) => [line, exp])).toEqual(
    theirs.map(({ line, payload }) => [line, payload['exp'] ?? null]),
  );
  for (const [index, { payload }] of theirs.entries()) {
    const { user_id, email } = ours[index]!;
    const user = ['user_id', 'sub', 'uid', 'username', 'preferred_username', 'email', 'client_id']
      .map((name) => payload[name])
      .find((value) => typeof value === 'number' || (typeof value === 'string' && value !== ''));
    expect([user_id, email]).toEqual([user ?? null, payload['email'] ?? null]);
  }
  return theirs.length;
};

/**
 * A line of a log that the article's code might have written, or that somebody tampered with. Left
 * out is what PyJWT accepts against RFC 7515 and 7519: `crit`, and numeric strings as `exp`.
 */
const randomLine = (random: Random, secret: string): string => {
  const stamp = '2023-09-22 09:00:00,000 - ';
  if (random.once(3)) return `${stamp}User Log: User logged in ${random.below(100)}`;
  const claims = {
    user_id: random.pick<unknown>([12345, '12345', 1, 'ada', 'x\u2028y', 2 ** 53 - 1]),
    email: random.pick(['johndoe@example.com', 'ada@example.com', 'ü@example.com']),
    ...(!random.once(8) && { exp: NOW_S + random.pick([-3600, -1, 0, 1, 60, 86_400, 1e9]) }),
    ...(random.once(4) && { nbf: NOW_S + random.pick([-60, 0, 1, 60]) }),
    ...(random.once(4) && { iat: NOW_S - random.below(1000) }),
    n: random.below(1e6),
  };
  const good = mint(claims, { secret });
  const [header, payload, signature] = good.split('.') as [string, string, string];
  const tampered = [
    mint(claims, { secret: 'another-secret' }),
    mint(claims, { secret, alg: 'HS512' }),
    `${segment({ alg: 'none' })}.${payload}.`,
    `${segment({ alg: 'None', typ: 'JWT' })}.${payload}.${signature}`,
    `${header}.${segment({ ...claims, user_id: 'admin' })}.${signature}`,
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.${signature}`,
    `${header}.${payload}.${signature.slice(0, -2)}`,
    `${header}.${payload}.${signature.split('').toReversed().join('')}`,
    mint({ ...claims, exp: 'tomorrow' }, { secret }),
    mint(JSON.stringify(claims).slice(0, -1), { secret }),
    mint([claims], { secret }),
    'null',
    'Bearer',
    '***',
  ];
  return `${stamp}Token: ${random.once(3) ? random.pick(tampered) : good}`;
};

describe.skipIf(isMissing)('the article’s own code accepts the same tokens', () => {
  test.each(['python-logging.log', 'auth_logs.log'])('of %s', async (name) => {
    const accepted = await expectTheSame(`${LOGS}/${name}`, `${KEYS}/secret`);
    expect(accepted).toBeGreaterThan(10);
  });

  test('of 5,000 lines', async () => {
    const random = createRandom(2023);
    const secret = readFileSync(`${KEYS}/secret`, 'utf8').trim();
    const lines = Array.from({ length: 5000 }, () => randomLine(random, secret));
    const log = privateFile('auth_logs.log', `${lines.join('\n')}\n`);
    const accepted = await expectTheSame(log, `${KEYS}/secret`);
    expect(accepted).toBeGreaterThan(800);
    expect(accepted).toBeLessThan(2500);
  });
});
