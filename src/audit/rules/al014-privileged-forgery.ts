import type { TokenFacts } from '../../event/facts.ts';
import { answerOf } from '../answer.ts';
import { isForged, isUnsigned, keyConfusionOf } from '../forgery.ts';
import { createPrivilegesOf } from '../privilege.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse, isVerified, type TokenUse } from '../use.ts';
import { DistinctWindow, KeyedState } from '../window.ts';

const MOST_CLIENTS = 50_000;
/** Privileges of real users that are remembered. */
const MOST_HELD = 20_000;

const forged = (members: ExampleEvent): ExampleEvent => ({
  verdict: 'bad_signature',
  token_id: 'forged',
  roles: ['admin'],
  status: 401,
  ...members,
});
const genuine: ExampleEvent = { roles: ['admin'] };
const root = { user_id: 7, user_id_type: 'number' } as const;
const context = { adminUsers: new Set(['7']) };

export const privilegedForgery: Rule = defineRule({
  id: 'AL014',
  name: 'privileged-forgery',
  title: 'Forged token of an administrator',
  level: 'high',
  attack: ['T1606', 'T1548'],
  condition:
    'A token that is not signed, takes a public key for a secret or has a forged signature (AL001, AL002, AL004) claims a privileged role or scope, or to be an admin user. Critical where the answer was 2xx. Low for a lone forged signature where that user really has the privilege: it may be a damaged copy.',
  meaning:
    'Somebody tries to become an administrator by writing it into a token. An answer of 2xx means that it worked.',
  action:
    'After a 2xx mend the check of signatures first, then look at all that was done as administrator. Else block the address.',
  falsePositives: [
    "An administrator's token that was damaged when it was copied, before the log knew its user.",
    'A key that signs and was not given to authlog.',
    'Security tests of your own.',
  ],
  thresholds: {
    tokens: {
      value: 2,
      unit: 'count',
      means: 'different forged tokens that are no damaged copies',
    },
    span: { value: 600, unit: 'seconds', means: 'the time in which they come' },
  },
  sigma: { none: 'The configuration names admin users and roles, the log tells who has them.' },
  verdicts: [
    'valid',
    'expired',
    'not_yet_valid',
    'wrong_issuer',
    'wrong_audience',
    'bad_signature',
    'alg_none',
    'alg_not_allowed',
    'unknown_key',
  ],
  needs: 'news',
  start: ({ thresholds, context: { adminUsers, privilegedRoles }, report, bounded }) => {
    const privilegesOf = createPrivilegesOf(privilegedRoles);
    const held = new Set<string>();
    const span = thresholds.span * 1000;
    const newWindow = (): DistinctWindow => new DistinctWindow(span, thresholds.tokens);
    const clients = new KeyedState(span, MOST_CLIENTS, newWindow, bounded);

    const claimsOf = (token: TokenFacts): readonly string[] => {
      const privileges = privilegesOf(token);
      const { userId } = token;
      if (userId === null || !adminUsers.has(String(userId))) return privileges;
      return [...privileges, `to be ${userId}`];
    };

    const hold = ({ token }: TokenUse): void => {
      const claims = claimsOf(token);
      // Mostly there are none.
      if (claims.length === 0) return;
      for (const claim of claims) {
        if (held.size < MOST_HELD) held.add(`${token.user}\0${claim}`);
      }
    };

    const isMany = (use: TokenUse): boolean =>
      !Number.isNaN(use.time) &&
      clients.at(use.ip ?? use.token.user, use.time).add(use.token.id, use) !== null;

    return {
      see: (use) => {
        if (!isTokenUse(use)) return;
        if (isVerified(use)) {
          hold(use);
          return;
        }
        const isDeliberate = isUnsigned(use) || keyConfusionOf(use) !== null;
        if (!isDeliberate && !isForged(use)) return;
        const { user } = use.token;
        const claims = claimsOf(use.token);
        if (claims.length === 0) return;
        const isReal = claims.every((claim) => held.has(`${user}\0${claim}`));
        const isCopy = !isMany(use) && isReal && !isDeliberate;
        const subject = use.ip ?? user;
        const why = `a forged token that claims ${claims.join(', ')} ${answerOf(use)}`;
        if (isAccepted(use)) report({ subject, level: 'critical', uses: [use], why });
        else if (isCopy) report({ subject: 'lone copies', level: 'low', uses: [use], why });
        else report({ subject, level: 'high', uses: [use], why });
      },
    };
  },
  hits: [
    { says: 'a role', events: [forged({})], level: 'high', count: 1 },
    { says: 'a scope', events: [forged({ roles: [], scopes: ['Admin'] })], level: 'high' },
    { says: 'an admin user', events: [forged({ ...root, roles: [] })], context, level: 'high' },
    { says: 'accepted', events: [forged({ status: 200 })], level: 'critical' },
    { says: 'not signed', events: [forged({ verdict: 'alg_none' })], level: 'high' },
    {
      says: 'not signed, by the name of a real administrator',
      events: [genuine, forged({ reason: 'signature_empty' })],
      level: 'high',
    },
    {
      says: 'a public key taken for a secret',
      events: [genuine, forged({ verdict: 'alg_not_allowed', reason: 'HS256 with RSA key' })],
      level: 'high',
    },
    { says: 'a copy of a real token', events: [genuine, forged({})], level: 'low', count: 1 },
    {
      says: 'copies of real tokens, without a time',
      events: [
        { ...genuine, at: null },
        ...['a', 'b'].map((id) => forged({ at: null, token_id: id })),
      ],
      level: 'low',
    },
    {
      says: 'a copy of a real token of an admin user',
      events: [root, forged({ ...root, roles: [] })],
      context,
      level: 'low',
    },
    {
      says: 'the real token comes later',
      events: [forged({}), { ...genuine, at: 1 }],
      level: 'high',
    },
    {
      says: 'more than the user has',
      events: [genuine, forged({ roles: ['admin', 'root'] })],
      level: 'high',
    },
    {
      says: 'two at the last moment',
      events: [genuine, forged({}), forged({ at: 599, token_id: 'another' })],
      level: 'high',
      count: 2,
    },
    {
      says: 'two when the span is over',
      events: [genuine, forged({}), forged({ at: 600, token_id: 'another' })],
      level: 'low',
    },
    {
      says: 'one copy again and again',
      events: [genuine, forged({}), forged({ at: 1 }), forged({ at: 2 })],
      level: 'low',
      count: 3,
    },
    {
      says: 'two addresses',
      events: [genuine, forged({}), forged({ token_id: 'another', ip: '203.0.113.7' })],
      level: 'low',
    },
  ],
  misses: [
    { says: 'an ordinary role', events: [forged({ roles: ['reader'] })] },
    { says: 'an ordinary user', events: [forged({ roles: [], user_id: 8 })], context },
    {
      says: 'of nobody',
      events: [forged({ roles: [], user_id: null, user_id_type: 'none' })],
      context: { adminUsers: new Set(['null']) },
    },
    { says: 'a real administrator', events: [genuine, { ...genuine, verdict: 'expired' }] },
    { says: 'our key, another salt', events: [forged({ reason: 'salt_length' })] },
    { says: 'an unknown key', events: [forged({ verdict: 'unknown_key' })] },
    {
      says: 'an algorithm of the right kind',
      events: [forged({ verdict: 'alg_not_allowed', reason: 'RS512 not allowed for RSA key' })],
    },
  ],
});
