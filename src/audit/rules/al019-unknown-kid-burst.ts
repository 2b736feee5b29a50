import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type TokenUse } from '../use.ts';
import { DistinctWindow, KeyedState } from '../window.ts';

const MOST_CLIENTS = 20_000;
/** Few: whoever makes up key ids chooses how long they are. */
const MOST_KIDS = 5000;

interface Burst {
  readonly values: DistinctWindow;
  isTold: boolean;
}

const unknown = (at: number | null, members: ExampleEvent = {}): ExampleEvent => ({
  at,
  verdict: 'unknown_key',
  reason: 'no key has this key id',
  kid: `kid ${at}`,
  token_id: `token ${at}`,
  status: 401,
  ...members,
});
/** So many key ids, one each second. */
const burst = (number: number, members: ExampleEvent = {}): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) => unknown(i, members));
/** So many users with one key, one each minute, each from an address of their own. */
const users = (number: number, members: ExampleEvent = {}): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) =>
    unknown(i * 60, { kid: 'new', user_id: `user ${i}`, ip: `192.0.2.${i}`, ...members }),
  );

export const unknownKidBurst: Rule = defineRule({
  id: 'AL019',
  name: 'unknown-kid-burst',
  title: 'Unknown key ids',
  level: 'medium',
  attack: ['T1595.002'],
  condition:
    'Tokens with several different unknown key ids (kid) came from one address within a short time. Info, and no attack, where tokens of many users have the same unknown key id. Keys that are known and not in use do not count.',
  meaning:
    'Several key ids: a program makes them up, to see what the server does with them. One key id for many users: the issuer has a new key which was not given to authlog, or perhaps to the server.',
  action:
    'Several key ids: block the address, and look at what it was answered. One key id: fetch the keys of the issuer again, here and in the server.',
  falsePositives: [
    'Tokens of several other systems in one log, whose users share an address.',
    'Security tests of your own.',
  ],
  thresholds: {
    kids: { value: 5, unit: 'count', means: 'different unknown key ids from one address' },
    span: { value: 600, unit: 'seconds', means: 'the time in which they come' },
    users: { value: 10, unit: 'count', means: 'users with the same unknown key id' },
    rollout: { value: 3600, unit: 'seconds', means: 'the time in which these come' },
  },
  sigma: {
    detection: {
      unknown: { verdict: 'unknown_key' },
      known: { reason: 'key_not_in_use' },
      nameless: [{ kid: null }, { ip: null }],
      condition: 'unknown and not known and not nameless',
    },
    correlation: {
      type: 'value_count',
      groupBy: ['ip'],
      field: 'kid',
      timespan: 'span',
      gte: 'kids',
    },
  },
  verdicts: ['unknown_key'],
  start: ({ thresholds, report, bounded }) => {
    const newBursts = (seconds: number, least: number, most: number): KeyedState<Burst> => {
      const span = seconds * 1000;
      const newBurst = (): Burst => ({ values: new DistinctWindow(span, least), isTold: false });
      return new KeyedState(span, most, newBurst, bounded);
    };
    const clients = newBursts(thresholds.span, thresholds.kids, MOST_CLIENTS);
    const keys = newBursts(thresholds.rollout, thresholds.users, MOST_KIDS);

    const scanned = (use: TokenUse, kid: string, ip: string): void => {
      const client = clients.at(ip, use.time);
      const uses = client.values.add(kid, use);
      if (uses === null) return;
      const why = `${uses.length} different unknown key ids or more within ${thresholds.span} s`;
      report({ subject: ip, level: 'medium', uses: client.isTold ? [use] : uses, why });
      client.isTold = true;
    };

    const rolledOut = (use: TokenUse, kid: string): void => {
      const key = keys.at(kid, use.time);
      const uses = key.values.add(use.token.user, use);
      if (uses === null) return;
      const why = `tokens of ${uses.length} users or more name the unknown key ${kid} within ${thresholds.rollout} s: a new key of the issuer`;
      report({ subject: `key ${kid}`, level: 'info', uses: key.isTold ? [use] : uses, why });
      key.isTold = true;
    };

    return {
      see: (use) => {
        if (!isTokenUse(use) || Number.isNaN(use.time)) return;
        const { kid, userId } = use.token;
        if (kid === null || use.reason === 'key_not_in_use') return;
        if (use.ip !== null) scanned(use, kid, use.ip);
        if (userId !== null) rolledOut(use, kid);
      },
    };
  },
  hits: [
    { says: 'five key ids within the span', events: burst(5), level: 'medium', count: 5 },
    { says: 'and on', events: burst(7), level: 'medium', count: 7 },
    { says: 'at the last moment', events: [...burst(4), unknown(599)], level: 'medium' },
    {
      says: 'of nobody',
      events: burst(5, { user_id: null, user_id_type: 'none' }),
      level: 'medium',
    },
    { says: 'one key id, ten users', events: users(10), level: 'info', count: 10 },
    { says: 'eleven users', events: users(11), level: 'info', count: 11 },
    {
      says: 'ten users at unknown addresses',
      events: users(10, { ip: null }),
      level: 'info',
    },
    {
      says: 'the tenth user at the last moment',
      events: [...users(9), unknown(3599, { kid: 'new' })],
      level: 'info',
    },
  ],
  misses: [
    { says: 'four key ids', events: burst(4) },
    { says: 'the fifth when the span is over', events: [...burst(4), unknown(600)] },
    { says: 'one key id again and again', events: burst(30, { kid: 'new' }) },
    { says: 'nine users', events: users(9) },
    {
      says: 'the tenth user when the span is over',
      events: [...users(9), unknown(3600, { kid: 'new' })],
    },
    {
      says: 'a known key that is not in use any more',
      events: [...burst(5), ...users(10)].map((event) => ({ ...event, reason: 'key_not_in_use' })),
    },
    { says: 'no key id', events: [...burst(5, { kid: null }), ...users(10, { kid: null })] },
    { says: 'no address', events: burst(5, { ip: null }) },
    { says: 'of nobody', events: users(10, { user_id: null, user_id_type: 'non_string' }) },
    { says: 'forged', events: burst(5, { verdict: 'bad_signature', reason: null }) },
    {
      says: 'no time',
      events: [...burst(5), ...users(10)].map((event) => ({ ...event, at: null })),
    },
  ],
});
