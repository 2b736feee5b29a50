import type { TokenFacts } from '../../event/facts.ts';
import type { AuditContext, Place } from '../context.ts';
import { defineRule, type Example, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type Proof, type TokenUse } from '../use.ts';
import { KeyedState } from '../window.ts';

const MOST_USERS = 50_000;
const HOUR = 3_600_000;
/** Mean radius of the earth, and the longest way on it, km. */
const RADIUS = 6371;
const LONGEST = Math.PI * RADIUS;

/** Where a user was last, and what is told of that use: whole uses of all users would take too much room. */
interface Stay {
  token: TokenFacts | null;
  ip: string | null;
  time: number;
  file: string | null;
  line: number | null;
  offset: number | null;
  place: Place | null;
  /** An address that tells nothing: of a known network, or of a place that nobody knows. It is not looked up again. */
  silent: string | null;
}

const newStay = (): Stay => ({
  token: null,
  ip: null,
  time: Number.NaN,
  file: null,
  line: null,
  offset: null,
  place: null,
  silent: null,
});

const renew = (stay: Stay, { token, ip, time, file, line, offset }: TokenUse): void => {
  stay.token = token;
  stay.ip = ip;
  stay.time = time;
  stay.file = file;
  stay.line = line;
  stay.offset = offset;
};

const proofOf = ({ token, ip, time, file, line, offset }: Stay, user: string): Proof => ({
  time,
  verdict: 'valid',
  token,
  ip,
  user,
  file,
  line,
  offset,
});

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Along the great circle, km (haversine). */
const distanceOf = (a: Place, b: Place): number => {
  const north = Math.sin(radians(b.latitude - a.latitude) / 2);
  const east = Math.sin(radians(b.longitude - a.longitude) / 2);
  const parallel = Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude));
  const chord = north * north + parallel * east * east;
  return 2 * RADIUS * Math.asin(Math.sqrt(Math.min(1, chord)));
};

const shown = ({ country }: Place): string => country ?? 'somewhere';

const HOME = '192.0.2.10';
const AWAY = '203.0.113.7';
/** The other address is so many km to the south. */
const apart = (km: number): Partial<AuditContext> => ({
  locate: (ip) =>
    ip === HOME
      ? { country: 'SE', latitude: 60, longitude: 18 }
      : ip === AWAY
        ? { country: null, latitude: 60 - (km / RADIUS) * (180 / Math.PI), longitude: 18 }
        : null,
});
const trip = (says: string, km: number, ...events: readonly ExampleEvent[]): Example => ({
  says,
  events,
  context: apart(km),
});
const home: ExampleEvent = { ip: HOME };
const away = (at: number | null): ExampleEvent => ({ ip: AWAY, at });
const nobody = { user_id: null, user_id_type: 'none' } as const;

export const impossibleTravel: Rule = defineRule({
  id: 'AL012',
  name: 'impossible-travel',
  title: 'One user in two places',
  level: 'medium',
  attack: ['T1078.004', 'T1550.001'],
  condition:
    "Valid tokens of one user came from places so far apart that nobody travels that fast. Needs the user's GeoIP file; known networks are left out.",
  meaning:
    'Two people use one account, or something in between hides where one of them is. With a stolen token or password the thief sits elsewhere.',
  action:
    'Ask the user which of the places was theirs. If one was not, end all sessions and change the password.',
  falsePositives: [
    'VPNs, relays and clouds, whose addresses are elsewhere than their users: name them as known networks.',
    'Mobile carriers, whose gateways may be far from the phone: known networks too.',
    'An account that several people share.',
    'An address that the GeoIP file places wrongly.',
  ],
  thresholds: {
    speed: { value: 900, unit: 'km/h', means: 'kilometres an hour that nobody travels' },
    distance: {
      value: 500,
      unit: 'count',
      means: 'kilometres from which on a GeoIP file can be believed',
    },
  },
  sigma: { none: 'needs the distance between two addresses' },
  verdicts: ['valid'],
  start: ({ thresholds, context: { locate, knownNetworks }, report, bounded }) => {
    if (locate === null) return null;
    const { speed, distance: least } = thresholds;
    // After that a user can be anywhere.
    const span = (LONGEST / speed) * HOUR;
    const users = new KeyedState(span, MOST_USERS, newStay, bounded);
    return {
      see: (use) => {
        const { ip, time } = use;
        if (!isTokenUse(use) || ip === null || Number.isNaN(time)) return;
        const { user, userId } = use.token;
        if (userId === null) return;
        const stay = users.at(user, time);
        // Mostly users stay where they are: then nothing is to be found out.
        if (stay.ip === ip) {
          renew(stay, use);
          return;
        }
        if (stay.silent === ip) return;
        const place = knownNetworks.has(ip) ? null : locate(ip);
        if (place === null) {
          stay.silent = ip;
          return;
        }
        const before = proofOf(stay, user);
        const start = stay.place;
        renew(stay, use);
        stay.place = place;
        if (start === null) return;
        const distance = distanceOf(start, place);
        const hours = Math.abs(time - before.time) / HOUR;
        if (distance < least || distance < hours * speed) return;
        const way = `${Math.round(distance)} km in ${Math.round(hours * 60)} min`;
        report({
          subject: user,
          level: 'medium',
          uses: [before, use],
          count: 1,
          why: `${way}, from ${shown(start)} to ${shown(place)}`,
        });
      },
    };
  },
  hits: [
    { ...trip('too fast', 900.5, home, away(3600)), level: 'medium', count: 1 },
    trip('at once', 500.5, home, away(0)),
    trip('with another token', 1000, home, { ...away(60), token_id: 'another' }),
    trip('to the other end of the world', 20_000, home, away(79_000)),
    trip('right after the last use at home', 1000, home, { ip: HOME, at: 7200 }, away(7300)),
    { ...trip('and back', 1000, home, away(60), { ip: HOME, at: 120 }), count: 2 },
    trip('by way of an unknown address', 1000, home, { ip: '198.51.100.1' }, away(60)),
  ],
  misses: [
    trip('just fast enough', 899.5, home, away(3600)),
    trip('too near to be sure', 499.5, home, away(1)),
    trip('long after', 20_000, home, away(83_000)),
    trip('another user', 1000, home, { ...away(60), user_id: 'other' }),
    trip('of nobody', 1000, { ...home, ...nobody }, { ...away(60), ...nobody }),
    trip('an unknown place', 1000, home, { ip: '198.51.100.1', at: 60 }),
    trip('expired', 1000, home, { ...away(60), verdict: 'expired' }),
    trip('no address', 1000, home, { ip: null, at: 60 }),
    trip('no time', 1000, home, away(null)),
    {
      says: 'by a known network',
      events: [home, away(60)],
      context: { ...apart(1000), knownNetworks: { has: (ip) => ip === AWAY } },
    },
    { says: 'nobody knows where addresses are', events: [home, away(60)] },
  ],
});
