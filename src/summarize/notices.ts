import type { Input } from '../source/input.ts';
import type { Notice } from './summary.ts';
import type { Tally } from './tally.ts';
import { USABLE_BUCKETS } from './expiry.ts';

type Phrase = (count: string, one: boolean) => string;

const plural =
  (noun: string): Phrase =>
  (count, one) =>
    `${count} ${noun}${one ? '' : 's'}`;
const tokens = plural('token');
const lines = plural('line');

/** What a count of lines or tokens means, in the order in which a person should read it. */
const PHRASES: readonly (readonly [code: string, phrase: Phrase])[] = [
  [
    'accepted_anyway',
    (n, one) =>
      `${tokens(n, one)} that a server ought to refuse ${one ? 'was' : 'were'} answered with 2xx`,
  ],
  [
    'header_offers_key',
    (n, one) =>
      `${tokens(n, one)} offer${one ? 's' : ''} a key in the header (jwk, jku, x5u, x5c): never used`,
  ],
  [
    'duplicate_claim',
    (n, one) =>
      `${tokens(n, one)} name${one ? 's' : ''} a claim twice: the last one counts here, another program may take the first`,
  ],
  [
    'exp_looks_like_ms',
    (n, one) =>
      `${tokens(n, one)} ${one ? 'has' : 'have'} an exp that looks like milliseconds: NumericDate is in seconds`,
  ],
  ['no_expiry', (n, one) => `${tokens(n, one)} never expire${one ? 's' : ''}: no exp claim`],
  [
    'no_line_time',
    (n, one) =>
      `${lines(n, one)} with a token ${one ? 'has' : 'have'} no time of ${one ? 'its' : 'their'} own: judged at --now`,
  ],
  [
    'no_time_in_window',
    (n, one) =>
      `${lines(n, one)} with a token ${one ? 'has' : 'have'} no time: left out by --since and --until`,
  ],
  [
    'bad_timestamp',
    (n, one) =>
      `${lines(n, one)} with a token ${one ? 'carries' : 'carry'} a date that does not exist`,
  ],
  [
    'time_in_dst_gap',
    (n, one) =>
      `${lines(n, one)} carr${one ? 'ies' : 'y'} a clock time that --tz skipped (summer time): moved forward`,
  ],
  [
    'time_in_dst_fold',
    (n, one) =>
      `${lines(n, one)} carr${one ? 'ies' : 'y'} a clock time that --tz had twice (summer time): the first is taken`,
  ],
  [
    'overlong_line',
    (n, one) => `${lines(n, one)} longer than --max-line: only the start was searched`,
  ],
  ['no_event', (n, one) => `${lines(n, one)} of an event file ${one ? 'is' : 'are'} no event`],
  ['pattern_timeout', (n, one) => `--pattern took too long on ${lines(n, one)}: not searched`],
];

/** That somebody got in comes before that somebody could. */
const isIntrusion = ({ code }: Notice): boolean => code === 'accepted_anyway';

/** What the numbers deserve to be remarked on, most important first. */
export const numberNotices = (
  tally: Tally,
  inputs: readonly Pick<Input, 'path' | 'mode'>[],
  verified: boolean,
  searched: string,
): Notice[] => {
  const counts = PHRASES.flatMap(([code, phrase]) => counted(tally, code, phrase));
  const notices = [
    ...keyNotices(tally, verified),
    ...counts.filter(isIntrusion),
    ...liveTokens(tally, inputs),
    ...counts.filter((notice) => !isIntrusion(notice)),
    ...bounds(tally),
  ];
  const { lines: read, lines_skipped: skipped, tokens: found } = tally.totals();
  if (found === 0 && read > skipped) {
    const message = `No token was found. Looked for ${searched}`;
    notices.push({ code: 'no_token', message, count: 1 });
  }
  return notices;
};

const counted = (tally: Tally, code: string, phrase: Phrase): Notice[] => {
  const count = tally.notices.get(code) ?? 0;
  return count === 0 ? [] : [{ code, message: phrase(format(count), count === 1), count }];
};

/** With commas; the locale's own way would load the tables of all languages. */
const format = (count: number): string => String(count).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ',');

/** Where fewer than one in ten verifies, a missing key is likelier than an attack. */
const keyNotices = (tally: Tally, verified: boolean): Notice[] => {
  const { verdicts } = tally.totals();
  const failed = verdicts.bad_signature + verdicts.alg_not_allowed + verdicts.unknown_key;
  const passed = tally.keyTokens.reduce((sum, n) => sum + n, 0);
  if (!verified || failed === 0 || passed * 9 > failed) return [];
  return [
    { code: 'wrong_key', message: wrongKey(verdicts.bad_signature, failed, passed), count: failed },
  ];
};

const wrongKey = (forged: number, failed: number, passed: number): string => {
  if (passed > 0) {
    return `Only ${format(passed)} of ${format(passed + failed)} signatures verified: is a key missing?`;
  }
  return forged > 0
    ? 'No signature verified: is this the right key, and does it belong to this log?'
    : 'No token is of an algorithm or key id that the given keys have: are these the right keys?';
};

const liveTokens = (tally: Tally, inputs: readonly Pick<Input, 'path' | 'mode'>[]): Notice[] => {
  const { usable } = tally.expiry;
  const open = inputs.filter(({ mode }) => mode !== null && (mode & 0o004) !== 0);
  if (usable === 0 || open.length === 0) return [];
  const users = tally.people.countWith(USABLE_BUCKETS);
  const files =
    open.length === 1
      ? `${open[0]!.path} (${octal(open[0]!.mode!)})`
      : `${open.length} of these files`;
  const what = `${tokens(format(usable), usable === 1)} of ${plural('user')(format(users), users === 1)}`;
  return [
    {
      code: 'live_tokens',
      message: `Everyone on this machine can read ${files}, and the log holds ${what} that can still be used`,
      count: usable,
    },
  ];
};

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');

const bounds = (tally: Tally): Notice[] => {
  const notices: Notice[] = [];
  const { overflow } = tally.people;
  if (overflow > 0) {
    const message = `More users than --max-users: ${tokens(format(overflow), overflow === 1)} counted in one row for all others`;
    notices.push({ code: 'users_capped', message, count: overflow });
  }
  const unlisted = tally.unverified.overflow;
  if (unlisted > 0) {
    const message = `${tokens(format(unlisted), unlisted === 1)} of unverified users beyond the first 1,000 not listed by user`;
    notices.push({ code: 'unverified_users_capped', message, count: unlisted });
  }
  if (tally.distinctIsFloor) {
    const message =
      'Too many different tokens to tell all apart: counts of distinct tokens are lower bounds';
    notices.push({ code: 'distinct_is_floor', message, count: 1 });
  }
  return notices;
};
