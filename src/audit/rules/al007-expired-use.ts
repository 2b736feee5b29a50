import { answerOf } from '../answer.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse, type Use } from '../use.ts';
import { CountWindow, KeyedState } from '../window.ts';

const TOLERANCE = 60;
const MOST_TOKENS = 50_000;

/** Somebody who goes on with an expired token. */
interface Persistence {
  readonly tries: CountWindow;
  /** Time of the last one that counted. */
  last: number;
  isTold: boolean;
}

/** Expired at example second 3600. */
const expired = (members: ExampleEvent): ExampleEvent => ({
  verdict: 'expired',
  status: 401,
  ...members,
});
const tries = (first: number, pause: number, number: number): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) => expired({ at: first + i * pause }));

export const expiredUse: Rule = defineRule({
  id: 'AL007',
  name: 'expired-use',
  title: 'Token used after its end',
  level: 'low',
  attack: ['T1550.001'],
  condition:
    'A verified token was used after its exp, by more than clocks and answers under way explain. Low where it was refused, medium where it is long expired and somebody keeps trying, high where the answer was 2xx.',
  meaning:
    'Refused: a client that has not renewed its token yet, which is ordinary. One that keeps trying is broken, or somebody has a token and nothing to renew it with. An answer of 2xx means that the server does not look at exp: stolen tokens are good for ever.',
  action:
    "After a 2xx mend the check of exp. Where somebody keeps trying, ask whether the address is the user's.",
  falsePositives: [
    'A client that was asleep, or does not renew its token.',
    'A server whose leeway is longer than the tolerance here.',
    'A log that tells when an answer was finished: long downloads.',
  ],
  thresholds: {
    tolerance: { value: TOLERANCE, unit: 'seconds', means: 'the least time after exp' },
    stale: { value: 900, unit: 'seconds', means: 'the time after exp in which clients find out' },
    tries: { value: 5, unit: 'count', means: 'tries of one stale token' },
    pause: { value: 10, unit: 'seconds', means: 'the least time between tries that count' },
    span: { value: 600, unit: 'seconds', means: 'the time in which the tries come' },
  },
  sigma: {
    detection: {
      expired: { verdict: 'expired', 'expired_by_s|gte': TOLERANCE },
      condition: 'expired',
    },
  },
  verdicts: ['expired'],
  start: ({ thresholds, report, bounded }) => {
    const { tolerance, stale, pause } = thresholds;
    const span = thresholds.span * 1000;
    const newPersistence = (): Persistence => ({
      tries: new CountWindow(span, thresholds.tries),
      last: Number.NEGATIVE_INFINITY,
      isTold: false,
    });
    const tokens = new KeyedState(span, MOST_TOKENS, newPersistence, bounded);

    /** The uses that show that somebody keeps trying, null where they do not. */
    const persistent = (id: string, use: Use): readonly Use[] | null => {
      const state = tokens.at(id, use.time);
      // A page sends many requests at once before it learns from the first answer.
      if (use.time - state.last < pause * 1000) return null;
      state.last = use.time;
      const uses = state.tries.add(use);
      if (uses === null) return null;
      const proof = state.isTold ? [use] : uses;
      state.isTold = true;
      return proof;
    };

    return {
      see: (use) => {
        if (!isTokenUse(use)) return;
        const { id, user, exp } = use.token;
        const overdue = use.time / 1000 - exp;
        if (!(overdue >= tolerance)) return;
        const subject = user === 'none' ? id : user;
        const lone = `a token ${answerOf(use)} ${Math.round(overdue)} s after its end`;
        if (isAccepted(use)) {
          report({ subject, level: 'high', uses: [use], why: lone });
          return;
        }
        const uses = overdue >= stale ? persistent(id, use) : null;
        if (uses === null) {
          report({ subject: 'refused once', level: 'low', uses: [use], why: lone });
        } else {
          const why = `${thresholds.tries} tries or more within ${thresholds.span} s with a token that ended ${Math.round(overdue)} s ago`;
          report({ subject, level: 'medium', uses, why });
        }
      },
    };
  },
  hits: [
    { says: 'refused', events: [expired({ at: 3660 })], level: 'low', count: 1 },
    { says: 'accepted', events: [expired({ at: 3660, status: 200 })], level: 'high' },
    {
      says: 'accepted, of nobody',
      events: [expired({ at: 3660, status: 200, user_id: null, user_id_type: 'none' })],
      level: 'high',
    },
    { says: 'no answer', events: [expired({ at: 9000, status: null })], level: 'low' },
    { says: 'stale and tried again', events: tries(4500, 10, 5), level: 'medium', count: 4 + 5 },
    {
      says: 'tried on and on',
      events: tries(4500, 10, 7),
      level: 'medium',
      count: 4 + 5 + 2,
    },
    {
      says: 'tried until the span ends',
      events: [...tries(4500, 100, 4), expired({ at: 5099 })],
      level: 'medium',
    },
    {
      says: 'tried when the span is over',
      events: [...tries(4500, 100, 4), expired({ at: 5100 })],
      level: 'low',
    },
    { says: 'tried again before it is stale', events: tries(4499, 10, 5), level: 'low' },
    { says: 'all requests of a page', events: tries(9000, 0, 20), level: 'low' },
    { says: 'tries too close together', events: tries(9000, 9, 6), level: 'low' },
    {
      says: 'another token each',
      events: tries(9000, 10, 5).map((event, i) => ({ ...event, token_id: `t${i}` })),
      level: 'low',
    },
  ],
  misses: [
    { says: 'within the tolerance', events: [expired({ at: 3659, status: 200 })] },
    { says: 'used in time', events: [{ at: 3599 }] },
    { says: 'judged by a later clock, used in time', events: [expired({ at: 100 })] },
    { says: 'no time', events: [expired({ at: null, status: 200 })] },
  ],
});
