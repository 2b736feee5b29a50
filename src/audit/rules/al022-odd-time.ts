import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type TokenUse } from '../use.ts';

/** Dates from 1973 to 5138 in milliseconds, which as seconds are thousands of years away. */
const MILLISECONDS_FROM = 1e11;
const MILLISECONDS_TO = 1e14;

interface Oddity {
  readonly kind: string;
  readonly why: string;
}

const oddityOf = ({ time, token }: TokenUse, ahead: number): Oddity | null => {
  const { iat, nbf, exp } = token;
  if (exp >= MILLISECONDS_FROM && exp < MILLISECONDS_TO) {
    return { kind: 'milliseconds', why: 'exp counts milliseconds: the token lasts for ever' };
  }
  if (exp < iat) {
    return { kind: 'order', why: `exp is ${Math.round(iat - exp)} s before iat` };
  }
  const now = time / 1000;
  if (iat - now > ahead) {
    return { kind: 'iat', why: `a token was used ${Math.round(iat - now)} s before its iat` };
  }
  if (nbf - now > ahead) {
    return { kind: 'nbf', why: `a token was used ${Math.round(nbf - now)} s before its nbf` };
  }
  return null;
};

/** When the examples begin. */
const START = Date.UTC(2026, 10, 2, 12) / 1000;
const issued = (seconds: number, members: ExampleEvent = {}): ExampleEvent => ({
  iat: START + seconds,
  exp: START + 9000,
  ...members,
});

export const oddTime: Rule = defineRule({
  id: 'AL022',
  name: 'odd-time',
  title: 'Tokens with impossible times',
  level: 'low',
  attack: ['T1606'],
  condition:
    'A verified token was used before its iat or nbf by more than clocks differ, or its exp is before its iat, or counts milliseconds. One finding for each issuer and kind.',
  meaning:
    'Issuers do not make such tokens. Somebody who has the key may have made them by hand; more often a clock is wrong, or an issuer has a fault that makes its tokens last for ever.',
  action:
    'Compare the clocks of issuer and server. Mend an issuer that counts milliseconds. Where neither explains it, find out who can sign.',
  falsePositives: [
    'Clocks that differ.',
    'Lines in local time without its zone: say which one with --tz.',
    'Clients that fetch a token for later.',
  ],
  thresholds: {
    ahead: { value: 300, unit: 'seconds', means: 'how far clocks may differ' },
  },
  sigma: { none: 'compares iat and nbf with the time of the event' },
  verdicts: ['valid', 'expired', 'not_yet_valid', 'wrong_issuer', 'wrong_audience'],
  start: ({ thresholds, report }) => ({
    see: (use) => {
      if (!isTokenUse(use)) return;
      const oddity = oddityOf(use, thresholds.ahead);
      if (oddity === null) return;
      const { kind, why } = oddity;
      report({ subject: `${kind} ${use.token.iss ?? ''}`, level: 'low', uses: [use], why });
    },
  }),
  hits: [
    { says: 'issued in the future', events: [issued(301)], level: 'low', count: 1 },
    {
      says: 'not yet valid for long',
      events: [issued(0, { nbf: START + 301, verdict: 'not_yet_valid', status: 401 })],
      level: 'low',
    },
    { says: 'ends before it begins', events: [issued(0, { exp: START - 1 })], level: 'low' },
    { says: 'exp in milliseconds', events: [issued(0, { exp: START * 1000 })], level: 'low' },
    { says: 'the least number of milliseconds', events: [issued(0, { exp: 1e11 })] },
    {
      says: 'ends before it begins, at no known time',
      events: [issued(0, { exp: START - 1, at: null })],
    },
  ],
  misses: [
    { says: 'clocks that differ a little', events: [issued(300), issued(0, { nbf: START + 300 })] },
    { says: 'ends as it begins', events: [issued(0, { exp: START })] },
    { says: 'the last second of the year 3000', events: [issued(0, { exp: 32_503_679_999 })] },
    { says: 'a number too large for a date', events: [issued(0, { exp: '1e14' })] },
    { says: 'no dates', events: [{ iat: null, nbf: null, exp: null }] },
    { says: 'no time', events: [issued(301, { at: null, nbf: START + 301 })] },
    { says: 'forged', events: [issued(301, { verdict: 'bad_signature' })] },
    { says: 'no token', events: [{ verdict: null }] },
  ],
});
