import { answerOf } from '../answer.ts';
import type { AuditContext } from '../context.ts';
import { defineRule, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse, type TokenUse } from '../use.ts';

/** What of the token is not ours, as words; null where all is. */
const foreignIn = (
  { verdict, token: { iss, aud } }: TokenUse,
  { issuers, audiences }: Pick<AuditContext, 'issuers' | 'audiences'>,
): string | null => {
  const isOurIssuer = issuers === null || (iss !== null && issuers.includes(iss));
  if (verdict === 'wrong_issuer' || !isOurIssuer) return `by ${iss ?? 'an unnamed issuer'}`;
  const isOurAudience = audiences === null || aud.some((name) => audiences.includes(name));
  if (verdict !== 'wrong_audience' && isOurAudience) return null;
  return `for ${aud.length === 0 ? 'nobody' : aud.join(', ')}`;
};

const context = { issuers: ['us'], audiences: ['shop', 'api'] };
const ours = { iss: 'us', aud: 'api' } as const;

export const foreignIssuer: Rule = defineRule({
  id: 'AL020',
  name: 'foreign-issuer',
  title: 'Good token that is not for us',
  level: 'medium',
  attack: ['T1550.001'],
  condition:
    'The signature verified, and iss or aud is not ours: by the policy that judged the token, or by the configured lists. High where the answer was 2xx.',
  meaning:
    'A token that was made for another service is tried here. If it is taken, whoever runs that service, or anybody with a token for it, can act as its user here (RFC 8725 sections 3.8 and 3.9).',
  action:
    'After a 2xx make the server check iss and aud. Else ask which client mixes the services up.',
  falsePositives: [
    'A log of several services that is judged by the audience of one.',
    'An issuer or audience that was added, and not to the list.',
    'A client with a wrong setting.',
  ],
  thresholds: {},
  sigma: {
    detection: {
      foreign: { verdict: ['wrong_issuer', 'wrong_audience'] },
      condition: 'foreign',
    },
  },
  verdicts: ['valid', 'expired', 'not_yet_valid', 'wrong_issuer', 'wrong_audience'],
  start: ({ context: { issuers, audiences }, report }) => ({
    concerns: (use) => foreignIn(use, { issuers, audiences }) !== null,
    see: (use) => {
      if (!isTokenUse(use)) return;
      const foreign = foreignIn(use, { issuers, audiences });
      if (foreign === null) return;
      const { user, iss } = use.token;
      report({
        subject: `${user}\0${iss ?? ''}`,
        level: isAccepted(use) ? 'high' : 'medium',
        uses: [use],
        why: `a token ${foreign} ${answerOf(use)}`,
      });
    },
  }),
  hits: [
    {
      says: 'issued by others',
      events: [{ verdict: 'wrong_issuer', iss: 'them', status: 401 }],
      level: 'medium',
    },
    {
      says: 'issued by others, no answer',
      events: [{ verdict: 'wrong_issuer', status: null }],
      level: 'medium',
    },
    {
      says: 'issued for others, accepted',
      events: [{ verdict: 'wrong_audience', iss: 'us', aud: 'them' }],
      level: 'high',
    },
    { says: 'issued for nobody', events: [{ verdict: 'wrong_audience' }], level: 'high' },
    {
      says: 'an issuer that is not on the list',
      events: [{ ...ours, iss: 'them', status: 403 }],
      context,
      level: 'medium',
    },
    { says: 'no issuer', events: [{ ...ours, iss: null }], context, level: 'high' },
    { says: 'an audience that is not on the list', events: [{ ...ours, aud: ['them'] }], context },
    { says: 'no audience', events: [{ ...ours, aud: null }], context },
    { says: 'expired', events: [{ ...ours, iss: 'them', verdict: 'expired' }], context },
    { says: 'no time', events: [{ verdict: 'wrong_issuer', at: null }], level: 'high' },
  ],
  misses: [
    { says: 'ours', events: [ours], context },
    { says: 'ours among others', events: [{ ...ours, aud: ['them', 'shop'] }], context },
    { says: 'expired', events: [{ ...ours, verdict: 'expired' }], context },
    { says: 'forged', events: [{ ...ours, iss: 'them', verdict: 'bad_signature' }], context },
    { says: 'nobody knows who is ours', events: [{ iss: 'them', aud: 'them' }] },
  ],
});
