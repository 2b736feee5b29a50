import { claims, mint, NOW_S, segment } from '../support/tokens.ts';

const GOOD = { iss: 'https://issuer.example', aud: 'api' };
const HOURS = [-48, -24, -2, 1, 20, 100, 500, 2000];

const good = (user: number, more: object = {}): string =>
  mint(
    claims({
      ...GOOD,
      sub: user % 7 === 0 ? user : `user-${user}`,
      email: `u${user}@example.com`,
      roles: user % 3 === 0 ? ['admin', 'user'] : ['user'],
      exp: NOW_S + HOURS[user % HOURS.length]! * 3600,
      ...more,
    }),
  );

/** Tokens of every verdict; what changes with `user` makes them many. */
const tokensOf = (user: number): readonly string[] => {
  const valid = good(user);
  return [
    valid,
    good(user, { exp: undefined }),
    good(user, { exp: NOW_S - 90_000 }),
    good(user, { nbf: NOW_S + 60 }),
    good(user, { iss: 'https://other.example' }),
    good(user, { aud: ['web'] }),
    good(user, { exp: 'soon' }),
    good(user, { pad: 'x'.repeat(50_000) }).slice(0, user % 100 === 0 ? undefined : 200),
    mint(claims({ ...GOOD, sub: `user-${user}` }), { secret: 'another' }),
    mint(claims({ ...GOOD, sub: `user-${user}` }), { alg: 'HS384', header: { alg: 'RS256' } }),
    mint(claims({ ...GOOD, sub: `user-${user}` }), { header: { kid: 'nobody' } }),
    `${segment({ alg: 'none' })}.${segment(claims({ sub: `user-${user}` }))}.`,
    valid.replace(/[^.]+$/, '***'),
    `${segment({ alg: 'dir', enc: 'A128GCM' })}..${'A'.repeat(16)}.AA.${'A'.repeat(22)}`,
    'not-a-token',
  ];
};

/** A log of so many lines, an hour and more of them; every verdict but `unverified` occurs in it. */
export const everyVerdictLog = (lines: number): string => {
  const users = Array.from({ length: 300 }, (_, user) => tokensOf(user));
  const started = (NOW_S - 100_000) * 1000;
  const parts: string[] = [];
  for (let i = 0; i < lines; i++) {
    const time = new Date(started + i * 400).toISOString().replace('T', ' ').replace('.', ',');
    const kind = i % 8;
    // Mostly the first token of a user, as in a log that is in order.
    const tokens = users[(i * 7) % users.length]!;
    const token = kind < 3 ? tokens[0]! : tokens[(i >> 3) % tokens.length]!;
    if (kind === 7) parts.push(`${time.slice(0, 23)} - worker ready`);
    else if (kind === 6) parts.push(`${time.slice(0, 23)} - User Log: signed in`);
    else if (kind === 5) parts.push(`203.0.113.${i % 200} - - "GET /a?t=${token} HTTP/1.1" 200 5`);
    else parts.push(`${time.slice(0, 23)} - Token: ${token}`);
  }
  return `${parts.join('\n')}\n`;
};
