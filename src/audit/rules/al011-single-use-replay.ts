import { answerOf, isRefused } from '../answer.ts';
import type { AuditContext } from '../context.ts';
import { defineRule, type Example, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type TokenUse, type Use } from '../use.ts';
import { CountWindow, KeyedState } from '../window.ts';

const MOST_TOKENS = 100_000;
const MONTH = 30 * 86_400;

/** What became of a token that is good for one use. */
interface Spending {
  readonly uses: CountWindow;
  /** The last use that may have spent it. */
  last: Use | null;
  isTold: boolean;
}

/** Media types have no letter case, and `application/` may be left out (RFC 7515 section 4.1.9). */
const mediaType = (typ: string): string => typ.toLowerCase().replace(/^application\//, '');

/** By its number, else by itself: an issuer may put one `jti` into several copies. */
const nameOf = ({ token: { id, iss, jti } }: TokenUse): string =>
  jti === null ? id : `${jti}\0${iss ?? ''}`;

/** The request came to nothing, so that the client may ask again. */
const isFailed = (use: Use): boolean => isRefused(use) || use.status >= 500;

const login = (members: ExampleEvent): ExampleEvent => ({
  typ: 'login-link+jwt',
  iss: 'us',
  jti: '7',
  path: '/login',
  ...members,
});
const twice = (first: ExampleEvent, second: ExampleEvent): readonly ExampleEvent[] => [
  login({ request_id: 'first', ...first }),
  login({ at: 30, request_id: 'second', ...second }),
];
const types: Partial<AuditContext> = { oneTimeTypes: ['login-link+jwt'] };
const paths: Partial<AuditContext> = { oneTimePaths: ['/token', '/login'] };
const typed = (says: string, events: readonly ExampleEvent[]): Example => ({
  says,
  events,
  context: types,
});

export const singleUseReplay: Rule = defineRule({
  id: 'AL011',
  name: 'single-use-replay',
  title: 'Token for one use was used again',
  level: 'high',
  attack: ['T1550.001'],
  condition:
    'A token of a type, or at a path, that the configuration names as good for one use came in different requests, and more than one of them was not refused. Low where all but the first were refused.',
  meaning:
    'Links to log in, refresh tokens and client assertions must be worth nothing once they were used. Somebody has a copy, and the server does not remember what was spent.',
  action:
    'Make the server remember each jti until its exp. End the session that the second use began, and find out where the copy came from.',
  falsePositives: [
    'A client whose first answer got lost, and that asks again under another request id.',
    'Programs that open the links in mails before the reader does.',
    'A path named in the configuration where other tokens are used too.',
  ],
  thresholds: {
    uses: { value: 2, unit: 'count', means: 'requests with one token' },
    span: { value: MONTH, unit: 'seconds', means: 'the time in which they come' },
    retold: {
      value: 1,
      unit: 'seconds',
      means:
        'the time in which lines without request ids, of one address and path, are one request',
    },
  },
  sigma: { none: 'Which tokens are good for one use only is said in the configuration.' },
  verdicts: ['valid'],
  start: ({ thresholds, context: { oneTimeTypes, oneTimePaths }, report, bounded }) => {
    if (oneTimeTypes.length === 0 && oneTimePaths.length === 0) return null;
    const names = new Set(oneTimeTypes.map(mediaType));
    const span = thresholds.span * 1000;
    const newSpending = (): Spending => ({
      uses: new CountWindow(span, thresholds.uses),
      last: null,
      isTold: false,
    });
    const tokens = new KeyedState(span, MOST_TOKENS, newSpending, bounded);

    const isOfType = ({ token: { typ } }: TokenUse): boolean =>
      typ !== null && names.has(mediaType(typ));

    const isOneTime = (use: TokenUse): boolean =>
      isOfType(use) || oneTimePaths.some((start) => use.path?.startsWith(start) === true);

    const isSameRequest = (a: Use, b: Use): boolean =>
      a.requestId === b.requestId &&
      (a.requestId !== null ||
        (a.ip === b.ip && a.path === b.path && b.time - a.time < thresholds.retold * 1000));

    return {
      concerns: (use) => oneTimePaths.length > 0 || isOfType(use),
      see: (use) => {
        if (!isTokenUse(use) || Number.isNaN(use.time) || !isOneTime(use)) return;
        const spending = tokens.at(nameOf(use), use.time);
        const { last } = spending;
        if (last !== null && isSameRequest(last, use)) return;
        if (isFailed(use)) {
          if (last === null || !(use.time - last.time < span)) return;
          const why = `a token for one use ${answerOf(use)} when it came again`;
          report({ subject: 'refused again', level: 'low', uses: [last, use], count: 1, why });
          return;
        }
        spending.last = use;
        const uses = spending.uses.add(use);
        if (uses === null) return;
        const proof = spending.isTold ? [use] : uses;
        spending.isTold = true;
        const why = `a token for one use ${answerOf(use)} in another request than before`;
        report({ subject: use.ip ?? use.token.user, level: 'high', uses: proof, why });
      },
    };
  },
  hits: [
    { ...typed('of a type for one use', twice({}, {})), level: 'high', count: 2 },
    { ...typed('a third time', [...twice({}, {}), login({ at: 40 })]), count: 3 },
    typed('another copy', twice({}, { token_id: 'copy' })),
    typed('spelled otherwise', twice({}, { typ: 'application/Login-Link+JWT' })),
    typed('without jti', twice({ jti: null }, { jti: null })),
    typed('without issuer', twice({ iss: null }, { iss: null, token_id: 'copy' })),
    typed('at the last moment', twice({}, { at: MONTH - 1 })),
    typed('nobody knows the answer', twice({ status: null }, { status: null })),
    typed('without request ids, a second later', [login({}), login({ at: 1 })]),
    typed('without request ids, from elsewhere', [login({}), login({ ip: '203.0.113.7' })]),
    typed('without request ids, elsewhere in the server', [login({}), login({ path: '/' })]),
    { ...typed('refused again', twice({}, { status: 401 })), level: 'low', count: 1 },
    { ...typed('failed again', twice({}, { status: 500 })), level: 'low' },
    {
      ...typed('refused at the last moment', twice({}, { at: MONTH - 1, status: 401 })),
      level: 'low',
    },
    {
      says: 'at a path for one use',
      events: twice({ typ: 'JWT' }, { typ: 'JWT', path: '/login?again' }),
      context: paths,
      level: 'high',
    },
  ],
  misses: [
    typed('used once', [login({})]),
    typed('the same request told late', twice({}, { at: 600, request_id: 'first' })),
    typed('the same request told twice', [login({}), login({})]),
    typed('refused, then right', twice({ status: 400 }, {})),
    typed('failed, then asked again', twice({ status: 500 }, {})),
    typed('when the span is over', twice({}, { at: MONTH })),
    typed('refused when the span is over', twice({}, { at: MONTH, status: 401 })),
    typed('another number', twice({}, { jti: '8', token_id: 'another' })),
    typed('the same number of another issuer', twice({}, { iss: 'them', token_id: 'another' })),
    typed('of an ordinary type', twice({ typ: 'at+jwt' }, { typ: 'at+jwt' })),
    typed('expired', twice({ verdict: 'expired' }, { verdict: 'expired' })),
    typed('no time', twice({ at: null }, { at: null })),
    {
      says: 'at an ordinary path',
      events: twice({ path: '/orders' }, { path: '/orders' }),
      context: paths,
    },
    { says: 'no path', events: twice({ path: null }, { path: null }), context: paths },
    { says: 'nothing is for one use', events: twice({}, {}) },
  ],
});
