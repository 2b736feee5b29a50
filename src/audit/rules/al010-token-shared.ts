import { agentFamily, networkOf } from '../network.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type Proof, type TokenUse, type Use } from '../use.ts';
import { KeyedState } from '../window.ts';

const MOST_TOKENS = 1 << 16;
/** Stays of one token that are remembered at a time. */
const MOST_PLACES = 16;

/** The network of an address, and the program of a user agent. */
interface Place {
  readonly network: string;
  readonly family: string;
}

/** Uses of a token from one place: what is told of the last, without its token, which is too large to be kept. */
interface Stay {
  readonly place: Place;
  ip: string | null;
  userAgent: string | null;
  time: number;
  file: string | null;
  line: number | null;
  offset: number | null;
}

/** The present stay of a token, and those in other places, the latest last. */
interface Whereabouts {
  here: Stay | null;
  earlier: Stay[] | null;
}

const newWhereabouts = (): Whereabouts => ({ here: null, earlier: null });

const stayOf = ({ ip, userAgent, time, file, line, offset }: Use, place: Place): Stay => ({
  place,
  ip,
  userAgent,
  time,
  file,
  line,
  offset,
});

/** Lets a stay tell of a later use. */
const renew = (stay: Stay, { ip, userAgent, time, file, line, offset }: Use): void => {
  stay.ip = ip;
  stay.userAgent = userAgent;
  stay.time = time;
  stay.file = file;
  stay.line = line;
  stay.offset = offset;
};

/** What a stay tells of its use; the token is that of `use`. */
const proofOf = ({ ip, time, file, line, offset }: Stay, use: TokenUse): Proof => {
  const { verdict, token, user } = use;
  return { time, verdict, token, ip, user, file, line, offset };
};

/** The place of a use, where the token was seen there a while ago. */
const knownPlaceOf = (use: Use, { earlier }: Whereabouts): Place | null =>
  earlier?.find((stay) => isOneClient(stay, use))?.place ?? null;

const isPlaced = ({ ip, userAgent }: Use): boolean => ip !== null && userAgent !== null;

type Client = Pick<Use, 'ip' | 'userAgent'>;

const isOneClient = (a: Client, b: Client): boolean => a.ip === b.ip && a.userAgent === b.userAgent;

const isLinked = (a: Place, b: Place): boolean => a.network === b.network || a.family === b.family;

const isSame = (a: Place, b: Place): boolean => a.network === b.network && a.family === b.family;

/**
 * A late stay of each holder. Places of one network, or of one program, are one holder's: who changes networks keeps
 * the program, and who changes programs keeps the network.
 */
const holdersOf = (stays: readonly Stay[]): readonly Stay[] => {
  let holders: (readonly Stay[])[] = [];
  for (const stay of stays) {
    const same = holders.filter((held) => held.some((other) => isLinked(other.place, stay.place)));
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
    const placeOf = ({ ip, userAgent }: Client): Place => ({
      network: knownNetworks.has(ip ?? '') ? 'known' : networkOf(ip ?? ''),
      family: agentFamily(userAgent ?? ''),
    });
    const move = (state: Whereabouts, place: Place, use: Use): void => {
      const stays = (state.earlier ??= []);
      stays.push(state.here!);
      state.here = null;
      let kept = 0;
      for (const stay of stays) {
        if (isSame(stay.place, place)) state.here = stay;
        else if (use.time - stay.time < span) stays[kept++] = stay;
      }
      stays.length = kept;
      if (kept === MOST_PLACES) stays.shift();
      if (state.here === null) state.here = stayOf(use, place);
      else renew(state.here, use);
    };
    /** False where the token was there already, or nobody knows where it was. */
    const arrive = (state: Whereabouts, use: Use): boolean => {
      const { here } = state;
      if (here === null) state.here = stayOf(use, placeOf(use));
      else if (isOneClient(here, use)) renew(here, use);
      else {
        move(state, knownPlaceOf(use, state) ?? placeOf(use), use);
        return true;
      }
      return false;
    };
    return {
      see: (use, previous) => {
        // A token that stays where it is needs no state.
        if (previous === null || isOneClient(previous, use) || !isTokenUse(use)) return;
        const { id, user } = use.token;
        const state = tokens.at(id, use.time);
        if (isPlaced(previous)) arrive(state, previous);
        if (!isPlaced(use) || !arrive(state, use)) return;
        const here = state.here!;
        const earlier = state.earlier!;
        // Mostly one holder moves about.
        const areLinked = earlier.every((stay) => isLinked(stay.place, here.place));
        if (thresholds.holders > 1 && areLinked) return;
        const holders = holdersOf([...earlier, here]);
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
