import { answerOf } from '../answer.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse } from '../use.ts';

const DAY = 86_400;
const WEEK = 7 * DAY;

/** A token that ended at example second 3600. */
const stale = (members: ExampleEvent): ExampleEvent => ({
  verdict: 'expired',
  at: 3600 + WEEK,
  status: 401,
  ...members,
});

export const staleExpired: Rule = defineRule({
  id: 'AL008',
  name: 'stale-expired',
  title: 'Token used long after its end',
  level: 'medium',
  attack: ['T1550.001', 'T1528'],
  condition: 'A verified token was used days after its exp. High where the answer was 2xx.',
  meaning:
    'No client forgets to renew a token for that long. Such tokens come from old logs, backups, bug reports or scripts: somebody found one and tries it.',
  action:
    'Find out where the token lay, and what else lies there. After a 2xx mend the check of exp.',
  falsePositives: ['A forgotten script or device that was never given a new token.'],
  thresholds: { overdue: { value: WEEK, unit: 'seconds', means: 'the time after exp' } },
  sigma: {
    detection: {
      stale: { verdict: 'expired', 'expired_by_s|gte': WEEK },
      condition: 'stale',
    },
  },
  verdicts: ['expired'],
  start: ({ thresholds, report }) => ({
    see: (use) => {
      if (!isTokenUse(use)) return;
      const { id, user, exp } = use.token;
      const overdue = use.time / 1000 - exp;
      if (!(overdue >= thresholds.overdue)) return;
      report({
        subject: user === 'none' ? id : user,
        level: isAccepted(use) ? 'high' : 'medium',
        uses: [use],
        why: `a token ${answerOf(use)} ${Math.floor(overdue / DAY)} days after its end`,
      });
    },
  }),
  hits: [
    { says: 'a week later', events: [stale({})], level: 'medium' },
    { says: 'no answer', events: [stale({ status: null })], level: 'medium' },
    { says: 'accepted', events: [stale({ status: 200 })], level: 'high' },
    { says: 'of nobody', events: [stale({ user_id: null, user_id_type: 'none' })] },
  ],
  misses: [
    { says: 'a second less', events: [stale({ at: 3599 + WEEK, status: 200 })] },
    { says: 'good for long', events: [stale({ verdict: 'valid', exp: 9e9 })] },
    { says: 'judged by a later clock, used in time', events: [stale({ at: 100 })] },
    { says: 'no time', events: [stale({ at: null })] },
  ],
});
