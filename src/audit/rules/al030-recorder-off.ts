import { defineRule, type Example, type ExampleEvent, type Rule } from '../rule.ts';
import { isVerified } from '../use.ts';

/** Events that tell of it, as whoever does it records them (`authlog record --event NAME`), and what they tell. */
const WHAT = {
  recorder_stopped: 'recording was switched off',
  guard_stopped: 'the guard was switched off',
  retention_shortened: 'records are kept for a shorter time',
  keys_changed: 'keys were changed outside of the change windows',
} as const;

const WORDS: ReadonlyMap<string | null, string> = new Map(Object.entries(WHAT));

const told = (event: string, at = 0): ExampleEvent => ({ event, at, verdict: null, status: null });
const START = Date.UTC(2026, 10, 2, 12);
const windowOf = (from: number, to: number): Example['context'] & object => ({
  changeWindows: [{ from: START + from * 1000, to: START + to * 1000 }],
});

export const recorderOff: Rule = defineRule({
  id: 'AL030',
  name: 'recorder-off',
  title: 'Recording or guarding was weakened',
  level: 'high',
  attack: ['T1685.002', 'T1556'],
  condition:
    'An event tells that recording or the guard was switched off (recorder_stopped, guard_stopped), that records are kept for a shorter time (retention_shortened), or that keys were changed outside of the change windows (keys_changed).',
  meaning:
    'Who does not want to be seen stops the recording first; who wants to stay puts a key of their own beside yours.',
  action:
    'Find out who did it and whether it was planned. If not, treat the machine as broken into, and look at what came right before.',
  falsePositives: [
    'Planned work: name its time as a change window if it is about keys, else suppress the finding until it is over.',
    'Restarts by programs that record a stop for each.',
  ],
  thresholds: {},
  sigma: {
    detection: {
      told: { event: Object.keys(WHAT) },
      unproven: {
        verdict: [
          'bad_signature',
          'alg_none',
          'alg_not_allowed',
          'unknown_key',
          'malformed',
          'encrypted',
          'masked',
          'oversized',
          'unverified',
        ],
      },
      condition: 'told and not unproven',
    },
  },
  // Such events have no token.
  verdicts: null,
  needs: 'events',
  events: Object.keys(WHAT),
  start: ({ context: { changeWindows }, report }) => ({
    see: (use) => {
      const { event, time, file } = use;
      const what = WORDS.get(event);
      if (what === undefined) return;
      // Nobody who forges a token may raise an alarm with it.
      if (use.token !== null && !isVerified(use)) return;
      const isPlanned =
        event === 'keys_changed' && changeWindows.some(({ from, to }) => time >= from && time < to);
      if (isPlanned) return;
      report({ subject: `${event} ${file ?? ''}`, level: 'high', uses: [use], why: what });
    },
  }),
  hits: [
    ...Object.keys(WHAT).map((event) => ({
      says: event,
      events: [told(event)],
      level: 'high' as const,
      count: 1,
    })),
    {
      says: 'by somebody with a token',
      events: [{ ...told('recorder_stopped'), verdict: 'valid' }],
    },
    {
      says: 'keys changed right before the window',
      events: [told('keys_changed', 99)],
      context: windowOf(100, 200),
    },
    {
      says: 'keys changed right after the window',
      events: [told('keys_changed', 200)],
      context: windowOf(100, 200),
    },
    {
      says: 'keys changed at no known time',
      events: [{ ...told('keys_changed'), at: null }],
      context: windowOf(100, 200),
    },
    {
      says: 'recording stopped while keys may change',
      events: [told('recorder_stopped', 100)],
      context: windowOf(100, 200),
    },
  ],
  misses: [
    {
      says: 'keys changed within the window',
      events: [told('keys_changed', 100), told('keys_changed', 199)],
      context: windowOf(100, 200),
    },
    { says: 'other events', events: [told('recorder_started'), told('login_failed'), {}] },
    {
      says: 'by somebody with a forged token',
      events: [{ ...told('recorder_stopped'), verdict: 'bad_signature' }],
    },
  ],
});
