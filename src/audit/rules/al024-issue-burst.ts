import type { Level } from '../level.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isVerified, type Use } from '../use.ts';
import { CountWindow, DistinctWindow, KeyedState } from '../window.ts';

const MOST_ACTORS = 4096;

/** Tokens that were issued to one actor. */
interface Issuing {
  readonly tokens: CountWindow;
  readonly users: DistinctWindow;
  isTold: boolean;
}

/** Where the tokens went, as far as the event tells. */
const actorOf = ({ ip, file }: Use): { readonly name: string; readonly level: Level } =>
  ip === null ? { name: `file ${file ?? ''}`, level: 'low' } : { name: ip, level: 'medium' };

const issue = (members: ExampleEvent): ExampleEvent => ({
  event: 'token_issued',
  status: null,
  ...members,
});
/** One after the other, to so many users. */
const burst = (
  number: number,
  users: number,
  pause = 1,
  members: ExampleEvent = {},
): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) =>
    issue({ at: i * pause, token_id: `token ${i}`, user_id: `user ${i % users}`, ...members }),
  );
const nobody: ExampleEvent = { user_id: null, user_id_type: 'none' };

export const issueBurst: Rule = defineRule({
  id: 'AL024',
  name: 'issue-burst',
  title: 'Many tokens issued at once',
  level: 'medium',
  attack: ['T1098.001'],
  condition:
    'Within minutes many events token_issued came from one address, or events for many users. Known networks are left out. Low where the events tell no address: then all in one file count together, whoever asked for them.',
  meaning:
    'Somebody makes a stock of tokens, or tokens for users who did not ask for them: an account that may issue tokens, or the issuer, is in wrong hands.',
  action:
    'Find out who ran the issuer from there. Revoke the tokens that nobody asked for, and change the credentials of that account.',
  falsePositives: [
    'Many users behind one address who log in when their day begins: name its network as known.',
    'An import, a migration or a load test.',
    'An issuer that records no addresses, when many log in: it stays low.',
  ],
  thresholds: {
    tokens: { value: 50, unit: 'count', means: 'tokens issued to one address' },
    users: { value: 10, unit: 'count', means: 'users whom they are for' },
    span: { value: 300, unit: 'seconds', means: 'the time in which they are issued' },
  },
  sigma: {
    none: 'a count of tokens or of users would be two correlations, and networks are left out',
  },
  // Events without a token tell of issues too.
  verdicts: null,
  needs: 'events',
  events: ['token_issued'],
  start: ({ thresholds, context: { knownNetworks }, report, bounded }) => {
    const span = thresholds.span * 1000;
    const newIssuing = (): Issuing => ({
      tokens: new CountWindow(span, thresholds.tokens),
      users: new DistinctWindow(span, thresholds.users),
      isTold: false,
    });
    const actors = new KeyedState(span, MOST_ACTORS, newIssuing, bounded);
    return {
      see: (use) => {
        if (use.event !== 'token_issued' || Number.isNaN(use.time)) return;
        // Nobody issues a token that does not verify.
        if (use.token !== null && !isVerified(use)) return;
        if (use.ip !== null && knownNetworks.has(use.ip)) return;
        const { name, level } = actorOf(use);
        const state = actors.at(name, use.time);
        const tokens = state.tokens.add(use);
        const users = use.user === 'none' ? null : state.users.add(use.user, use);
        const uses = tokens ?? users;
        if (uses === null) return;
        const proof = state.isTold ? [use] : uses;
        state.isTold = true;
        const what = tokens === null ? `tokens for ${uses.length} users` : `${uses.length} tokens`;
        const where = use.ip === null ? 'recorded in one file' : 'issued to one address';
        const why = `${what} or more were ${where} within ${thresholds.span} s`;
        report({ subject: name, level, uses: proof, why });
      },
    };
  },
  hits: [
    { says: 'many tokens', events: burst(50, 9), level: 'medium', count: 50 },
    { says: 'for many users', events: burst(10, 10), level: 'medium', count: 10 },
    { says: 'it goes on', events: burst(12, 12), level: 'medium', count: 12 },
    {
      says: 'many tokens of nobody, at the last moment',
      events: [...burst(49, 1, 1, nobody), issue({ ...nobody, at: 299 })],
    },
    {
      says: 'for many users, at the last moment',
      events: [...burst(9, 9), issue({ at: 299, user_id: 'last' })],
    },
    { says: 'no address', events: burst(10, 10, 1, { ip: null }), level: 'low' },
    { says: 'no address and no file', events: burst(10, 10, 1, { ip: null, file: null }) },
    {
      says: 'told without the tokens',
      events: burst(10, 10, 1, { verdict: null, user_id_type: 'string' }).map(
        ({ token_id: _id, ...event }) => event,
      ),
      level: 'medium',
    },
  ],
  misses: [
    { says: 'not many tokens, not many users', events: burst(49, 9) },
    {
      says: 'many tokens when the span is over',
      events: [...burst(49, 1), issue({ at: 300 })],
    },
    {
      says: 'many users when the span is over',
      events: [...burst(9, 9), issue({ at: 300, user_id: 'last' })],
    },
    {
      says: 'to an address each',
      events: burst(10, 10).map((event, i) => ({ ...event, ip: `203.0.113.${i}` })),
    },
    {
      says: 'recorded in a file each',
      events: burst(10, 10).map((event, i) => ({ ...event, ip: null, file: `${i}.log` })),
    },
    {
      says: 'to a known network',
      events: burst(60, 60),
      context: { knownNetworks: { has: () => true } },
    },
    { says: 'used, not issued', events: burst(60, 60, 1, { event: 'access_allowed' }) },
    { says: 'forged', events: burst(60, 60, 1, { verdict: 'bad_signature' }) },
    { says: 'no time', events: burst(60, 60, 1, { at: null }) },
  ],
});
