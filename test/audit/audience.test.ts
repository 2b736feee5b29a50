import { expect, test } from 'vitest';
import { MOST_RULES } from '../../src/audit/audience.ts';
import { Engine } from '../../src/audit/engine.ts';
import { defaultsOf, emptyContext, exampleEvent } from '../../src/audit/examples.ts';
import { useOfEvent } from '../../src/audit/from-event.ts';
import { createNetworks } from '../../src/audit/network.ts';
import type { ExampleEvent } from '../../src/audit/rule.ts';
import { RULES } from '../../src/audit/rules/index.ts';
import type { Use } from '../../src/audit/use.ts';
import { VERDICTS } from '../../src/verify/verdict.ts';
import { createRandom } from '../oracle/random.ts';

type Random = ReturnType<typeof createRandom>;

const EVENTS = RULES.flatMap(({ events = [] }) => events);
const IPS = ['192.0.2.10', '192.0.2.11', '203.0.113.7', '198.51.100.4', null];
const AGENTS = ['curl/8.5.0', 'Mozilla/5.0 (Windows NT 10.0) Firefox/130.0', null];

/** What is of the token, and so the same in all its uses. */
const tokenOf = (random: Random, number: number): ExampleEvent => ({
  token_id: `token ${number}`,
  user_id: `user ${random.below(6)}`,
  kid: random.pick(['key', "' or", null]),
  ...(random.once(2) && { typ: 'login-link+jwt' }),
  jti: `number ${random.below(20)}`,
  iss: random.pick(['us', 'them']),
  iat: Date.UTC(2026, 10, 2, 12) / 1000 + random.below(5000),
  exp: random.pick([null, Date.UTC(2026, 10, 2, 13) / 1000, Date.UTC(2028, 10, 2) / 1000]),
  roles: random.pick([['admin'], ['reader'], []]),
});

const usesOf = (random: Random): readonly Use[] => {
  const tokens = Array.from({ length: 30 }, (_, i) => tokenOf(random, i));
  const objects = tokens.map((token, i) => useOfEvent(exampleEvent(token, i)).token);
  let at = 0;
  return Array.from({ length: 3000 }, (_, line) => {
    at += random.below(20);
    const which = random.below(random.once(3) ? 3 : tokens.length);
    const event: ExampleEvent = {
      ...tokens[which],
      at: random.once(50) ? null : at,
      verdict: random.once(8) ? random.pick(VERDICTS) : 'valid',
      event: random.once(10) ? random.pick(EVENTS) : null,
      ip: random.pick(IPS),
      user_agent: random.pick(AGENTS),
      path: `/${random.below(80)}`,
      status: random.pick([200, 200, 200, 401, 403]),
    };
    return { ...useOfEvent(exampleEvent(event, line)), token: objects[which]! };
  });
};

const found = (uses: readonly Use[]): unknown => {
  const engine = new Engine({
    rules: RULES.map((rule) => ({ rule, level: null, thresholds: defaultsOf(rule) })),
    context: {
      ...emptyContext(Date.UTC(2026, 10, 3)),
      issuers: ['us'],
      oneTimeTypes: ['login-link+jwt'],
      adminUsers: new Set(['user 1']),
      knownNetworks: createNetworks(['192.0.2.11'], 'test'),
    },
    lateness: 0,
    from: Number.NaN,
    learn: 0,
  });
  for (const use of uses) engine.add(use);
  return engine.finish();
};

test('what rules are not shown of a token that they know would change nothing', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const uses = usesOf(createRandom(seed));
    // A token that is another object each time is never known.
    const strangers = uses.map((use) => ({ ...use, token: { ...use.token! } }));
    expect(found(uses)).toEqual(found(strangers));
  }
});

test('each rule has a bit of its own', () => {
  expect(RULES.length).toBeLessThanOrEqual(MOST_RULES);
});
