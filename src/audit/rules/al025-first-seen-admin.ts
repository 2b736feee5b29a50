import type { TokenFacts } from '../../event/facts.ts';
import { agentFamily, networkOf } from '../network.ts';
import { createPrivilegesOf } from '../privilege.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse } from '../use.ts';

const MOST_USERS = 2000;
/** Of one user: who comes from more of them has no usual ones. */
const MOST_NETWORKS = 500;
const MOST_FAMILIES = 50;

/** What is usual for one user. */
interface Habits {
  /** Time of the first use, milliseconds. */
  readonly since: number;
  readonly networks: Set<string>;
  readonly families: Set<string>;
  /** The last use's, that need not be looked up again. */
  ip: string;
  agent: string;
}

const DAY = 86_400;
const HISTORY = 14 * DAY;
const HOME = '192.0.2.10';
const AWAY = '203.0.113.7';
const CHROME = 'Mozilla/5.0 (Windows NT 10.0) Chrome/129.0 Safari/537.36';

const admin = (
  at: number,
  ip: string,
  agent: string,
  members: ExampleEvent = {},
): ExampleEvent => ({
  at,
  ip,
  user_agent: agent,
  roles: ['admin'],
  exp: null,
  ...members,
});
/** At home from the first day on, and now elsewhere. */
const moves = (at: number, ip: string, agent: string, members: ExampleEvent = {}) =>
  [admin(0, HOME, CHROME, members), admin(at, ip, agent, members)] as const;

export const firstSeenAdmin: Rule = defineRule({
  id: 'AL025',
  name: 'first-seen-admin',
  title: 'Privileged user from somewhere new',
  level: 'low',
  attack: ['T1078'],
  condition:
    'A valid token of an admin user, or with a privileged role or scope, came from a network or a program that this user had never used, after a history that is long enough to know. Low where one of the two is new, medium where both are. Known networks are one place.',
  meaning:
    'The user has a new device or travels, or somebody else has the token or the password of a user who may do everything.',
  action: 'Ask the user. Where nobody was away and nothing is new, revoke the tokens.',
  falsePositives: [
    'Travel, a new device, an address that the provider changed.',
    'A user who works from everywhere: name the networks of mobile carriers and VPNs as known.',
  ],
  thresholds: {
    history: {
      value: HISTORY,
      unit: 'seconds',
      means: 'how long a user must have been seen before anything counts as new',
    },
  },
  sigma: { none: 'needs to know where each user came from in the weeks before' },
  verdicts: ['valid'],
  start: ({ thresholds, context, report, bounded }) => {
    const { adminUsers, privilegedRoles, knownNetworks } = context;
    const privilegesOf = createPrivilegesOf(privilegedRoles);
    const users = new Map<string, Habits>();

    const isPrivileged = (token: TokenFacts): boolean =>
      privilegesOf(token).length > 0 ||
      (adminUsers.size > 0 && adminUsers.has(String(token.userId)));

    return {
      concerns: ({ token }) => token.userId !== null && isPrivileged(token),
      see: (use) => {
        const { ip, userAgent, time } = use;
        if (!isTokenUse(use) || ip === null || userAgent === null || Number.isNaN(time)) return;
        const { user } = use.token;
        const habits = users.get(user);
        if (habits?.ip === ip && habits.agent === userAgent) return;
        const network = knownNetworks.has(ip) ? 'known' : networkOf(ip);
        const family = agentFamily(userAgent);
        if (habits === undefined) {
          if (users.size === MOST_USERS) {
            bounded();
            return;
          }
          const networks = new Set([network]);
          users.set(user, {
            since: time,
            networks,
            families: new Set([family]),
            ip,
            agent: userAgent,
          });
          return;
        }
        habits.ip = ip;
        habits.agent = userAgent;
        const { networks, families, since } = habits;
        if (networks.size >= MOST_NETWORKS || families.size >= MOST_FAMILIES) {
          bounded();
          return;
        }
        const isNewNetwork = !networks.has(network);
        const isNewFamily = !families.has(family);
        networks.add(network);
        families.add(family);
        if (!isNewNetwork && !isNewFamily) return;
        if (time - since < thresholds.history * 1000) return;
        const news = [
          ...(isNewNetwork ? [`network (${network})`] : []),
          ...(isNewFamily ? [`program (${family})`] : []),
        ];
        report({
          subject: user,
          level: isNewNetwork && isNewFamily ? 'medium' : 'low',
          uses: [use],
          why: `a privileged user came with a new ${news.join(' and a new ')}`,
        });
      },
    };
  },
  hits: [
    {
      says: 'a new network and a new program',
      events: moves(HISTORY, AWAY, 'curl/8'),
      level: 'medium',
      count: 1,
    },
    { says: 'a new network', events: moves(HISTORY, AWAY, CHROME), level: 'low' },
    { says: 'a new program', events: moves(HISTORY, HOME, 'curl/8'), level: 'low' },
    {
      says: 'by a scope',
      events: moves(HISTORY, AWAY, CHROME, { roles: [], scopes: ['Admin'] }),
    },
    {
      says: 'a user who is named as admin',
      events: moves(HISTORY, AWAY, CHROME, { roles: [] }),
      context: { adminUsers: new Set(['12345']) },
    },
    {
      says: 'new once, then usual',
      events: [
        ...moves(HISTORY, AWAY, CHROME),
        admin(HISTORY + 9, HOME, CHROME),
        admin(HISTORY + 10, AWAY, CHROME),
      ],
      count: 1,
    },
    {
      says: 'out of a known network',
      events: moves(HISTORY, AWAY, CHROME),
      context: { knownNetworks: { has: (ip) => ip === HOME } },
    },
  ],
  misses: [
    { says: 'before there is a history', events: moves(HISTORY - 1, AWAY, 'curl/8') },
    {
      says: 'known from the time before',
      events: [...moves(DAY, AWAY, 'curl/8'), admin(HISTORY, AWAY, 'curl/8')],
    },
    {
      says: 'a known program in a known network',
      events: [...moves(DAY, AWAY, 'curl/8'), admin(HISTORY, AWAY, CHROME)],
    },
    { says: 'a neighbour’s address', events: moves(HISTORY, '192.0.2.99', CHROME) },
    { says: 'an ordinary user', events: moves(HISTORY, AWAY, 'curl/8', { roles: ['user'] }) },
    {
      says: 'another user than the one named',
      events: moves(HISTORY, AWAY, 'curl/8', { roles: [] }),
      context: { adminUsers: new Set(['6']) },
    },
    {
      says: 'known networks',
      events: moves(HISTORY, AWAY, CHROME),
      context: { knownNetworks: { has: () => true } },
    },
    {
      says: 'two users',
      events: [admin(0, HOME, CHROME), admin(HISTORY, AWAY, 'curl/8', { user_id: 'new' })],
    },
    {
      says: 'nobody',
      events: moves(HISTORY, AWAY, 'curl/8', { user_id: null, user_id_type: 'none' }),
    },
    { says: 'expired', events: moves(HISTORY, AWAY, 'curl/8', { verdict: 'expired' }) },
    {
      says: 'no address, no program, no time',
      events: [
        ...moves(HISTORY, HOME, CHROME),
        { ...admin(HISTORY, AWAY, CHROME), ip: null },
        { ...admin(HISTORY, HOME, 'curl/8'), user_agent: null },
        { ...admin(HISTORY, AWAY, 'curl/8'), at: null },
      ],
    },
  ],
});
