import { agentFamily, networkOf } from '../network.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type Proof, type TokenUse, type Use } from '../use.ts';
import { KeyedState } from '../window.ts';

const MOST_TOKENS = 1 << 16;
/** Stays of one token that are remembered at a time. */
const MOST_PLACES = 16;

/** Milliseconds for which a use stands for those after it. */
const LASTING = 60_000;

/** The network of an address, and the program of a user agent. */
interface Place {
  readonly network: string;
  readonly family: string;
}

/** Uses of a token from one place. What is told of them is of one of the last, without its token: that is too large. */
interface Stay {
  /** Null until somebody asks: most tokens stay where they are. */
  place: Place | null;
  ip: string | null;
  userAgent: string | null;
  time: number;
  file: string | null;
  line: number | null;
  offset: number | null;
  /** Time of the last use. */
  last: number;
}

/** The present stay of a token, and those in other places, the latest last. */
interface Whereabouts {
  here: Stay | null;
  earlier: Stay[] | null;
}

const newWhereabouts = (): Whereabouts => ({ here: null, earlier: null });

const stayOf = ({ ip, userAgent, time, file, line, offset }: Use, place: Place | null): Stay => ({
  place,
  ip,
  userAgent,
  time,
  file,
  line,
  offset,
  last: time,
});

/** Lets a stay tell of a later use. */
const renew = (stay: Stay, { ip, userAgent, time, file, line, offset }: Use): void => {
  stay.ip = ip;
  stay.userAgent = userAgent;
  stay.time = time;
  stay.file = file;
  stay.line = line;
  stay.offset = offset;
  stay.last = time;
};

/** What a stay tells of its use; the token is that of `use`. */
const proofOf = ({ ip, time, file, line, offset }: Stay, use: TokenUse): Proof => {
  const { verdict, token, user } = use;
  return { time, verdict, token, ip, user, file, line, offset };
};

/** The place of a use, where the token was seen there a while ago. */
const knownPlaceOf = ({ ip, userAgent }: Use, { earlier }: Whereabouts): Place | null =>
  earlier?.find((stay) => stay.ip === ip && stay.userAgent === userAgent)?.place ?? null;

const isPlaced = ({ ip, userAgent }: Use): boolean => ip !== null && userAgent !== null;

const isLinked = (a: Place, b: Place): boolean => a.network === b.network || a.family === b.family;

const isSame = (a: Place, b: Place): boolean => a.network === b.network && a.family === b.family;

/**
 * A late stay of each holder. Places of one network, or of one program, are one holder's: who changes networks keeps
 * the program, and who changes programs keeps the network.
 */
const holdersOf = (stays: readonly Stay[]): readonly Stay[] => {
  let holders: (readonly Stay[])[] = [];
  for (const stay of stays) {
    const same = holders.filter((held) =>
      held.some((other) => isLinked(other.place!, stay.place!)),
    );
    holders = [...holders.filter((held) => !same.includes(held)), [...same.flat(), stay]];
  }
  return holders.map((held) => held.at(-1)!).toSorted((a, b) => a.time - b.time);
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
    const tokens = new KeyedState(span, MOST_TOKENS, newWhereabouts, bounded);
    const placeOf = (ip: string, userAgent: string): Place => ({
      network: knownNetworks.has(ip) ? 'known' : networkOf(ip),
      family: agentFamily(userAgent),
    });
    /** Moves on to a place; whether those of the last time are linked with it. */
    const move = (state: Whereabouts, place: Place, use: Use): boolean => {
      const stays = (state.earlier ??= []);
      stays.push(state.here!);
      state.here = null;
      let kept = 0;
      let areLinked = true;
      for (const stay of stays) {
        if (isSame(stay.place!, place)) state.here = stay;
        else if (use.time - stay.last < span) {
          stays[kept++] = stay;
          areLinked &&= isLinked(stay.place!, place);
        }
      }
      stays.length = kept;
      if (kept === MOST_PLACES) stays.shift();
      if (state.here === null) state.here = stayOf(use, place);
      else renew(state.here, use);
      return areLinked;
    };
    return {
      see: (use, before) => {
        const { ip, userAgent, time } = use;
        // A token that is used once needs no state.
        if (before === null || !isTokenUse(use) || ip === null || userAgent === null) return;
        const { id, user } = use.token;
        const state = tokens.at(id, time);
        const left = (state.here ??= stayOf(isPlaced(before) ? before : use, null));
        // Mostly a token stays where it is: then nothing is to be found out.
        if (left.ip === ip && left.userAgent === userAgent) {
          left.last = time;
          if (time - left.time >= LASTING) renew(left, use);
          return;
        }
        left.place ??= placeOf(left.ip!, left.userAgent!);
        const place = knownPlaceOf(use, state) ?? placeOf(ip, userAgent);
        const areLinked = move(state, place, use);
        // Mostly one holder moves about.
        if (thresholds.holders > 1 && areLinked) return;
        const holders = holdersOf([...state.earlier!, state.here]);
        if (holders.length < thresholds.holders) return;
        report({
          subject: user === 'none' ? id : user,
          level: 'high',
          uses: holders.map((held) => proofOf(held, use)),
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
      says: 'first without an address',
      events: [
        { ...from(HOME, CHROME), ip: null },
        from(AWAY, 'curl/8', 1),
        from(AWAY, 'curl/8', 2),
      ],
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
