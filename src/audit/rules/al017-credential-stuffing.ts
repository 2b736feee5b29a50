import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isVerified, type Use } from '../use.ts';
import { CountWindow, DistinctWindow, KeyedState } from '../window.ts';

/** Few, because each may keep ten uses. */
const MOST_USERS = 20_000;

/** Failed logins of one user. */
interface Siege {
  readonly failures: CountWindow;
  readonly addresses: DistinctWindow;
  /** What proved it last; empty: nothing did. */
  proof: readonly Use[];
  /** Time of the last failure since then. */
  last: number;
}

const tried = (event: string, at: number | null, members: ExampleEvent = {}): ExampleEvent => ({
  at,
  event,
  verdict: null,
  user_id: 'ada',
  user_id_type: 'string',
  ...members,
});
const failed = (at: number | null, members: ExampleEvent = {}): ExampleEvent =>
  tried('login_failed', at, { status: 401, ...members });
/** So many failures, one each second, by turns from so many addresses. */
const siege = (
  number: number,
  addresses = 3,
  members: ExampleEvent = {},
): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) =>
    failed(i, { ip: `192.0.2.${i % addresses}`, ...members }),
  );
const succeeded = (at: number | null, members: ExampleEvent = {}): ExampleEvent =>
  tried('login_succeeded', at, members);
const nobody = { user_id: null, user_id_type: 'none' } as const;

export const credentialStuffing: Rule = defineRule({
  id: 'AL017',
  name: 'credential-stuffing',
  title: 'Many addresses try passwords of one user',
  level: 'medium',
  attack: ['T1110.004', 'T1110.001'],
  condition:
    'Many events login_failed of one user came from several addresses within a short time. Critical where an event login_succeeded of that user follows soon after one of them. Failures whose address nobody knows do not count.',
  meaning:
    'Somebody tries passwords, from a list of stolen ones or guessed, and changes addresses so as not to be blocked. A login that succeeds right after may be theirs.',
  action:
    'Ask the user about the login that succeeded. If it was not theirs, end all sessions and change the password. Ask for a second factor.',
  falsePositives: [
    'Devices of one user in several networks that have an old password, and the user who logs in with the new one.',
    'A proxy that is not named as trusted: its addresses are not those of the clients.',
  ],
  thresholds: {
    failures: { value: 10, unit: 'count', means: 'failed logins of one user' },
    addresses: { value: 3, unit: 'count', means: 'addresses that they come from' },
    span: { value: 300, unit: 'seconds', means: 'the time in which they come, and after them' },
  },
  sigma: { none: 'counts events and addresses at once, and then waits for a success' },
  verdicts: null,
  needs: 'events',
  events: ['login_failed', 'login_succeeded'],
  start: ({ thresholds, report, bounded }) => {
    const span = thresholds.span * 1000;
    const newSiege = (): Siege => ({
      failures: new CountWindow(span, thresholds.failures),
      addresses: new DistinctWindow(span, thresholds.addresses),
      proof: [],
      last: Number.NaN,
    });
    const users = new KeyedState(span, MOST_USERS, newSiege, bounded);

    const fail = (use: Use, ip: string): void => {
      const state = users.at(use.user, use.time);
      const failures = state.failures.add(use);
      const addresses = state.addresses.add(ip, use);
      if (failures === null || addresses === null) return;
      const isTold = use.time - state.last < span;
      state.last = use.time;
      const proof = [...new Set([...addresses, ...failures])].toSorted((a, b) => a.time - b.time);
      state.proof = proof;
      const why = `${thresholds.failures} failed logins or more of ${nameOf(use)}, from ${thresholds.addresses} addresses or more, within ${thresholds.span} s`;
      report({ subject: use.user, level: 'medium', uses: isTold ? [use] : proof, why });
    };

    const succeed = (use: Use): void => {
      const state = users.peek(use.user, use.time);
      if (state === undefined || !(use.time - state.last < span)) return;
      const seconds = Math.round((use.time - state.last) / 1000);
      const why = `${nameOf(use)} logged in ${seconds} s after ${thresholds.failures} failed logins or more from several addresses`;
      report({ subject: use.user, level: 'critical', uses: [...state.proof, use], count: 1, why });
    };

    return {
      see: (use) => {
        const { event, token, ip, user, time } = use;
        if (event !== 'login_failed' && event !== 'login_succeeded') return;
        // Whom a token names is hearsay unless it verified.
        if (token !== null && !isVerified(use)) return;
        if (NOBODY.has(user) || Number.isNaN(time)) return;
        if (event === 'login_succeeded') succeed(use);
        else if (ip !== null) fail(use, ip);
      },
    };
  },
  hits: [
    { says: 'ten from three addresses', events: siege(10), level: 'medium', count: 10 },
    { says: 'and on', events: siege(12), level: 'medium', count: 12 },
    {
      says: 'the other addresses came first',
      events: [failed(0), failed(1, { ip: '192.0.2.2' }), ...siege(20, 1)],
      level: 'medium',
    },
    { says: 'at the last moment', events: [...siege(9), failed(299)] },
    {
      says: 'the third address at the last moment',
      events: [failed(0), ...siege(11, 1, { ip: '192.0.2.1' }), failed(299, { ip: '192.0.2.2' })],
    },
    {
      says: 'and then a success',
      events: [...siege(10), succeeded(308)],
      level: 'critical',
      count: 11,
    },
    {
      says: 'a success with a token',
      events: [
        ...siege(10),
        { at: 20, event: 'login_succeeded', user_id: 'ada', user_id_type: 'string' },
      ],
      level: 'critical',
    },
    {
      says: 'a success from an unknown address',
      events: [...siege(10), succeeded(20, { ip: null })],
      level: 'critical',
    },
    {
      says: 'a success when the span is over',
      events: [...siege(10), succeeded(309)],
      level: 'medium',
    },
    {
      says: 'a success of another user',
      events: [...siege(10), succeeded(20, { user_id: 'bob' })],
      level: 'medium',
    },
    {
      says: 'a success that a forged token claims',
      events: [...siege(10), succeeded(20, { verdict: 'bad_signature' })],
      level: 'medium',
    },
    {
      says: 'a success without a time',
      events: [...siege(10), succeeded(null)],
      level: 'medium',
    },
    {
      says: 'again, much later',
      events: [
        ...siege(10),
        ...siege(10).map(({ at = 0, ...event }) => ({ ...event, at: at! + 300 })),
      ],
      level: 'medium',
      count: 20,
    },
  ],
  misses: [
    { says: 'nine', events: [...siege(9), succeeded(10)] },
    { says: 'the tenth when the span is over', events: [...siege(9), failed(300)] },
    { says: 'two addresses', events: siege(30, 2) },
    {
      says: 'the third address when the span is over',
      events: [failed(0), ...siege(11, 1, { ip: '192.0.2.1' }), failed(300, { ip: '192.0.2.2' })],
    },
    { says: 'unknown addresses', events: siege(30, 3, { ip: null }) },
    {
      says: 'a user each',
      events: siege(30).map((event, i) => ({ ...event, user_id: `user ${i}` })),
    },
    { says: 'of nobody', events: siege(30, 3, nobody) },
    { says: 'forged tokens', events: siege(30, 3, { verdict: 'bad_signature' }) },
    { says: 'other events', events: siege(30, 3, { event: 'access_denied' }) },
    { says: 'successes only', events: siege(30, 3, { event: 'login_succeeded' }) },
    { says: 'no time', events: siege(30).map((event) => ({ ...event, at: null })) },
  ],
});

/** Users of events that name none. */
const NOBODY: ReadonlySet<string> = new Set(['none', 'non_string']);

/** Without the letter that tells texts from numbers (`userKey`). */
const nameOf = ({ user }: Use): string => user.slice(1);
