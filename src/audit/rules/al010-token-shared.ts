import { FirstUses } from '../first-uses.ts';
import { agentFamily, networkOf, type Networks } from '../network.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type Use } from '../use.ts';
import { KeyedState } from '../window.ts';

const MOST_TOKENS = 1 << 16;
/** Stays of one token that are remembered at a time. */
const MOST_PLACES = 16;

/** Milliseconds for which a use stands for those after it. */
const LASTING = 60_000;

/** What is told of a use. Its token is that of the use which asks, and too large to be kept for each. */
type Trace = Pick<Use, 'time' | 'ip' | 'userAgent' | 'file' | 'line' | 'offset'>;

/** The network of an address, and the program of a user agent. */
interface Place {
  readonly network: string;
  readonly family: string;
}

/** Uses of a token from one address by one program. */
interface Stay extends Place {
  /** Of one of the last uses. */
  readonly trace: Trace;
  /** Time of the last. */
  readonly last: number;
}

/** The present stay of a token, and earlier ones in other networks or by other programs, the latest last. */
interface Whereabouts {
  trace: Trace | undefined;
  last: number | undefined;
  /** Where the present stay is, once somebody has asked. */
  place: Place | undefined;
  earlier: readonly Stay[];
}

const traceOf = ({ time, ip, userAgent, file, line, offset }: Use): Trace => ({
  time,
  ip,
  userAgent,
  file,
  line,
  offset,
});

const NOWHERE: readonly Stay[] = [];
const newWhereabouts = (): Whereabouts => ({
  trace: undefined,
  last: undefined,
  place: undefined,
  earlier: NOWHERE,
});

const placeOf = ({ ip, userAgent }: Trace, knownNetworks: Networks): Place => ({
  network: knownNetworks.has(ip ?? '') ? 'known' : networkOf(ip ?? ''),
  family: agentFamily(userAgent ?? ''),
});

const stayAt = ({ network, family }: Place, trace: Trace, last: number): Stay => ({
  network,
  family,
  trace,
  last,
});

const isLinked = (a: Stay, b: Stay): boolean => a.network === b.network || a.family === b.family;

const isSame = (a: Stay, b: Stay): boolean => a.network === b.network && a.family === b.family;

/**
 * The trace of a late use of each holder. Places of one network, or of one program, are one holder's: who changes networks keeps
 * the program, and who changes programs keeps the network.
 */
const holdersOf = (stays: readonly Stay[]): readonly Trace[] => {
  let holders: (readonly Stay[])[] = [];
  for (const stay of stays) {
    const same = holders.filter((held) => held.some((other) => isLinked(other, stay)));
    holders = [...holders.filter((held) => !same.includes(held)), [...same.flat(), stay]];
  }
  return holders.map((held) => held.at(-1)!.trace).toSorted((a, b) => a.time - b.time);
};

const HOME = '192.0.2.10';
const AWAY = '203.0.113.7';
const V6 = '2001:db8:1::7';
const CHROME = 'Mozilla/5.0 (Windows NT 10.0) Chrome/129.0 Safari/537.36';
const from = (ip: string, agent: string, at = 0): ExampleEvent => ({ ip, user_agent: agent, at });

export const tokenShared: Rule = defineRule({
  id: 'AL010',
  name: 'token-shared',
  title: 'One token, several holders',
  level: 'high',
  attack: ['T1550.001', 'T1528'],
  condition:
    "A valid token came from different networks and from different programs within a short time, and nothing links them: no place shares its network or its program with another holder's. Known networks are one place.",
  meaning:
    'Who changes networks keeps the browser, who changes the browser keeps the network. Where both differ at once, a second person has the token.',
  action:
    'Revoke the token, ask the user which of the two was theirs, and find out how it got out.',
  falsePositives: [
    'A server that calls others with the token of its user: name its network as known, or as a trusted proxy.',
    'A user who takes the token from the browser to a tool that runs elsewhere.',
    'Privacy relays that change both address and user agent.',
  ],
  thresholds: {
    holders: { value: 2, unit: 'count', means: 'holders of one token' },
    span: { value: 1800, unit: 'seconds', means: 'the time in which they use it' },
  },
  sigma: { none: 'needs networks of addresses and families of user agents' },
  verdicts: ['valid'],
  start: ({ thresholds, context: { knownNetworks }, report, bounded }) => {
    const span = thresholds.span * 1000;
    // A token that is used once costs a place here, and no state.
    const firstUses = new FirstUses();
    const tokens = new KeyedState(span, MOST_TOKENS, newWhereabouts, bounded);
    return {
      see: (use) => {
        const { ip, userAgent, time } = use;
        if (!isTokenUse(use) || ip === null || userAgent === null || Number.isNaN(time)) return;
        const before = firstUses.before(use);
        if (before === null) return;
        const { id, user } = use.token;
        const state = tokens.at(id, time);
        const { trace: known = traceOf(before), last } = state;
        state.trace = known;
        state.last = time;
        // Mostly a token stays where it is: then nothing is to be found out.
        if (known.ip === ip && known.userAgent === userAgent) {
          if (time - known.time >= LASTING) state.trace = traceOf(use);
          return;
        }
        const place = state.place ?? placeOf(known, knownNetworks);
        const left = stayAt(place, known, last ?? known.time);
        state.trace = traceOf(use);
        state.place = placeOf(state.trace, knownNetworks);
        const here = stayAt(state.place, state.trace, time);
        const others: Stay[] = [];
        for (const stay of [...state.earlier, left]) {
          if (time - stay.last < span && !isSame(stay, here)) others.push(stay);
        }
        state.earlier = others.slice(1 - MOST_PLACES);
        // Mostly one holder moves about.
        if (thresholds.holders > 1 && others.every((stay) => isLinked(stay, here))) return;
        const holders = holdersOf([...state.earlier, here]);
        if (holders.length < thresholds.holders) return;
        report({
          subject: user === 'none' ? id : user,
          level: 'high',
          uses: holders.map((held) => ({ ...use, ...held })),
          count: 1,
          why: `${holders.length} holders of one token within ${thresholds.span} s, each with a network and a program of its own`,
        });
      },
    };
  },
  hits: [
    {
      says: 'elsewhere, with another program',
      events: [from(HOME, CHROME), from(AWAY, 'curl/8', 1799)],
      level: 'high',
      count: 1,
    },
    {
      says: 'of nobody, by IPv6',
      events: [from(HOME, CHROME), from(V6, 'curl/8')].map((event) => ({
        ...event,
        user_id: null,
        user_id_type: 'none' as const,
      })),
    },
    {
      says: 'both go on',
      events: [
        from(HOME, CHROME),
        from(HOME, CHROME, 1000),
        from(AWAY, 'curl/8', 2000),
        from(HOME, CHROME, 2001),
      ],
      count: 2,
    },
    {
      says: "among the user's own ways",
      events: [from(HOME, CHROME), from('192.0.2.11', 'okhttp/4'), from(AWAY, 'curl/8')],
      count: 1,
    },
    {
      says: 'one holder changes networks',
      events: [from(HOME, CHROME), from(AWAY, CHROME), from(V6, 'curl/8')],
      count: 1,
    },
    {
      says: 'from a known network and another',
      events: [from(HOME, CHROME), from(AWAY, 'curl/8')],
      context: { knownNetworks: { has: (ip) => ip === HOME } },
    },
  ],
  misses: [
    { says: 'when the span is over', events: [from(HOME, CHROME), from(AWAY, 'curl/8', 1800)] },
    { says: 'another network', events: [from(HOME, CHROME), from(AWAY, CHROME)] },
    { says: 'another program', events: [from(HOME, CHROME), from('192.0.2.99', 'curl/8')] },
    {
      says: 'another version',
      events: [from(HOME, CHROME), from(AWAY, CHROME.replace('129', '130'))],
    },
    {
      says: 'two programs of one device that changes networks',
      events: [from(HOME, CHROME), from(HOME, 'okhttp/4'), from(AWAY, 'okhttp/4')],
    },
    {
      says: 'both programs in both networks',
      events: [
        from(HOME, CHROME),
        from(AWAY, CHROME),
        from(AWAY, 'okhttp/4'),
        from(HOME, 'okhttp/4'),
      ],
    },
    {
      says: 'known networks',
      events: [from(HOME, CHROME), from(AWAY, 'curl/8')],
      context: { knownNetworks: { has: () => true } },
    },
    {
      says: 'a token each',
      events: [from(HOME, CHROME), { ...from(AWAY, 'curl/8'), token_id: 'another' }],
    },
    {
      says: 'expired',
      events: [from(HOME, CHROME), { ...from(AWAY, 'curl/8'), verdict: 'expired' }],
    },
    {
      says: 'no address, no program, no time',
      events: [
        from(HOME, CHROME),
        { ...from(AWAY, 'curl/8'), ip: null },
        { ...from(AWAY, 'curl/8'), user_agent: null },
        { ...from(AWAY, 'curl/8'), at: null },
      ],
    },
  ],
});
