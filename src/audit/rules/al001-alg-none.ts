import { defineRule, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse } from '../use.ts';

export const algNone: Rule = defineRule({
  id: 'AL001',
  name: 'alg-none',
  title: 'Token asks for no signature',
  level: 'high',
  attack: ['T1606', 'T1190'],
  condition:
    'The header says alg none in any spelling, or the signature is empty. Critical where the answer was 2xx.',
  meaning:
    'Somebody tries whether the server takes tokens without a signature (RFC 8725 section 2.1). An answer of 2xx means that it does: anybody can be anyone.',
  action:
    'Pin the accepted algorithms in the server. After a 2xx treat all that the address did as done by an intruder.',
  falsePositives: ['Security tests of your own.', 'Test systems that sign nothing.'],
  thresholds: {},
  sigma: {
    detection: {
      none: { verdict: 'alg_none' },
      empty: { reason: 'signature_empty' },
      condition: 'none or empty',
    },
  },
  verdicts: ['alg_none', 'bad_signature'],
  start: ({ report }) => ({
    see: (use) => {
      if (!isTokenUse(use)) return;
      if (use.verdict !== 'alg_none' && use.reason !== 'signature_empty') return;
      const level = isAccepted(use) ? 'critical' : 'high';
      const what = use.verdict === 'alg_none' ? `alg ${use.token.alg ?? ''}` : 'an empty signature';
      const answer = use.status === 0 ? '' : ` was answered with ${use.status}`;
      report({
        subject: use.ip ?? use.token.user,
        level,
        uses: [use],
        why: `a token with ${what}${answer}`,
      });
    },
  }),
  hits: [
    { says: 'none', events: [{ verdict: 'alg_none', alg: 'none', status: 401 }], level: 'high' },
    { says: 'accepted', events: [{ verdict: 'alg_none', alg: 'nOnE' }], level: 'critical' },
    {
      says: 'no signature under an honest name',
      events: [{ verdict: 'bad_signature', reason: 'signature_empty', status: 403 }],
      level: 'high',
    },
  ],
  misses: [
    { says: 'signed', events: [{}] },
    { says: 'another signature', events: [{ verdict: 'bad_signature', reason: null }] },
  ],
});
