import { isForged } from '../forgery.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse, type TokenUse } from '../use.ts';
import { DistinctWindow, KeyedState } from '../window.ts';

/** Few, because each may keep twenty uses. */
const MOST_CLIENTS = 10_000;

/** A malformed token that was let in is none of ours, but good for something: no guess. */
const isGuess = (use: TokenUse): boolean =>
  isForged(use) || (use.verdict === 'malformed' && !isAccepted(use));

const guess = (at: number | null, members: ExampleEvent = {}): ExampleEvent => ({
  at,
  verdict: 'bad_signature',
  token_id: `guess ${at}`,
  status: 401,
  ...members,
});
/** So many guesses, one each second. */
const guesses = (number: number, members: ExampleEvent = {}): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) => guess(i, members));

export const tokenGuessing: Rule = defineRule({
  id: 'AL015',
  name: 'token-guessing',
  title: 'One address tries many bad tokens',
  level: 'high',
  attack: ['T1110'],
  condition:
    'Many different tokens with forged signatures, or malformed ones that were not let in, came from one address within a short time. One bad token that is sent again and again is one.',
  meaning:
    'A program tries tokens: with signatures by guessed secrets, with changed parts, or with rubbish to see what breaks.',
  action:
    'Block the address. Look whether anything from it was let in, and whether the secret can be guessed (AL018).',
  falsePositives: [
    'A key that signs and was not given to authlog, and many users behind one address.',
    'A load test that makes its tokens with a wrong key.',
    'Security tests of your own.',
  ],
  thresholds: {
    tokens: { value: 20, unit: 'count', means: 'different bad tokens from one address' },
    span: { value: 300, unit: 'seconds', means: 'the time in which they come' },
  },
  sigma: {
    detection: {
      forged: { verdict: 'bad_signature' },
      other: { reason: ['signature_empty', 'salt_length'] },
      malformed: { verdict: 'malformed' },
      answered: { 'status|gte': 200, 'status|lt': 300 },
      allowed: { status: null, event: 'access_allowed' },
      unknown: { ip: null },
      condition:
        '((forged and not other) or (malformed and not answered and not allowed)) and not unknown',
    },
    correlation: {
      type: 'value_count',
      groupBy: ['ip'],
      field: 'token_id',
      timespan: 'span',
      gte: 'tokens',
    },
  },
  verdicts: ['bad_signature', 'malformed'],
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
        const { ip, time } = use;
        if (!isTokenUse(use) || ip === null || Number.isNaN(time) || !isGuess(use)) return;
        const client = clients.at(ip, time);
        const uses = client.tokens.add(use.token.id, use);
        if (uses === null) return;
        const why = `${uses.length} different bad tokens or more within ${thresholds.span} s`;
        report({ subject: ip, level: 'high', uses: client.isTold ? [use] : uses, why });
        client.isTold = true;
      },
    };
  },
  hits: [
    { says: 'twenty within the span', events: guesses(20), level: 'high', count: 20 },
    { says: 'and on', events: guesses(22), count: 22 },
    { says: 'malformed', events: guesses(20, { verdict: 'malformed' }), level: 'high' },
    { says: 'both', events: [...guesses(10), ...guesses(20, { verdict: 'malformed' })] },
    {
      says: 'malformed, nobody knows the answer',
      events: guesses(20, { verdict: 'malformed', status: null }),
    },
    { says: 'at the last moment', events: [...guesses(19), guess(299)] },
    { says: 'let in', events: guesses(20, { status: 200 }), level: 'high' },
  ],
  misses: [
    { says: 'nineteen', events: guesses(19) },
    { says: 'the twentieth when the span is over', events: [...guesses(19), guess(300)] },
    { says: 'a load test with one bad token', events: guesses(300, { token_id: 'bad' }) },
    { says: 'expired', events: guesses(20, { verdict: 'expired' }) },
    { says: 'not signed', events: guesses(20, { reason: 'signature_empty' }) },
    { says: 'our key, another salt', events: guesses(20, { reason: 'salt_length' }) },
    {
      says: 'tokens of another kind that are let in',
      events: guesses(20, { verdict: 'malformed', status: 200 }),
    },
    {
      says: 'from an address each',
      events: guesses(20).map((event, i) => ({ ...event, ip: `192.0.2.${i}` })),
    },
    { says: 'no address', events: guesses(20, { ip: null }) },
    { says: 'no time', events: guesses(20, { at: null }) },
  ],
});
