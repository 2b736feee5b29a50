import { answerOf } from '../answer.ts';
import { keyConfusionOf } from '../forgery.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse } from '../use.ts';

const named = (members: ExampleEvent): ExampleEvent => ({
  verdict: 'alg_not_allowed',
  reason: 'HS256 with RSA key',
  alg: 'HS256',
  status: 401,
  ...members,
});

export const algConfusion: Rule = defineRule({
  id: 'AL004',
  name: 'alg-confusion',
  title: 'Public key taken for a secret',
  level: 'high',
  attack: ['T1606', 'T1212'],
  condition:
    'The header names an HMAC algorithm where all keys are public ones. Critical where the signature was made with the bytes of one of our public keys, or where the answer was 2xx.',
  meaning:
    'Somebody tries whether the server takes its own public key, which all may know, for a shared secret (RFC 8725 section 2.1). Then anybody can be anyone.',
  action:
    'Bind each key to its algorithms in the server. After a 2xx treat all that the address did as done by an intruder.',
  falsePositives: [
    'Security tests of your own.',
    'A system that really signs with a shared secret which was not given to authlog.',
  ],
  thresholds: {},
  sigma: {
    detection: {
      named: {
        verdict: 'alg_not_allowed',
        'reason|startswith': ['HS256 with ', 'HS384 with ', 'HS512 with '],
      },
      signed: { reason: 'public_key_as_secret' },
      condition: 'named or signed',
    },
  },
  verdicts: ['alg_not_allowed', 'unknown_key', 'bad_signature'],
  start: ({ report }) => ({
    see: (use) => {
      if (!isTokenUse(use)) return;
      const confusion = keyConfusionOf(use);
      if (confusion === null) return;
      const { token } = use;
      const how =
        confusion === 'signed'
          ? 'signed with the bytes of a public key'
          : `that names ${token.alg ?? 'HMAC'} where keys are public`;
      report({
        subject: use.ip ?? token.user,
        level: confusion === 'signed' || isAccepted(use) ? 'critical' : 'high',
        uses: [use],
        why: `a token ${how} ${answerOf(use)}`,
      });
    },
  }),
  hits: [
    { says: 'an HMAC algorithm where keys are public', events: [named({})], level: 'high' },
    { says: 'accepted', events: [named({ status: 204 })], level: 'critical' },
    {
      says: 'signed with the public key',
      events: [named({ reason: 'public_key_as_secret' })],
      level: 'critical',
    },
    {
      says: 'signed with the public key under an unknown key id',
      events: [named({ verdict: 'unknown_key', reason: 'public_key_as_secret' })],
      level: 'critical',
    },
    {
      says: 'several kinds of public keys',
      events: [named({ reason: 'HS512 with EC and RSA keys' })],
    },
  ],
  misses: [
    {
      says: 'a secret that is not for this algorithm',
      events: [named({ reason: 'HS256 not allowed for oct key' })],
    },
    {
      says: 'the other way round',
      events: [named({ alg: 'RS256', reason: 'RS256 with oct key' })],
    },
    { says: 'unknown algorithm', events: [named({ reason: 'unknown algorithm' })] },
    {
      says: 'unknown key',
      events: [named({ verdict: 'unknown_key', reason: 'no key has this key id' })],
    },
    { says: 'forged', events: [named({ verdict: 'bad_signature', reason: null })] },
    {
      says: 'text that only looks like it',
      events: [named({ verdict: 'unknown_key', reason: 'HS256 with RSA key' })],
    },
  ],
});
