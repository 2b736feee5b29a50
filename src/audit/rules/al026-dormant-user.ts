import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type Use } from '../use.ts';

const MOST_USERS = 200_000;

/** When users were last seen, milliseconds: a number for each, beside each other, because they are many. */
class LastTimes {
  readonly #places = new Map<string, number>();
  #times = new Float64Array(1024);
  readonly #most: number;
  readonly #onBound: () => void;

  /** Where there are `most`, new users are left out, of which `onBound` is told. */
  constructor(most: number, onBound: () => void) {
    this.#most = most;
    this.#onBound = onBound;
  }

  /** Notes when a user was seen; when it was seen before, NaN for never. */
  see(user: string, time: number): number {
    const place = this.#places.get(user);
    if (place === undefined) {
      this.#add(user, time);
      return Number.NaN;
    }
    const last = this.#times[place]!;
    this.#times[place] = time;
    return last;
  }

  #add(user: string, time: number): void {
    const place = this.#places.size;
    if (place === this.#most) {
      this.#onBound();
      return;
    }
    if (place === this.#times.length) {
      const wider = new Float64Array(place * 2);
      wider.set(this.#times);
      this.#times = wider;
    }
    this.#places.set(user, place);
    this.#times[place] = time;
  }
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
    const lastTimes = new LastTimes(MOST_USERS, bounded);
    /** What came after a long pause. */
    const woken = new Map<string, Use[]>();
    return {
      see: (use) => {
        const { time } = use;
        if (!isTokenUse(use) || use.token.userId === null || Number.isNaN(time)) return;
        const { user } = use.token;
        const last = lastTimes.see(user, time);
        if (time - last >= idle) woken.set(user, []);
        const woke = woken.size === 0 ? undefined : woken.get(user);
        if (woke === undefined) return;
        woke.push(use);
        if (time - woke[0]!.time >= span) woken.delete(user);
        else if (woke.length >= thresholds.requests) {
          woken.delete(user);
          const days = Math.floor(idle / 86_400_000);
          const why = `${woke.length} requests within ${thresholds.span} s by a user who was not seen for ${days} days or more`;
          report({ subject: user, level: 'low', uses: woke, why });
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
