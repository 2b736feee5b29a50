import { shortHashOf } from '../../event/text-hash.ts';
import { defineRule, type Example, type ExampleEvent, type Rule } from '../rule.ts';
import { Seen } from '../seen.ts';
import { isTokenUse, type TokenUse } from '../use.ts';

const MOST_ISSUERS = 1000;
/** Tokens of one issuer whose records have not come yet. */
const MOST_MISSING = 10_000;

/** Events that record a token as issued. */
const ISSUES: ReadonlySet<string | null> = new Set(['token_issued', 'token_refreshed']);

/** What the records of one issuer tell. Times in milliseconds. */
interface Issuer {
  readonly first: number;
  last: number;
  records: number;
  /** First uses of tokens without a record, by token. */
  readonly missing: Map<string, TokenUse>;
}

const numberOf = ({ token: { iss, jti } }: TokenUse): string | null =>
  jti === null ? null : `${jti}\0${iss ?? ''}`;

const START = Date.UTC(2026, 10, 2, 12) / 1000;
const token = (name: string, at: number, members: ExampleEvent = {}): ExampleEvent => ({
  token_id: name,
  at,
  iat: START + at,
  exp: START + 9000,
  ...members,
});
const record = (name: string, at: number, members: ExampleEvent = {}): ExampleEvent =>
  token(name, at, { event: 'token_issued', status: null, ...members });
/** Records before and after whatever happens between. */
const among = (...events: readonly ExampleEvent[]): Example['events'] => [
  record('a', 0),
  ...events,
  record('z', 5000),
];

export const unissuedToken: Rule = defineRule({
  id: 'AL023',
  name: 'unissued-token',
  title: 'Good token that was never issued',
  level: 'critical',
  attack: ['T1606', 'T1552.004'],
  condition:
    'The log tells of tokens that were issued (events token_issued, token_refreshed), and a verified token of the same issuer, issued after the first of these records and used before the last, has none, neither by token_id nor by iss and jti. Low where more tokens lack a record than have one: then the records are incomplete.',
  meaning: 'Somebody else signs with your key: it was stolen or guessed, and they can be anyone.',
  action:
    'Make sure that every issuer of these tokens records them. If so, change the key at once, and treat all that these tokens did as done by an intruder.',
  falsePositives: [
    'A second program that issues tokens with the same key and iss and does not record them.',
    'Records that were lost, or are missing from what was read: give audit all of them.',
    'A clock of the issuer that is ahead by more than the leeway.',
  ],
  thresholds: {
    grace: { value: 60, unit: 'seconds', means: 'the time in which a record comes at the latest' },
  },
  sigma: { none: 'looks for records that are not there' },
  verdicts: ['valid', 'expired', 'not_yet_valid', 'wrong_issuer', 'wrong_audience'],
  start: ({ thresholds, context: { leeway }, report, bounded }) => {
    const issuers = new Map<string | null, Issuer>();
    // What it takes for known though it is not, it never accuses.
    let known: Seen | null = null;

    const addRecord = (use: TokenUse): void => {
      const { hash, iss } = use.token;
      const number = numberOf(use);
      known ??= new Seen();
      known.add(hash);
      if (number !== null) known.add(shortHashOf(number));
      if (Number.isNaN(use.time)) return;
      const issuer = issuers.get(iss);
      if (issuer !== undefined) {
        issuer.records++;
        issuer.last = Math.max(issuer.last, use.time);
        return;
      }
      if (issuers.size === MOST_ISSUERS) {
        bounded();
        return;
      }
      issuers.set(iss, { first: use.time, last: use.time, records: 1, missing: new Map() });
    };

    const isKnown = (use: TokenUse): boolean => {
      const number = numberOf(use);
      return known!.has(use.token.hash) || (number !== null && known!.has(shortHashOf(number)));
    };

    return {
      see: (use) => {
        if (!isTokenUse(use)) return;
        if (ISSUES.has(use.event)) {
          addRecord(use);
          return;
        }
        const issuer = issuers.get(use.token.iss);
        if (issuer === undefined) return;
        const { id, iat } = use.token;
        // On the safe side of the leeway: the first record may be younger than the recording.
        if (!(iat - leeway >= issuer.first / 1000) || isKnown(use)) return;
        const { missing } = issuer;
        if (missing.has(id) || Number.isNaN(use.time)) return;
        if (missing.size === MOST_MISSING) {
          bounded();
          return;
        }
        missing.set(id, use);
      },
      end: () => {
        for (const [iss, { missing, last, records }] of issuers) {
          const unissued = [...missing.values()].filter(
            (use) => last - use.time >= thresholds.grace * 1000 && !isKnown(use),
          );
          const level = unissued.length > records ? 'low' : 'critical';
          const why = `a verified token has no record of its issue, and the issuer has ${records} records of others`;
          for (const use of unissued) {
            report({ subject: iss ?? 'no issuer', level, uses: [use], why });
          }
        }
      },
    };
  },
  hits: [
    { says: 'no record', events: among(token('x', 10)), level: 'critical', count: 1 },
    {
      says: 'used again',
      events: among(token('x', 10), token('x', 20, { iat: START + 10 })),
      count: 1,
    },
    { says: 'issued with the first record', events: among(token('x', 0)), level: 'critical' },
    {
      says: 'records go on long enough',
      events: [record('a', 0), token('x', 10), record('b', 70)],
      level: 'critical',
    },
    {
      says: 'records of refreshed tokens',
      events: among(token('x', 10)).map((event) =>
        event.event === 'token_issued' ? { ...event, event: 'token_refreshed' } : event,
      ),
    },
    {
      says: 'behind the leeway',
      events: among(token('x', 10)),
      context: { leeway: 10 },
      level: 'critical',
    },
    {
      says: 'as many with records as without',
      events: among(token('x', 10), token('y', 20)),
      level: 'critical',
      count: 2,
    },
    {
      says: 'more without records than with',
      events: among(token('x', 10), token('y', 20), token('w', 30)),
      level: 'low',
      count: 3,
    },
    {
      says: 'the jti of another issuer',
      events: among(record('b', 1, { iss: 'them', jti: '7' }), token('x', 10, { jti: '7' })),
    },
    {
      says: 'a jti, and records without one',
      events: among(token('x', 10, { jti: '7' })),
    },
    {
      says: 'used at no known time too',
      events: [
        record('a', 0),
        record('b', 4000),
        token('x', 10, { at: null }),
        token('x', 10, { at: 4010 }),
        record('z', 5000),
      ],
      count: 1,
    },
    {
      says: 'the record is one of a forged token',
      events: among(
        record('b', 1, { verdict: 'bad_signature', iss: null, jti: '7' }),
        token('x', 10, { jti: '7' }),
      ),
    },
  ],
  misses: [
    { says: 'no records at all', events: [token('x', 10), token('y', 20)] },
    { says: 'recorded', events: among(record('x', 10), token('x', 11, { iat: START + 10 })) },
    {
      says: 'recorded late',
      events: among(token('x', 10), record('x', 2000, { iat: START + 10 })),
    },
    {
      says: 'recorded by iss and jti',
      events: among(record('b', 9, { jti: '7' }), token('x', 10, { jti: '7' })),
    },
    {
      says: 'recorded by iss and jti, late',
      events: among(token('x', 10, { jti: '7' }), record('b', 2000, { jti: '7' })),
    },
    { says: 'another issuer', events: among(token('x', 10, { iss: 'them' })) },
    { says: 'issued before the records began', events: among(token('x', 10, { iat: START - 1 })) },
    {
      says: 'within the leeway of the first record',
      events: among(token('x', 10)),
      context: { leeway: 11 },
    },
    {
      says: 'not long before the last record',
      events: [record('a', 0), token('x', 10), record('b', 69)],
    },
    { says: 'nobody knows when it was issued', events: among(token('x', 10, { iat: null })) },
    { says: 'forged', events: among(token('x', 10, { verdict: 'bad_signature' })) },
    {
      says: 'no times',
      events: [record('a', 0, { at: null }), token('x', 10), record('z', 0, { at: null })],
    },
    { says: 'a use without a time', events: among(token('x', 10, { at: null })) },
    { says: 'no token', events: among({ verdict: null, at: 10 }) },
  ],
});
