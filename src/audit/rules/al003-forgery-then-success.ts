import { shortHashOf } from '../../event/text-hash.ts';
import { isForged, isUnsigned, keyConfusionOf } from '../forgery.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { Seen } from '../seen.ts';
import { isAccepted, isTokenUse, isVerified, type TokenUse, type Use } from '../use.ts';
import { DistinctWindow, KeyedState } from '../window.ts';

const MOST_FORGERS = 20_000;
const MOST_PROOF = 5;
const MOST_NAMES = 100;

interface Forger {
  readonly tokens: DistinctWindow;
  /** Whom its tokens name. */
  readonly claimed: Set<string>;
  /** No token had its first use at this address before it began; null: not looked at yet. */
  isStranger: boolean | null;
  proof: readonly Use[];
  /** When it last forged. */
  last: number;
}

/** Nobody does this by accident. */
const isDeliberate = (use: TokenUse): boolean => isUnsigned(use) || keyConfusionOf(use) !== null;

const none = (members: ExampleEvent): ExampleEvent => ({
  verdict: 'alg_none',
  alg: 'none',
  status: 401,
  ...members,
});
const fresh = (members: ExampleEvent): ExampleEvent => ({ token_id: 'fresh', ...members });
/** Somebody is let in before it all begins, so that the address is no stranger's. */
const before: ExampleEvent = { user_id: 'neighbour', token_id: 'neighbour' };
const other: ExampleEvent = { user_id: 'other' };

export const forgeryThenSuccess: Rule = defineRule({
  id: 'AL003',
  name: 'forgery-then-success',
  title: 'A forger got in with a good token',
  level: 'critical',
  attack: ['T1606', 'T1550.001'],
  condition:
    'An address sent an unsigned token, a public key taken for a secret, or several different forged tokens, and soon after it was let in with a verified token that nobody had used before: one of a user whom its forged tokens named, or the first new one that was let in from that address.',
  meaning:
    'Who tried to forge tokens now has one that is good: a key was guessed or stolen, a login was broken into, or the forger has an account here.',
  action:
    'Look at how the good token came to be. If no login explains it, change the signing key and end all sessions.',
  falsePositives: [
    'Security tests by people who have an account.',
    "A user who logs in while somebody else behind the same address forges tokens in that user's name.",
  ],
  thresholds: {
    tokens: { value: 3, unit: 'count', means: 'different forged tokens that are no accident' },
    span: { value: 900, unit: 'seconds', means: 'the time from the last forged token on' },
  },
  sigma: { none: 'needs to know which tokens and addresses were never seen before' },
  verdicts: [
    'valid',
    'expired',
    'not_yet_valid',
    'wrong_issuer',
    'wrong_audience',
    'bad_signature',
    'alg_none',
    'alg_not_allowed',
    'unknown_key',
  ],
  needs: 'news',
  start: ({ thresholds, report, bounded }) => {
    const span = thresholds.span * 1000;
    // Tokens, and addresses that were let in.
    const seen = new Seen();
    const newForger = (): Forger => ({
      tokens: new DistinctWindow(span, thresholds.tokens),
      claimed: new Set(),
      isStranger: null,
      proof: [],
      last: Number.NaN,
    });
    const forgers = new KeyedState(span, MOST_FORGERS, newForger, bounded);

    const forged = (use: TokenUse, ip: string): void => {
      const forger = forgers.at(ip, use.time);
      forger.isStranger ??= !seen.has(shortHashOf(ip));
      const { user } = use.token;
      if (user !== 'none' && forger.claimed.size < MOST_NAMES) forger.claimed.add(user);
      const proof = isDeliberate(use) ? [use] : forger.tokens.add(use.token.id, use);
      if (proof === null) return;
      forger.proof = [...forger.proof, ...proof].slice(-MOST_PROOF);
      forger.last = use.time;
    };

    const letIn = (use: TokenUse, ip: string): void => {
      if (!seen.add(use.token.hash)) return;
      seen.add(shortHashOf(ip));
      const forger = forgers.peek(ip, use.time);
      if (forger === undefined || !(use.time - forger.last < span)) return;
      const isClaimed = forger.claimed.has(use.token.user);
      if (!isClaimed && forger.isStranger !== true) return;
      const seconds = Math.round((use.time - forger.last) / 1000);
      const whose = isClaimed ? 'of a user whom they named' : 'the first from there';
      const why = `${seconds} s after forged tokens the address was let in with a new token, ${whose}`;
      report({ subject: ip, level: 'critical', uses: [...forger.proof, use], count: 1, why });
    };

    return {
      see: (use) => {
        const { ip } = use;
        if (!isTokenUse(use) || ip === null || Number.isNaN(use.time)) return;
        if (isVerified(use)) {
          if (isAccepted(use)) letIn(use, ip);
        } else if (isDeliberate(use) || isForged(use)) forged(use, ip);
      },
    };
  },
  hits: [
    {
      says: 'in the name of the user that it forged',
      events: [before, none({ at: 1 }), fresh({ at: 2 })],
      level: 'critical',
      count: 1,
    },
    {
      says: 'at the last moment',
      events: [before, none({ at: 1 }), none({ at: 100 }), fresh({ at: 999 })],
    },
    { says: 'as anybody, from a new address', events: [none(other), fresh({ at: 899 })] },
    {
      says: 'three forged tokens',
      events: [
        before,
        ...[1, 2, 3].map((at) =>
          none({ at, verdict: 'bad_signature', token_id: `forged ${at}`, ...other }),
        ),
        fresh({ at: 4, ...other }),
      ],
    },
    {
      says: 'a public key taken for a secret',
      events: [
        before,
        none({ at: 1, verdict: 'alg_not_allowed', reason: 'public_key_as_secret' }),
        fresh({ at: 2 }),
      ],
    },
    {
      says: 'an empty signature',
      events: [
        before,
        none({ at: 1, verdict: 'bad_signature', reason: 'signature_empty' }),
        fresh({ at: 2 }),
      ],
    },
    {
      says: 'refused first, then let in',
      events: [before, none({ at: 1 }), fresh({ at: 2, status: 403 }), fresh({ at: 3 })],
    },
  ],
  misses: [
    { says: 'when the span is over', events: [before, none({ at: 1 }), fresh({ at: 901 })] },
    {
      says: 'goes on with the token it had',
      events: [fresh({}), none({ at: 1 }), fresh({ at: 2 })],
    },
    {
      says: 'a neighbour logs in',
      events: [before, none({ at: 1, ...other }), fresh({ at: 2 })],
    },
    {
      says: 'names nobody, and nobody logs in',
      events: [
        before,
        none({ at: 1, user_id: null, user_id_type: 'none' }),
        fresh({ at: 2, user_id: null, user_id_type: 'none' }),
      ],
    },
    {
      says: 'from another address',
      events: [before, none({ at: 1, ip: '203.0.113.9' }), fresh({ at: 2 })],
    },
    { says: 'not let in', events: [before, none({ at: 1 }), fresh({ at: 2, status: 401 })] },
    {
      says: 'two forged tokens',
      events: [
        before,
        ...[1, 2, 2].map((at) => none({ at, verdict: 'bad_signature', token_id: `forged ${at}` })),
        fresh({ at: 4 }),
      ],
    },
    {
      says: 'the forged tokens come too far apart',
      events: [
        before,
        ...[1, 500, 901].map((at) =>
          none({ at, verdict: 'bad_signature', token_id: `forged ${at}` }),
        ),
        fresh({ at: 902 }),
      ],
    },
    {
      says: 'other failures',
      events: [
        before,
        ...[1, 2, 3].map((at) =>
          none({ at, verdict: 'unknown_key', token_id: `unknown ${at}`, reason: null }),
        ),
        fresh({ at: 4 }),
      ],
    },
    { says: 'no address', events: [none({ ip: null }), fresh({ at: 2, ip: null })] },
    { says: 'no time', events: [before, none({ at: null }), fresh({ at: 2 })] },
  ],
});
