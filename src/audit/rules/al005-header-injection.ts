import { answerOf } from '../answer.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse, isVerified } from '../use.ts';

/** Paths, quotes and what ends a command or a text: what a key id has no use for. */
const INJECTION = /[/\\'"`;|\0]|^(?:https?|ftp|file|data|ldap|jar):/i;

/** Odd key ids of our own issuer that are remembered. */
const MOST_OWN = 1000;

const odd = (members: ExampleEvent): ExampleEvent => ({
  verdict: 'unknown_key',
  status: 401,
  ...members,
});

export const headerInjection: Rule = defineRule({
  id: 'AL005',
  name: 'header-injection',
  title: 'Header that points the verifier elsewhere',
  level: 'high',
  attack: ['T1190', 'T1606'],
  condition:
    'A token that does not verify brings its own key (jku, x5u, jwk, x5c), demands an extension (crit), or has a key id with a path, a quote, a URL or another character that a file system, a database or a shell would take for its own; unless the parameter is allowed, or tokens of ours have that key id. Critical where the answer was 2xx.',
  meaning:
    'Somebody tries to make the server verify with a key of their choice, or to reach a file or a query through the key id (RFC 8725 sections 2.8 and 3.10).',
  action:
    'Let the server look keys up in a fixed list and ignore keys in headers. After a 2xx treat all that the address did as done by an intruder.',
  falsePositives: [
    'An issuer that puts x5c or jku in all its tokens, of which one was damaged: allow the parameter.',
    'DPoP proofs (RFC 9449), which carry a jwk: allow it.',
    'Tokens of a foreign issuer whose key ids are URLs or plain base64.',
  ],
  thresholds: {},
  sigma: {
    detection: {
      param: { header_params: ['jku', 'x5u', 'jwk', 'x5c', 'crit'] },
      demand: { 'header_params|startswith': 'crit:' },
      path: { 'kid|re': '[/\\\\\'"`;|\\x00]' },
      address: { 'kid|re': '(?i)^(https?|ftp|file|data|ldap|jar):' },
      verified: {
        verdict: ['valid', 'expired', 'not_yet_valid', 'wrong_issuer', 'wrong_audience'],
      },
      encrypted: { verdict: 'encrypted' },
      condition: '(param or demand or path or address) and not verified and not encrypted',
    },
  },
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
    'malformed',
    'masked',
    'oversized',
    'unverified',
  ],
  needs: 'news',
  start: ({ context: { headerParams }, report }) => {
    const own = new Set<string>();
    return {
      see: (use) => {
        if (!isTokenUse(use)) return;
        const { kid, headerParams: params, user } = use.token;
        if (isVerified(use)) {
          if (kid !== null && INJECTION.test(kid) && own.size < MOST_OWN) own.add(kid);
          return;
        }
        const foreign = params.filter((name) => !headerParams.has(name));
        const isOdd = kid !== null && INJECTION.test(kid) && !own.has(kid);
        if (foreign.length === 0 && !isOdd) return;
        const what = [
          ...foreign,
          ...(isOdd ? [`key id ${JSON.stringify(kid.slice(0, 64))}`] : []),
        ].join(', ');
        report({
          subject: use.ip ?? user,
          level: isAccepted(use) ? 'critical' : 'high',
          uses: [use],
          why: `a token that does not verify, with ${what}, ${answerOf(use)}`,
        });
      },
    };
  },
  hits: [
    { says: 'a URL of keys', events: [odd({ header_params: ['jku'] })], level: 'high' },
    { says: 'a key', events: [odd({ verdict: 'bad_signature', header_params: ['jwk'] })] },
    { says: 'an extension', events: [odd({ verdict: 'malformed', header_params: ['crit:b64'] })] },
    {
      says: 'one that is not among those allowed',
      events: [odd({ header_params: ['x5c', 'jku'] })],
      context: { headerParams: new Set(['x5c']) },
    },
    { says: 'accepted', events: [odd({ header_params: ['x5u'], status: 200 })], level: 'critical' },
    ...[
      '../../dev/null',
      "x' UNION SELECT 'k",
      'a;sleep 9',
      'a|id',
      'a\0b',
      '"',
      '`',
      '\\\\host',
    ].map((kid) => ({ says: `key id ${JSON.stringify(kid)}`, events: [odd({ kid })] })),
    { says: 'a URL as key id', events: [odd({ kid: 'DATA:,k' })], level: 'high' },
    {
      says: 'an odd key id of ours does not allow another',
      events: [{ kid: 'keys/1' }, odd({ kid: 'keys/2' })],
    },
  ],
  misses: [
    {
      says: 'ordinary',
      events: [{ kid: 'key-1' }, odd({ kid: 'key:2+3_4.5@6=' }), odd({ kid: null })],
    },
    {
      says: 'allowed',
      events: [odd({ header_params: ['x5c'] })],
      context: { headerParams: new Set(['x5c']) },
    },
    { says: "our issuer's own", events: [{ header_params: ['x5c'], kid: 'keys/1' }] },
    {
      says: 'a damaged token with a key id of ours',
      events: [
        { kid: 'keys/1' },
        { kid: null },
        { kid: 'keys/2' },
        odd({ kid: 'keys/1', verdict: 'bad_signature' }),
        odd({ kid: 'keys/2', verdict: 'bad_signature' }),
      ],
    },
    { says: 'encrypted', events: [odd({ verdict: 'encrypted', header_params: ['jwk'] })] },
  ],
});
