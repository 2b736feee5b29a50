import { answerOf, isRefused } from '../answer.ts';
import { isForged } from '../forgery.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse } from '../use.ts';
import { DistinctWindow, KeyedState } from '../window.ts';

const MOST_CLIENTS = 100_000;

const forged = (members: ExampleEvent): ExampleEvent => ({ verdict: 'bad_signature', ...members });

export const forgedSignature: Rule = defineRule({
  id: 'AL002',
  name: 'forged-signature',
  title: 'Signature that no key of ours made',
  level: 'medium',
  attack: ['T1606'],
  condition:
    'The signature is there, and no configured key made it, retired ones included. Critical where the answer was 2xx; low for a lone token that was refused; medium from several different tokens of one address on.',
  meaning:
    'Somebody changed a token or made one up, or a copy was damaged on its way. An answer of 2xx means that the server does not check signatures.',
  action:
    'After a 2xx mend the check first, then treat all that the address did as done by an intruder. Block an address that goes on trying.',
  falsePositives: [
    'A token that was cut or damaged when it was copied: it stays low.',
    'A key that signs and was not given to authlog: then most tokens are forged.',
    'Tokens of a test system sent to this one.',
  ],
  thresholds: {
    tokens: { value: 3, unit: 'count', means: 'different forged tokens from one address' },
    span: { value: 600, unit: 'seconds', means: 'the time in which they come' },
  },
  sigma: {
    detection: {
      bad: { verdict: 'bad_signature' },
      other: { reason: ['signature_empty', 'salt_length'] },
      condition: 'bad and not other',
    },
  },
  verdicts: ['bad_signature'],
  start: ({ thresholds, report, bounded }) => {
    const span = thresholds.span * 1000;
    const clients = new KeyedState(
      span,
      MOST_CLIENTS,
      () => ({ tokens: new DistinctWindow(span, thresholds.tokens), isTold: false }),
      bounded,
    );
    return {
      see: (use) => {
        if (!isTokenUse(use) || !isForged(use)) return;
        const subject = use.ip ?? use.token.user;
        const client = Number.isNaN(use.time) ? null : clients.at(subject, use.time);
        const tries = client?.tokens.add(use.token.id, use) ?? null;
        const lone = `a token with a forged signature ${answerOf(use)}`;
        if (isAccepted(use)) {
          report({ subject, level: 'critical', uses: [use], why: lone });
        } else if (client !== null && tries !== null) {
          const why = `${tries.length} different tokens with forged signatures within ${thresholds.span} s`;
          report({ subject, level: 'medium', uses: client.isTold ? [use] : tries, why });
          client.isTold = true;
        } else if (isRefused(use)) {
          report({ subject: 'lone tokens', level: 'low', uses: [use], why: lone });
        } else {
          report({ subject, level: 'medium', uses: [use], why: lone });
        }
      },
    };
  },
  hits: [
    { says: 'refused, alone', events: [forged({ status: 401 })], level: 'low', count: 1 },
    { says: 'nobody knows the answer', events: [forged({ status: null })], level: 'medium' },
    { says: 'the server failed', events: [forged({ status: 500 })], level: 'medium' },
    { says: 'accepted', events: [forged({})], level: 'critical' },
    {
      says: 'recorded as allowed',
      events: [forged({ status: null, event: 'access_allowed' })],
      level: 'critical',
    },
    {
      says: 'recorded as denied',
      events: [forged({ status: null, event: 'access_denied' })],
      level: 'low',
    },
    {
      says: 'three within the span',
      events: [0, 300, 599].map((at, i) => forged({ at, status: 401, token_id: `t${i}` })),
      level: 'medium',
      count: 2 + 3,
    },
    {
      says: 'and a fourth',
      events: [0, 1, 2, 3].map((at) => forged({ at, status: 401, token_id: `t${at}` })),
      level: 'medium',
      count: 2 + 3 + 1,
    },
    {
      says: 'the third comes when the span is over',
      events: [0, 300, 600].map((at, i) => forged({ at, status: 401, token_id: `t${i}` })),
      level: 'low',
    },
    {
      says: 'one token again and again',
      events: [0, 1, 2, 3].map((at) => forged({ at, status: 401 })),
      level: 'low',
      count: 4,
    },
    {
      says: 'from an address each',
      events: ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((ip) =>
        forged({ ip, status: 401, token_id: `from ${ip}` }),
      ),
      level: 'low',
    },
    {
      says: 'no time',
      events: ['a', 'b', 'c'].map((id) => forged({ at: null, status: 401, token_id: id })),
      level: 'low',
    },
  ],
  misses: [
    { says: 'signed', events: [{}] },
    { says: 'no signature', events: [forged({ reason: 'signature_empty' })] },
    { says: 'our key, another salt', events: [forged({ reason: 'salt_length' })] },
    { says: 'unknown key', events: [{ verdict: 'unknown_key', reason: 'no key has this key id' }] },
    { says: 'masked', events: [{ verdict: 'masked', reason: 'signature_removed' }] },
  ],
});
