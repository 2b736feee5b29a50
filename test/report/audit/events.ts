import type { AuthEvent } from '../../../src/event/event.ts';
import { VERDICTS } from '../../../src/verify/verdict.ts';

/** An event with what it needs to differ in. */
export const event = (some: Partial<AuthEvent> = {}): AuthEvent => ({
  schema: 'authlog.event/1',
  event_id: 'k2nYpV7sQm1x',
  time: '2026-11-20T22:41:00.250Z',
  file: 'auth.log',
  line: 17,
  offset: 1893,
  verdict: 'valid',
  reason: null,
  token_id: 'Ab3-_fGh12KlMnOp',
  alg: 'HS256',
  kid: null,
  key: 'secret',
  user_id: 12345,
  user_id_type: 'number',
  email: 'ada@example.com',
  roles: ['admin'],
  iss: 'https://id.example',
  aud: ['api', 'web'],
  jti: 't-1',
  iat: 1_795_000_000.5,
  nbf: null,
  exp: 1_795_003_600,
  lifetime_s: 3599.5,
  expired_by_s: null,
  event: null,
  ip: '203.0.113.7',
  user_agent: 'curl/8',
  method: 'GET',
  path: '/orders?page=2',
  status: 200,
  request_id: 'r-1',
  ...some,
});

/** An event of which next to nothing is known. */
export const sparse: AuthEvent = {
  ...(Object.fromEntries(Object.keys(event()).map((name) => [name, null])) as unknown as AuthEvent),
  schema: 'authlog.event/1',
  event_id: 'x',
  verdict: 'malformed',
  token_id: 'Ab3-_fGh12KlMnOp',
  user_id_type: 'none',
  roles: [],
};

/** One text wherever an event can hold one. */
export const hostile = (text: string): AuthEvent =>
  event({
    file: text,
    reason: text,
    alg: text,
    kid: text,
    key: text,
    user_id: text,
    user_id_type: 'string',
    email: text,
    roles: [text],
    iss: text,
    aud: text,
    jti: text,
    exp: '1e400',
    event: text,
    ip: text,
    user_agent: text,
    method: text,
    path: text,
    request_id: text,
    typ: text,
    header_params: [text],
    scopes: [text],
  });

/** What differs enough to be mapped in another way. */
export const EVENTS: readonly AuthEvent[] = [
  event(),
  sparse,
  ...VERDICTS.map((verdict) => event({ verdict, status: 401 })),
  ...['POST', 'put', 'DELETE', 'OPTIONS', 'PROPFIND'].map((method) => event({ method })),
  ...[
    'access_allowed',
    'access_denied',
    'login_failed',
    'login_succeeded',
    'token_issued',
    'token_revoked',
  ].map((word) =>
    event({ event: word, verdict: null, token_id: null, status: null, method: null }),
  ),
  event({ ip: '2001:db8::1' }),
  event({ ip: 'fe80::1%eth0' }),
  event({ ip: 'ip-abcdefghijklmnopqrstuv', user_id: 'u-x', user_id_type: 'string' }),
  event({ exp: '1e400', iat: -1, nbf: 1e300, user_id: '' }),
  event({ status: 302, path: null }),
  event({
    status: 500,
    aud: 'api',
    typ: 'at+jwt',
    scopes: ['read'],
    signature_id: 'Ab3-_fGh12KlMnOp',
  }),
];
