import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type TokenUse, type Use } from '../use.ts';
import { CountWindow, DistinctWindow, KeyedState } from '../window.ts';

const MOST_TOKENS = 1 << 14;

/** What one token was used for. */
interface Walk {
  readonly paths: DistinctWindow;
  readonly refusals: CountWindow;
  /** The last use in it. */
  last: TokenUse | null;
  isTold: boolean;
}

interface Found {
  readonly uses: readonly Use[];
  readonly what: string;
}

const add = (walked: Walk, use: Use): Found | null => {
  const { status, path } = use;
  const refusals = status === 403 ? walked.refusals.add(use) : null;
  const paths = path === null ? null : walked.paths.add(path, use);
  if (paths !== null) return { uses: paths, what: 'different paths' };
  return refusals === null ? null : { uses: refusals, what: 'answers with 403' };
};

const visit = (path: string | null, at: number, members: ExampleEvent = {}): ExampleEvent => ({
  path,
  at,
  exp: null,
  ...members,
});
const walk = (number: number, members: ExampleEvent = {}): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) => visit(`/orders/${i}`, i, members));
const refused = (number: number): readonly ExampleEvent[] =>
  Array.from({ length: number }, (_, i) => visit('/admin', i, { status: 403 }));

export const enumeration: Rule = defineRule({
  id: 'AL027',
  name: 'enumeration',
  title: 'One token tries everything',
  level: 'medium',
  attack: ['T1087', 'T1119'],
  condition:
    'Within minutes one valid token was used for many different paths, or was answered with 403 many times.',
  meaning:
    'Somebody looks what there is, number by number or page by page, or what the token may do: a user who collects data, or a thief who does not know the place.',
  action:
    'Look at the paths and what was answered. Limit requests per token, and revoke it if the user does not know of this.',
  falsePositives: [
    'Programs that fetch a whole list item by item, such as exports and backups.',
    'Load tests, crawlers and scanners of your own.',
    'A page that asks for what its user may not see, on every view.',
  ],
  thresholds: {
    paths: { value: 50, unit: 'count', means: 'different paths' },
    refusals: { value: 20, unit: 'count', means: 'answers with 403' },
    span: { value: 300, unit: 'seconds', means: 'the time in which they come' },
  },
  sigma: { none: 'a count of paths or of refusals would be two correlations' },
  verdicts: ['valid'],
  start: ({ thresholds, report, bounded }) => {
    const span = thresholds.span * 1000;
    const newWalk = (): Walk => ({
      paths: new DistinctWindow(span, thresholds.paths),
      refusals: new CountWindow(span, thresholds.refusals),
      last: null,
      isTold: false,
    });
    const walks = new KeyedState(span, MOST_TOKENS, newWalk, bounded);

    return {
      see: (use, previous) => {
        // Most tokens rest between their uses, and need no state.
        if (previous === null || !isTokenUse(use) || use.time - previous.time >= span) return;
        const { id, user } = use.token;
        const walked = walks.at(id, use.time);
        if (walked.last !== previous) {
          walked.isTold = false;
          add(walked, previous);
        }
        walked.last = use;
        const found = add(walked, use);
        if (found === null) return;
        const { uses, what } = found;
        const proof = walked.isTold ? [use] : uses;
        walked.isTold = true;
        report({
          subject: user === 'none' ? id : user,
          level: 'medium',
          uses: proof,
          why: `${uses.length} ${what} or more with one token within ${thresholds.span} s`,
        });
      },
    };
  },
  hits: [
    { says: 'many paths', events: walk(50), level: 'medium', count: 50 },
    { says: 'it goes on', events: walk(53), level: 'medium', count: 53 },
    {
      says: 'again, after a rest',
      events: [...walk(50), ...walk(50).map((event) => ({ ...event, at: 400 + event.at! }))],
      count: 100,
    },
    { says: 'many refusals', events: refused(20), level: 'medium', count: 20 },
    { says: 'many refusals, more of them', events: refused(22), level: 'medium', count: 22 },
    {
      says: 'many paths, at the last moment',
      events: [...walk(49), visit('/last', 299)],
    },
    {
      says: 'many refusals, at the last moment',
      events: [...refused(19), visit('/admin', 299, { status: 403 })],
    },
    {
      says: 'a token of nobody, known from long before',
      events: [visit('/', -9000), ...walk(50)].map((event) => ({
        ...event,
        user_id: null,
        user_id_type: 'none' as const,
      })),
      count: 50,
    },
  ],
  misses: [
    { says: 'not many paths', events: walk(49) },
    { says: 'not many refusals', events: refused(19) },
    { says: 'many paths when the span is over', events: [...walk(49), visit('/last', 300)] },
    {
      says: 'many refusals when the span is over',
      events: [...refused(19), visit('/admin', 300, { status: 403 })],
    },
    { says: 'few paths again and again', events: [...walk(49), ...walk(49)] },
    {
      says: 'other answers',
      events: refused(60).map((event) => ({ ...event, status: 404 })),
    },
    {
      says: 'a token each',
      events: walk(60).map((event, i) => ({ ...event, token_id: `token ${i % 2}` })),
    },
    { says: 'no paths', events: walk(60).map((event) => ({ ...event, path: null })) },
    { says: 'expired', events: walk(60, { verdict: 'expired' }) },
    { says: 'no time', events: walk(60).map((event) => ({ ...event, at: null })) },
  ],
});
