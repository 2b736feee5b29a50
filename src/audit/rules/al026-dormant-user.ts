import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type Use } from '../use.ts';

const MOST_USERS = 200_000;

/** When a user was last seen, and what came after a long pause. */
interface Activity {
  /** Milliseconds. */
  last: number;
  woken: Use[] | null;
}

const DAY = 86_400;
const PAUSE = 30 * DAY;
const REQUESTS = 50;
const HOUR = 3600;

const request = (at: number, members: ExampleEvent = {}): ExampleEvent => ({
  at,
  exp: null,
  ...members,
});
/** So many requests, the first and the last at these seconds. */
const requests = (
  number: number,
  first: number,
  last: number,
  members: ExampleEvent = {},
): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) => request(i === number - 1 ? last : first + i, members));

export const dormantUser: Rule = defineRule({
  id: 'AL026',
  name: 'dormant-user',
  title: 'Dormant user became active',
  level: 'low',
  attack: ['T1078'],
  condition:
    'A user of whom no valid token was seen for weeks, though one was seen before, makes many requests in the first hour of being back.',
  meaning:
    'The user was away, or somebody uses an account that nobody watches any more, such as that of a former colleague.',
  action:
    'Ask whether the account is still needed and who uses it; else close it and revoke its tokens.',
  falsePositives: [
    'Holidays and leave.',
    'Jobs that run once a month or more seldom.',
    'Logs with a hole in them.',
  ],
  thresholds: {
    idle: { value: PAUSE, unit: 'seconds', means: 'how long the user was not seen' },
    requests: { value: REQUESTS, unit: 'count', means: 'requests after that' },
    span: { value: HOUR, unit: 'seconds', means: 'the time in which they come' },
  },
  sigma: { none: 'needs to know when each user was last seen' },
  verdicts: ['valid'],
  start: ({ thresholds, report, bounded }) => {
    const idle = thresholds.idle * 1000;
    const span = thresholds.span * 1000;
    const users = new Map<string, Activity>();
    return {
      see: (use) => {
        const { time } = use;
        if (!isTokenUse(use) || use.token.userId === null || Number.isNaN(time)) return;
        const { user } = use.token;
        const activity = users.get(user);
        if (activity === undefined) {
          if (users.size === MOST_USERS) {
            bounded();
            return;
          }
          users.set(user, { last: time, woken: null });
          return;
        }
        const pause = time - activity.last;
        activity.last = time;
        if (pause >= idle) activity.woken = [];
        const { woken } = activity;
        if (woken === null) return;
        woken.push(use);
        if (time - woken[0]!.time >= span) activity.woken = null;
        else if (woken.length >= thresholds.requests) {
          activity.woken = null;
          const days = Math.floor(idle / 86_400_000);
          const why = `${woken.length} requests within ${thresholds.span} s by a user who was not seen for ${days} days or more`;
          report({ subject: user, level: 'low', uses: woken, why });
        }
      },
    };
  },
  hits: [
    {
      says: 'after a long pause',
      events: [request(0), ...requests(REQUESTS, PAUSE, PAUSE + 60)],
      level: 'low',
      count: REQUESTS,
    },
    {
      says: 'at the last moment, and no more of it',
      events: [
        request(0),
        ...requests(REQUESTS, PAUSE, PAUSE + HOUR - 1),
        ...requests(REQUESTS, PAUSE + HOUR, PAUSE + HOUR + 60),
      ],
      count: REQUESTS,
    },
    {
      says: 'quiet after one pause, active after the next',
      events: [
        request(0),
        ...requests(REQUESTS, PAUSE, PAUSE + HOUR),
        ...requests(REQUESTS, 3 * PAUSE, 3 * PAUSE + 60),
      ],
      count: REQUESTS,
    },
  ],
  misses: [
    { says: 'a shorter pause', events: [request(0), ...requests(REQUESTS, PAUSE - 1, PAUSE + 60)] },
    { says: 'few requests', events: [request(0), ...requests(REQUESTS - 1, PAUSE, PAUSE + 60)] },
    {
      says: 'when the hour is over',
      events: [request(0), ...requests(REQUESTS, PAUSE, PAUSE + HOUR)],
    },
    {
      says: 'when the hour is over, again and again',
      events: [
        request(0),
        request(PAUSE),
        ...requests(REQUESTS * 2, PAUSE + HOUR, PAUSE + HOUR + 120),
      ],
    },
    { says: 'seen for the first time', events: requests(REQUESTS, PAUSE, PAUSE + 60) },
    {
      says: 'another user',
      events: [request(0), ...requests(REQUESTS, PAUSE, PAUSE + 60, { user_id: 'other' })],
    },
    {
      says: 'seen between',
      events: [request(0), request(PAUSE / 2), ...requests(REQUESTS, PAUSE, PAUSE + 60)],
    },
    {
      says: 'nobody',
      events: [request(0), ...requests(REQUESTS, PAUSE, PAUSE + 60)].map((event) => ({
        ...event,
        user_id: null,
        user_id_type: 'none' as const,
      })),
    },
    {
      says: 'expired',
      events: [request(0), ...requests(REQUESTS, PAUSE, PAUSE + 60, { verdict: 'expired' })],
    },
    {
      says: 'no time',
      events: [request(0), ...requests(REQUESTS, 0, 0, { at: null })],
    },
  ],
});
