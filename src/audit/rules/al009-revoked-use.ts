import { answerOf, isRefused } from '../answer.ts';
import type { Revoked } from '../context.ts';
import { defineRule, type Example, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, isVerified, type TokenUse } from '../use.ts';

/** Revocations that the log tells of; later ones are not remembered. */
const MOST_REVOCATIONS = 100_000;

/** What the log itself tells of revocations, by token and by `jti`. Times in milliseconds. */
class Told {
  readonly #byId = new Map<string, number>();
  readonly #byJti = new Map<string, number>();

  readonly #bounded: () => void;

  constructor(bounded: () => void) {
    this.#bounded = bounded;
  }

  add(use: TokenUse): void {
    if (this.#byId.size === MOST_REVOCATIONS) {
      this.#bounded();
      return;
    }
    const { id } = use.token;
    if (!this.#byId.has(id)) this.#byId.set(id, use.time);
    const jti = jtiOf(use);
    if (jti !== null && !this.#byJti.has(jti)) this.#byJti.set(jti, use.time);
  }

  since(use: TokenUse): number | null {
    if (this.#byId.size === 0) return null;
    const since = this.#byId.get(use.token.id);
    if (since !== undefined) return since;
    const jti = jtiOf(use);
    return (jti === null ? undefined : this.#byJti.get(jti)) ?? null;
  }
}

/** Null where the claim is hearsay: nobody may revoke, or be revoked, by a number that they made up. */
const jtiOf = (use: TokenUse): string | null => {
  const { iss, jti } = use.token;
  return jti === null || !isVerified(use) ? null : `${jti}\0${iss ?? ''}`;
};

const revocation = (members: ExampleEvent): ExampleEvent => ({
  event: 'token_revoked',
  status: null,
  ...members,
});
/** A list that names all tokens of the example since the given second. */
const listed = (second: number, of = '12345'): Example['context'] & object => {
  const since = Date.UTC(2026, 10, 2, 12) + second * 1000;
  const revoked: Revoked = { since: ({ userId }) => (userId === of ? since : null) };
  return { revoked };
};

export const revokedUse: Rule = defineRule({
  id: 'AL009',
  name: 'revoked-use',
  title: 'Token used after it was revoked',
  level: 'high',
  attack: ['T1550.001'],
  condition:
    'A token was used after its revocation, which the list of revocations tells, or an event token_revoked with that token. Low where the use was refused, and where nobody knows since when the token is revoked.',
  meaning:
    'Somebody goes on with a token that was taken out of use because its user logged out, lost it, or must not act any more. An answer of 2xx means that the server does not know of the revocation.',
  action:
    'After a 2xx make the server ask for revocations, and look at all that was done with the token since.',
  falsePositives: [
    'A second window of a user who logged out in the first: refused, it stays low.',
    'Servers that learn of revocations later than the grace allows.',
    'A token that the list names without a time, used before it was revoked.',
  ],
  thresholds: {
    grace: {
      value: 5,
      unit: 'seconds',
      means: 'the time that a revocation takes to reach all servers',
    },
  },
  sigma: { none: 'compares the times of two events, and asks the list of revocations' },
  verdicts: ['valid', 'expired', 'not_yet_valid', 'wrong_issuer', 'wrong_audience', 'unverified'],
  start: ({ thresholds, context: { revoked }, report, bounded }) => {
    const told = new Told(bounded);

    const sinceOf = (use: TokenUse): number | null => {
      // The guard knew of it, whatever is known here.
      if (use.reason === 'revoked') return Number.NEGATIVE_INFINITY;
      const since = told.since(use);
      if (since !== null || revoked === null || !isVerified(use)) return since;
      return revoked.since(use.token);
    };

    return {
      see: (use) => {
        if (!isTokenUse(use)) return;
        if (use.event === 'token_revoked') {
          if (!Number.isNaN(use.time)) told.add(use);
          return;
        }
        const since = sinceOf(use);
        if (since === null) return;
        const { id, user } = use.token;
        if (Number.isNaN(since)) {
          const why = `a token ${answerOf(use)} that was revoked, nobody knows when`;
          report({ subject: 'revoked some time', level: 'low', uses: [use], why });
          return;
        }
        const seconds = (use.time - since) / 1000;
        if (!(seconds >= thresholds.grace)) return;
        const after = Number.isFinite(seconds) ? `${Math.round(seconds)} s ` : '';
        const why = `a token ${answerOf(use)} ${after}after it was revoked`;
        if (isRefused(use)) {
          report({ subject: 'revoked and refused', level: 'low', uses: [use], why });
        } else {
          report({ subject: user === 'none' ? id : user, level: 'high', uses: [use], why });
        }
      },
    };
  },
  hits: [
    { says: 'on the list', events: [{ at: 105 }], context: listed(100), level: 'high' },
    { says: 'no answer', events: [{ at: 105, status: null }], context: listed(100), level: 'high' },
    { says: 'refused', events: [{ at: 105, status: 401 }], context: listed(100), level: 'low' },
    { says: 'revoked at an unknown time', events: [{}], context: listed(Number.NaN), level: 'low' },
    { says: 'told by the log', events: [revocation({}), { at: 5 }], level: 'high', count: 1 },
    {
      says: 'told twice',
      events: [revocation({}), revocation({ at: 4 }), { at: 5 }],
      level: 'high',
    },
    {
      says: 'told twice by jti',
      events: [
        revocation({ jti: '7', token_id: 'a' }),
        revocation({ at: 4, jti: '7', token_id: 'b' }),
        { at: 5, jti: '7' },
      ],
      level: 'high',
    },
    {
      says: 'told by jti of the same issuer',
      events: [
        revocation({ token_id: 'an older copy', jti: '7', iss: 'us' }),
        { at: 5, jti: '7', iss: 'us' },
      ],
      level: 'high',
    },
    {
      says: 'told by a recorder without keys',
      events: [revocation({ verdict: 'unverified' }), { at: 5, verdict: 'unverified' }],
      level: 'high',
    },
    {
      says: 'told of another, and on the list',
      events: [revocation({ token_id: 'another' }), { at: 105 }],
      context: listed(100),
      level: 'high',
    },
    {
      says: 'of nobody',
      events: [revocation({}), { at: 5, user_id: null, user_id_type: 'none' }],
      level: 'high',
    },
    { says: 'known to the guard', events: [{ reason: 'revoked', status: 401 }], level: 'low' },
  ],
  misses: [
    { says: 'before the grace is over', events: [{ at: 104 }], context: listed(100) },
    { says: 'used, then revoked', events: [{}, revocation({ at: 9 }), revocation({ at: 20 })] },
    { says: 'right before and after', events: [{}, revocation({ at: 9 }), { at: 13 }] },
    { says: 'another user on the list', events: [{ at: 105 }], context: listed(100, '6') },
    { says: 'another token', events: [revocation({}), { at: 9, token_id: 'b' }] },
    {
      says: 'another jti, another issuer',
      events: [
        revocation({ token_id: 'a', jti: '7', iss: 'us' }),
        { at: 9, token_id: 'b', jti: '8', iss: 'us' },
        { at: 9, token_id: 'c', jti: '7', iss: 'them' },
      ],
    },
    {
      says: 'a jti that nobody vouches for',
      events: [
        revocation({ token_id: 'a', jti: '7', verdict: 'unverified' }),
        { at: 9, token_id: 'b', jti: '7' },
        revocation({ token_id: 'c', jti: '8' }),
        { at: 9, token_id: 'd', jti: '8', verdict: 'unverified' },
      ],
    },
    {
      says: 'not verified, on the list',
      events: [{ at: 105, verdict: 'unverified' }],
      context: listed(100),
    },
    { says: 'no time', events: [revocation({}), { at: null }] },
    { says: 'revoked without a time', events: [revocation({ at: null }), { at: 9 }] },
    { says: 'nothing is revoked', events: [{ at: 9 }, { at: 20, status: 401 }] },
  ],
});
