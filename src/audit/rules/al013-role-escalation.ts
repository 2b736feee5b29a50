import { createPrivilegesOf } from '../privilege.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, isVerified, type TokenUse, type Use } from '../use.ts';
import { KeyedState } from '../window.ts';

const MOST_USERS = 50_000;

/** Tokens of one user by one issuer. */
interface Line {
  readonly iss: string | null;
  /** First use of the token that was issued last. */
  newest: TokenUse | null;
  /** Its iat, and what it grants. */
  iat: number;
  granted: readonly string[];
  /** By privilege: the end of the last token that grants it, seconds. */
  readonly held: Map<string, number>;
  readonly next: Line | null;
}

interface User {
  /** The first of those of the user's issuers, which are mostly one. */
  lines: Line | null;
  /** When somebody last gave the user a role or a token, milliseconds. */
  granted: number;
}

const newUser = (): User => ({ lines: null, granted: Number.NaN });

const GRANTS: readonly string[] = ['role_changed', 'token_issued'];

const lineOf = (user: User, iss: string | null): Line => {
  for (let line = user.lines; line !== null; line = line.next) if (line.iss === iss) return line;
  return (user.lines = {
    iss,
    newest: null,
    iat: Number.NEGATIVE_INFINITY,
    granted: [],
    held: new Map(),
    next: user.lines,
  });
};

/** When examples begin, seconds. */
const START = Date.UTC(2026, 10, 2, 12) / 1000;
/** A token that is issued, and used, so many seconds after the start, good for five minutes. */
const issued = (at: number, members: ExampleEvent = {}): ExampleEvent => ({
  at,
  token_id: `issued at ${at}`,
  iss: 'us',
  iat: START + at,
  exp: START + at + 300,
  roles: ['reader'],
  ...members,
});
const admin = (at: number, members: ExampleEvent = {}): ExampleEvent =>
  issued(at, { token_id: `admin at ${at}`, roles: ['admin', 'reader'], ...members });
const told = (at: number | null, event: string, members: ExampleEvent = {}): ExampleEvent => ({
  at,
  verdict: null,
  event,
  user_id: '12345',
  user_id_type: 'string',
  ...members,
});
const nobody = { user_id: null, user_id_type: 'none' } as const;

export const roleEscalation: Rule = defineRule({
  id: 'AL013',
  name: 'role-escalation',
  title: 'User gained a privileged role',
  level: 'medium',
  attack: ['T1098', 'T1548'],
  condition:
    'A verified token grants a privileged role or scope which neither the token of the same user and issuer before it (by iat) granted nor any other that was still good. High where no event role_changed or token_issued tells of it, though the log has such events. Tokens without iat are left out.',
  meaning:
    'Somebody made the user an administrator, or somebody can sign tokens and made one for themselves. The first is done by people who can be asked.',
  action:
    'Ask who granted the role. If nobody did, the signing key or the issuer is in the hands of somebody else: change the key.',
  falsePositives: [
    'A promotion, or a role that is granted for an hour at a time.',
    'A client that asks for different scopes each time.',
    'Grants that are recorded elsewhere, while some are recorded here.',
  ],
  thresholds: {},
  sigma: { none: 'compares the roles of two tokens' },
  verdicts: null,
  // What is known of a user only grows: a token again would change nothing.
  needs: 'news',
  events: GRANTS,
  start: ({ context: { privilegedRoles }, report, bounded }) => {
    const users = new KeyedState(Number.POSITIVE_INFINITY, MOST_USERS, newUser, bounded);
    const privilegesOf = createPrivilegesOf(privilegedRoles);
    let hasGrants = false;

    const granted = (use: Use): void => {
      hasGrants = true;
      // What a token that was issued grants is in the token.
      const isOfToken = use.event === 'token_issued' && use.token !== null;
      if (!isOfToken) users.at(use.user, use.time).granted = use.time;
    };

    const used = (use: TokenUse): void => {
      const { token } = use;
      const { user: name, userId, iat } = token;
      if (userId === null || Number.isNaN(iat)) return;
      const user = users.at(name, use.time);
      const line = lineOf(user, token.iss);
      const { newest: before, iat: since, granted: had, held } = line;
      const privileges = privilegesOf(token);
      const isNewest = iat > since;
      if (isNewest) {
        line.newest = use;
        line.iat = iat;
        line.granted = privileges;
      }
      // Mostly there are none.
      if (privileges.length === 0) return;
      const gained: string[] = [];
      for (const privilege of privileges) {
        const until = held.get(privilege) ?? Number.NEGATIVE_INFINITY;
        if (until <= iat && !had.includes(privilege)) gained.push(privilege);
        // Without exp the maximum is NaN for ever, which is never at or before an iat.
        held.set(privilege, Math.max(until, token.exp));
      }
      if (before === null || !isNewest || gained.length === 0) return;
      const isExplained = use.event === 'token_issued' || user.granted >= since * 1000;
      const what = `gained ${gained.join(', ')} with a token issued ${iat - since} s after the one before`;
      report({
        subject: `${name}\0${token.iss ?? ''}`,
        level: hasGrants && !isExplained ? 'high' : 'medium',
        uses: [before, use],
        count: 1,
        why: hasGrants && !isExplained ? `${what}, and no event tells who granted it` : what,
      });
    };

    return {
      see: (use) => {
        if (use.token !== null && !isVerified(use)) return;
        if (GRANTS.includes(use.event ?? '')) granted(use);
        if (isTokenUse(use)) used(use);
      },
    };
  },
  hits: [
    { says: 'a role', events: [issued(0), admin(60)], level: 'medium', count: 1 },
    { says: 'a scope', events: [issued(0), issued(60, { scopes: ['read', 'Admin'] })] },
    { says: 'without issuer', events: [issued(0, { iss: null }), admin(60, { iss: null })] },
    {
      says: 'again, when all that granted it has ended',
      events: [admin(0), issued(60), admin(300)],
      count: 1,
    },
    {
      says: 'with a token that was issued later and used sooner than another',
      events: [issued(0), admin(60), issued(61, { iat: START + 30 })],
      count: 1,
    },
    {
      says: 'granted by an event',
      events: [issued(0), told(0, 'role_changed'), admin(60)],
      level: 'medium',
    },
    {
      says: 'issued by an event without the token',
      events: [issued(0), told(60, 'token_issued'), admin(60)],
      level: 'medium',
    },
    {
      says: 'issued by an event with the token',
      events: [issued(0), admin(60, { event: 'token_issued' }), admin(61, { iat: START + 60 })],
      level: 'medium',
      count: 1,
    },
    {
      says: 'granted by an event with the token before',
      events: [issued(0), issued(30, { event: 'role_changed' }), admin(60)],
      level: 'medium',
    },
    {
      says: 'after a token of which nobody knows when it was issued',
      events: [issued(0, { iat: null }), issued(30), admin(60)],
    },
    {
      says: 'others are granted by events, this one is not',
      events: [issued(0), told(30, 'role_changed', { user_id: 'other' }), admin(60)],
      level: 'high',
    },
    {
      says: 'the token before was issued by an event, this one was not',
      events: [issued(0, { event: 'token_issued' }), admin(60)],
      level: 'high',
    },
    {
      says: 'an event before the token before',
      events: [told(-1, 'role_changed'), issued(0), admin(60)],
      level: 'high',
    },
    {
      says: 'an event without a time',
      events: [issued(0), told(null, 'role_changed'), admin(60)],
      level: 'high',
    },
    {
      says: 'an event whose token nobody vouches for',
      events: [
        issued(0),
        told(20, 'role_changed', { user_id: 'other' }),
        issued(30, { verdict: 'bad_signature', event: 'role_changed' }),
        admin(60),
      ],
      level: 'high',
    },
    { says: 'no time', events: [issued(0, { at: null }), admin(60, { at: null })] },
  ],
  misses: [
    { says: 'the first token', events: [admin(0), admin(60)] },
    { says: 'the token before had it, and ended long ago', events: [admin(0), admin(9000)] },
    { says: 'an ordinary role', events: [issued(0), issued(60, { roles: ['editor'] })] },
    { says: 'a lost role', events: [admin(0), issued(60)] },
    { says: 'an older token', events: [issued(60), admin(61, { iat: START })] },
    { says: 'issued at once', events: [issued(0), admin(0)] },
    {
      says: 'tokens with and without it, side by side',
      events: [admin(0), issued(60), admin(299)],
    },
    {
      says: 'side by side with a token without end',
      events: [admin(0, { exp: null }), issued(60), admin(9000)],
    },
    { says: 'of another user', events: [issued(0), admin(60, { user_id: 'other' })] },
    { says: 'of another issuer', events: [issued(0), admin(60, { iss: 'them' })] },
    { says: 'of nobody', events: [issued(0, nobody), admin(60, nobody)] },
    { says: 'forged', events: [issued(0), admin(60, { verdict: 'bad_signature' })] },
    { says: 'compared with a forged one', events: [issued(0, { verdict: 'alg_none' }), admin(60)] },
    {
      says: 'nobody knows when it was issued',
      events: [issued(0, { iat: null }), admin(60), admin(61, { iat: null })],
    },
  ],
});
