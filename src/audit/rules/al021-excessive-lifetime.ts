import type { TokenFacts } from '../../event/facts.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { Seen } from '../seen.ts';
import { isTokenUse } from '../use.ts';

const DAY = 86_400;
const QUARTER = 90 * DAY;
const YEAR = 365 * DAY;

/** Types of tokens that are only traded for others. */
const isRefresh = ({ typ }: TokenFacts): boolean => typ !== null && /refresh|rt\+jwt/i.test(typ);

/** Issued when the examples begin. */
const ISSUED = Date.UTC(2026, 10, 2, 12) / 1000;
const lasting = (seconds: number, members: ExampleEvent = {}): ExampleEvent => ({
  iat: ISSUED,
  exp: ISSUED + seconds,
  lifetime_s: seconds,
  ...members,
});
const refresh = (seconds: number, typ = 'refresh+jwt'): ExampleEvent => lasting(seconds, { typ });
const endless: ExampleEvent = { exp: null, lifetime_s: null };

export const excessiveLifetime: Rule = defineRule({
  id: 'AL021',
  name: 'excessive-lifetime',
  title: 'Tokens that last too long',
  level: 'low',
  attack: ['T1098.001'],
  condition:
    'A verified token has no exp, or from iat to exp it lasts longer than the policy for its kind; one whose typ names it a refresh token may last longer. Medium where it lasts more than a year. One finding for each issuer, and each token counts once.',
  meaning:
    'Who steals such a token can use it for that long, and a user who was dismissed keeps access (RFC 6750 section 5.3).',
  action:
    'Let the issuer set exp, minutes to hours ahead, and renew by refresh tokens. Revoke tokens that never end.',
  falsePositives: [
    'Tokens of machines that are meant to last: raise the policy, or suppress the finding of their issuer.',
    'Refresh tokens that do not say so in typ.',
  ],
  thresholds: {
    access: { value: DAY, unit: 'seconds', means: 'how long an access token may last' },
    refresh: { value: QUARTER, unit: 'seconds', means: 'how long a refresh token may last' },
    year: { value: YEAR, unit: 'seconds', means: 'a lifetime beyond which it is medium' },
  },
  sigma: {
    detection: {
      verified: {
        verdict: ['valid', 'expired', 'not_yet_valid', 'wrong_issuer', 'wrong_audience'],
      },
      endless: { exp: null },
      long: { 'lifetime_s|gt': DAY },
      refresh: { 'typ|contains': ['refresh', 'rt+jwt'] },
      longer: { 'lifetime_s|gt': QUARTER },
      condition: 'verified and (endless or (long and not refresh) or (refresh and longer))',
    },
  },
  verdicts: ['valid', 'expired', 'not_yet_valid', 'wrong_issuer', 'wrong_audience'],
  needs: 'news',
  start: ({ thresholds, report }) => {
    const least = Math.min(thresholds.access, thresholds.refresh);
    // Most logs have no such token, and need no memory for them.
    let told: Seen | null = null;
    return {
      see: (use) => {
        if (!isTokenUse(use)) return;
        const { hash, iss, iat, exp } = use.token;
        const lifetime = exp - iat;
        const isEndless = Number.isNaN(exp);
        if (!isEndless && !(lifetime > least)) return;
        const most = isRefresh(use.token) ? thresholds.refresh : thresholds.access;
        if (!isEndless && !(lifetime > most)) return;
        told ??= new Seen();
        if (!told.add(hash)) return;
        report({
          subject: `${isEndless ? 'endless' : 'long'} ${iss ?? ''}`,
          level: lifetime > thresholds.year ? 'medium' : 'low',
          uses: [use],
          why: isEndless
            ? 'a token has no exp: it never ends'
            : `a token lasts ${Math.round(lifetime)} s; the policy is ${most} s`,
        });
      },
    };
  },
  hits: [
    { says: 'without end', events: [endless], level: 'low', count: 1 },
    { says: 'a second longer than a day', events: [lasting(DAY + 1)], level: 'low', count: 1 },
    { says: 'a refresh token', events: [refresh(QUARTER + 1)], level: 'low' },
    { says: 'a refresh token by another name', events: [refresh(QUARTER + 1, 'RT+JWT')] },
    { says: 'a year', events: [lasting(YEAR)], level: 'low' },
    { says: 'more than a year', events: [lasting(YEAR + 1)], level: 'medium' },
    {
      says: 'each token once',
      events: [
        lasting(2 * DAY),
        lasting(2 * DAY, { at: 9 }),
        lasting(2 * DAY, { token_id: 'another' }),
      ],
      count: 2,
    },
    {
      says: 'expired, and without a time',
      events: [lasting(2 * DAY, { verdict: 'expired', at: null })],
    },
  ],
  misses: [
    { says: 'a day', events: [lasting(DAY)] },
    { says: 'a refresh token of 90 days', events: [refresh(QUARTER), refresh(QUARTER, 'rt+jwt')] },
    { says: 'nobody knows since when', events: [{ iat: null, lifetime_s: null }] },
    { says: 'forged', events: [{ ...endless, verdict: 'bad_signature' }] },
    { says: 'not verified', events: [lasting(YEAR + 1, { verdict: 'unverified' })] },
    { says: 'no token', events: [{ verdict: null }] },
  ],
});
