import { isForged, isUnsigned, keyConfusionOf } from '../forgery.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse, type TokenUse } from '../use.ts';
import { DistinctWindow, KeyedState } from '../window.ts';

const MOST_CLIENTS = 20_000;

/** Tokens that end, and keys that change, do so for all users behind an address: not counted. */
const isMadeUp = (use: TokenUse): boolean =>
  isForged(use) ||
  isUnsigned(use) ||
  keyConfusionOf(use) !== null ||
  (use.verdict === 'malformed' && !isAccepted(use));

const sprayed = (at: number | null, members: ExampleEvent = {}): ExampleEvent => ({
  at,
  verdict: 'bad_signature',
  token_id: `token of ${at}`,
  user_id: `user ${at}`,
  status: 401,
  ...members,
});
/** In the name of so many users, one each second. */
const spray = (number: number, members: ExampleEvent = {}): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) => sprayed(i, members));

export const subjectSpray: Rule = defineRule({
  id: 'AL016',
  name: 'subject-spray',
  title: 'One address forges tokens of many users',
  level: 'high',
  attack: ['T1110.003'],
  condition:
    'Tokens in the names of many users came from one address within a short time, and all of them were made up: not signed, with forged signatures, a public key taken for a secret, or malformed and not let in. Expired tokens and unknown keys do not count: behind one address these happen to many users at once (AL007, AL019).',
  meaning: 'Somebody has a list of user ids and a way to make tokens, and tries for whom it works.',
  action:
    'Block the address. Look whether anything from it was let in, and where the list of user ids comes from.',
  falsePositives: [
    'A key that signs and was not given to authlog, and many users behind one address.',
    'A test system that sends made-up users here.',
    'Security tests of your own.',
  ],
  thresholds: {
    users: { value: 10, unit: 'count', means: 'users in whose names tokens come from one address' },
    span: { value: 600, unit: 'seconds', means: 'the time in which they come' },
  },
  sigma: {
    detection: {
      forged: { verdict: 'bad_signature' },
      salt: { reason: 'salt_length' },
      unsigned: { verdict: 'alg_none' },
      named: {
        verdict: 'alg_not_allowed',
        'reason|startswith': ['HS256 with ', 'HS384 with ', 'HS512 with '],
      },
      confused: { reason: 'public_key_as_secret' },
      malformed: { verdict: 'malformed' },
      answered: { 'status|gte': 200, 'status|lt': 300 },
      allowed: { status: null, event: 'access_allowed' },
      unknown: [{ ip: null }, { user_id: null }],
      condition:
        '((forged and not salt) or unsigned or named or confused or (malformed and not answered and not allowed)) and not unknown',
    },
    correlation: {
      type: 'value_count',
      groupBy: ['ip'],
      field: 'user_id',
      timespan: 'span',
      gte: 'users',
    },
  },
  verdicts: ['bad_signature', 'alg_none', 'alg_not_allowed', 'unknown_key', 'malformed'],
  start: ({ thresholds, report, bounded }) => {
    const span = thresholds.span * 1000;
    const clients = new KeyedState(
      span,
      MOST_CLIENTS,
      () => ({ users: new DistinctWindow(span, thresholds.users), isTold: false }),
      bounded,
    );
    return {
      see: (use) => {
        const { ip, time } = use;
        if (!isTokenUse(use) || ip === null || Number.isNaN(time) || !isMadeUp(use)) return;
        const { user, userId } = use.token;
        if (userId === null) return;
        const client = clients.at(ip, time);
        const uses = client.users.add(user, use);
        if (uses === null) return;
        const why = `made-up tokens in the names of ${uses.length} users or more within ${thresholds.span} s`;
        report({ subject: ip, level: 'high', uses: client.isTold ? [use] : uses, why });
        client.isTold = true;
      },
    };
  },
  hits: [
    { says: 'ten users within the span', events: spray(10), level: 'high', count: 10 },
    { says: 'and on', events: spray(12), count: 12 },
    { says: 'at the last moment', events: [...spray(9), sprayed(599)] },
    { says: 'not signed', events: spray(10, { verdict: 'alg_none' }) },
    { says: 'empty signatures', events: spray(10, { reason: 'signature_empty' }) },
    {
      says: 'a public key taken for a secret',
      events: spray(10, { verdict: 'unknown_key', reason: 'public_key_as_secret' }),
    },
    { says: 'malformed', events: spray(10, { verdict: 'malformed', reason: 'signature_base64' }) },
    {
      says: 'the number 1 and the text 1',
      events: [
        ...spray(8),
        sprayed(8, { user_id: '1' }),
        sprayed(9, { user_id: 1, user_id_type: 'number' }),
      ],
    },
  ],
  misses: [
    { says: 'nine', events: spray(9) },
    { says: 'the tenth when the span is over', events: [...spray(9), sprayed(600)] },
    { says: 'many tokens of one user', events: spray(30, { user_id: 'one' }) },
    { says: 'many expired ones behind one address', events: spray(30, { verdict: 'expired' }) },
    {
      says: 'a new key, and many users behind one address',
      events: spray(30, { verdict: 'unknown_key', reason: 'no key has this key id', kid: 'new' }),
    },
    {
      says: 'tokens of another kind that are let in',
      events: spray(10, { verdict: 'malformed', status: 200 }),
    },
    {
      says: 'algorithms of the right kind',
      events: spray(10, { verdict: 'alg_not_allowed', reason: 'RS512 not allowed for RSA key' }),
    },
    { says: 'of nobody', events: spray(10, { user_id: null, user_id_type: 'none' }) },
    {
      says: 'of users whose ids are no ids',
      events: spray(10, { user_id: null, user_id_type: 'non_string' }),
    },
    {
      says: 'from an address each',
      events: spray(10).map((event, i) => ({ ...event, ip: `192.0.2.${i}` })),
    },
    { says: 'no address', events: spray(10, { ip: null }) },
    { says: 'no time', events: spray(10).map((event) => ({ ...event, at: null })) },
  ],
});
