import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GuardRequest } from '../../src/guard/decide.ts';
import { createRules } from '../../src/guard/rules-file.ts';
import { ROOT } from '../support/cli.ts';
import { claims, mint, NOW_S, SECRET, segment } from '../support/tokens.ts';
import { guardOf, requestOf } from './making.ts';

const rules = createRules({
  rules: [
    { path: '/admin', roles: ['admin', 'root'] },
    { path: '/write', scopes: ['read', 'write'] },
    { path: '/open', public: true },
    { path: '/closed', methods: ['GET'] },
  ],
});
const good = mint(claims());
const none = 'Bearer realm="authlog"';

/** Status, verdict and reason of one decision. */
const ruling = (token: string | null, more: Partial<GuardRequest> = {}): unknown[] => {
  const { status, event } = guardOf({ rules }).decide(requestOf(token, more));
  expect(event.status).toBe(status);
  expect(event.event).toBe(status === 204 ? 'access_allowed' : 'access_denied');
  return [status, event.verdict, event.reason];
};

describe('a token decides', () => {
  test('by its verdict', () => {
    expect(ruling(good)).toEqual([204, 'valid', null]);
    expect(ruling(mint(claims({ exp: NOW_S })))).toEqual([401, 'expired', null]);
    expect(ruling(mint(claims({ nbf: NOW_S + 1 })))).toEqual([401, 'not_yet_valid', null]);
    expect(ruling(mint(claims(), { secret: 'another' }))).toEqual([401, 'bad_signature', null]);
    const unsigned = `${segment({ alg: 'none' })}.${segment(claims())}.`;
    expect(ruling(unsigned)).toEqual([401, 'alg_none', null]);
    expect(ruling('abc')).toEqual([401, 'malformed', 'not_a_token']);
    expect(ruling(`${good}=`)[0]).toBe(401);
    expect(ruling('x'.repeat(16_385))).toEqual([401, 'oversized', 'longer_than_max_token']);
  });

  test('at the moment of each request, however often it was seen', () => {
    let now = NOW_S * 1000;
    const guard = guardOf({ now: () => now });
    for (let i = 0; i < 5; i++) expect(guard.decide(requestOf(good)).status).toBe(204);
    now += 3_600_000;
    const { event } = guard.decide(requestOf(good));
    expect(event).toMatchObject({ verdict: 'expired', time: '2023-09-22T11:00:00.000Z' });
  });

  test('a token that only the leeway keeps valid says so anew each time', () => {
    let now = NOW_S * 1000;
    const guard = guardOf({ now: () => now, leeway: 60 });
    const token = mint(claims({ exp: NOW_S + 1 }));
    const overdue = (): unknown => {
      const { status, event } = guard.decide(requestOf(token));
      return [status, event.verdict, event.expired_by_s];
    };
    for (let i = 0; i < 3; i++) expect(overdue()).toEqual([204, 'valid', null]);
    now += 3000;
    expect(overdue()).toEqual([204, 'valid', 2]);
    now += 4000;
    expect(overdue()).toEqual([204, 'valid', 6]);
    now += 55_000;
    expect(overdue()).toEqual([401, 'expired', 61]);
  });

  test('only where issuer and audience are the right ones', () => {
    const guard = guardOf({ issuers: ['a'], audiences: ['b'] });
    const verdict = (more: object): unknown =>
      guard.decide(requestOf(mint(claims(more)))).event.verdict;
    expect(verdict({ iss: 'a', aud: ['x', 'b'] })).toBe('valid');
    expect(verdict({ aud: 'b' })).toBe('wrong_issuer');
    expect(verdict({ iss: 'a' })).toBe('wrong_audience');
  });

  test('in one Authorization field only', () => {
    const two = { authorization: [`Bearer ${good}`, `Bearer ${good}`] };
    expect(ruling(null, two)).toEqual([401, null, 'duplicate_authorization']);
    expect(ruling(null, { authorization: ['Basic eA=='] })).toEqual([401, null, 'bad_scheme']);
    expect(ruling(null, { path: `/?access_token=${good}` })).toEqual([401, null, 'missing_token']);
  });
});

describe('a rule decides', () => {
  test('all of its scopes, one of its roles', () => {
    const at = (path: string, more: object): unknown => ruling(mint(claims(more)), { path });
    expect(at('/admin', { role: 'root' })).toEqual([204, 'valid', null]);
    expect(at('/admin', { roles: ['user'] })).toEqual([403, 'valid', 'insufficient_role']);
    expect(at('/write', { scope: 'write read' })).toEqual([204, 'valid', null]);
    expect(at('/write', { scope: 'read' })).toEqual([403, 'valid', 'insufficient_scope']);
    expect(at('/closed', {})).toEqual([204, 'valid', null]);
    expect(ruling(good, { path: '/closed', method: 'POST' })).toEqual([403, 'valid', 'no_rule']);
    expect(ruling(good, { path: '/closed', method: null })).toEqual([403, 'valid', 'no_method']);
    expect(ruling(good, { path: null })).toEqual([403, 'valid', 'no_path']);
    expect(ruling(good, { path: '/x/../y' })).toEqual([403, 'valid', 'ambiguous_path']);
  });

  test('a public path takes no credentials or good ones, never bad ones', () => {
    expect(ruling(null, { path: '/open/x' })).toEqual([204, null, null]);
    expect(ruling(good, { path: '/open' })).toEqual([204, 'valid', null]);
    expect(ruling(mint(claims({ exp: 1 })), { path: '/open' })).toEqual([401, 'expired', null]);
    expect(ruling(null, { path: '/open', authorization: ['Basic eA=='] })[0]).toBe(401);
  });
});

describe('the challenge', () => {
  const challenge = (token: string | null, more: Partial<GuardRequest> = {}): string | null =>
    guardOf({ rules }).decide(requestOf(token, more)).challenge;

  test('follows RFC 6750 section 3', () => {
    expect(challenge(null)).toBe(none);
    expect(challenge(null, { authorization: ['Basic eA=='] })).toBe(none);
    expect(challenge(null, { authorization: ['Bearer'] })).toContain('error="invalid_request"');
    expect(challenge('abc')).toContain('error="invalid_token"');
    expect(challenge(mint(claims({ exp: 1 })))).toContain(
      'error_description="The access token expired"',
    );
    expect(challenge(good, { path: '/write' })).toMatch(
      /error="insufficient_scope".*, scope="read write"$/,
    );
    expect(challenge(good)).toBeNull();
    expect(() => guardOf({ realm: 'a"b' })).toThrow('the realm must be');
  });

  test('never depends on what a request holds', () => {
    const fixed = new Set([
      null,
      ...['/', '/admin', '/write'].flatMap((path) => [
        challenge(null, { path }),
        challenge(good, { path }),
        challenge('abc', { path }),
        challenge(null, { path, authorization: [''] }),
        challenge(mint(claims({ exp: 1 })), { path }),
      ]),
    ]);
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
    const request = fc.record({
      authorization: fc.array(
        fc.oneof(
          text,
          text.map((token) => `Bearer ${token}`),
        ),
      ),
      method: text,
      path: fc.oneof(
        text,
        text.map((path) => `/${path}`),
      ),
      ip: text,
      userAgent: text,
      requestId: text,
    });
    const guard = guardOf({ rules });
    fc.assert(
      fc.property(request, (made) => {
        expect(fixed).toContain(guard.decide(made).challenge);
      }),
      { seed: 14, numRuns: 2000 },
    );
  });
});

/** A second opinion that shares no code with the guard's. */
const isGood = (authorization: readonly string[]): boolean => {
  const [, token] = /^[Bb][Ee][Aa][Rr][Ee][Rr] +(\S+)$/.exec(authorization[0] ?? '') ?? [];
  if (authorization.length !== 1 || token === undefined) return false;
  const parts = token.split('.');
  if (parts.length !== 3) return false;
  const { alg } = JSON.parse(Buffer.from(parts[0]!, 'base64url').toString()) as { alg: string };
  const { exp } = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString()) as { exp: number };
  if (!/^HS(?:256|384|512)$/.test(alg)) return false;
  const right = createHmac(`sha${alg.slice(2)}`, SECRET)
    .update(`${parts[0]}.${parts[1]}`)
    .digest('base64url');
  return parts[2] === right && exp > NOW_S;
};

test('access is only granted where a second check accepts the token', () => {
  const guard = guardOf();
  const tokens = [good, mint(claims({ exp: 1 })), mint(claims(), { alg: 'HS512' })];
  const mutation = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...'.=-_ AZaz09/+%,"\0é'));
  const made = fc.tuple(
    fc.constantFrom('Bearer ', 'bearer  ', 'Bearer', 'Basic ', 'Bearer\t', ''),
    fc.constantFrom(...tokens),
    fc.array(mutation, { maxLength: 3 }),
    fc.nat(2),
  );
  let granted = 0;
  fc.assert(
    fc.property(made, ([scheme, token, mutations, times]) => {
      let text = token;
      for (const [where, cut, put] of mutations) {
        const at = where % (text.length + 1);
        text = text.slice(0, at) + put + text.slice(at + cut);
      }
      const authorization = Array.from({ length: times }, () => scheme + text);
      const { status } = guard.decide(requestOf(null, { authorization }));
      if (status !== 204) return;
      granted++;
      expect(isGood(authorization), text).toBe(true);
    }),
    { seed: 15, numRuns: 5000 },
  );
  expect(granted).toBeGreaterThan(20);
});

describe('the event', () => {
  test('says who, what and why, and holds no token that can be used', () => {
    const nested = mint({ sub: 'nested' });
    const escaped = encodeURIComponent(nested).replaceAll('e', '%65');
    const { event } = guardOf().decide(
      requestOf(good, {
        path: `/a/${nested}/b/${escaped}?token=${nested}`,
        userAgent: `agent ${nested}`,
        ip: '192.0.2.1',
        requestId: 'r'.repeat(500),
        method: 'M'.repeat(500),
      }),
    );
    const text = JSON.stringify(event);
    for (const token of [good, nested]) expect(text).not.toContain(token.split('.')[2]);
    expect(decodeURIComponent(event.path!)).not.toContain(nested.split('.')[2]);
    expect(event).toMatchObject({
      user_id: 'ada',
      ip: '192.0.2.1',
      time: '2023-09-22T10:00:00.000Z',
    });
    expect(event.request_id).toHaveLength(128);
    expect(event.method).toHaveLength(32);
    expect(event.latency_ms).toBeGreaterThanOrEqual(0);
  });

  test('is one of the schema, with and without a token', () => {
    const schema: object = JSON.parse(readFileSync(`${ROOT}schema/authlog.event-1.json`, 'utf8'));
    const check = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);
    const full = mint(claims({ iat: 1, nbf: 1, jti: 'j', iss: 'i', aud: ['a'], roles: ['r'] }));
    for (const token of [null, good, full, 'abc', mint(claims({ exp: 1 }))]) {
      const { event } = guardOf({ rules }).decide(requestOf(token, { path: '/admin' }));
      check(event);
      expect(check.errors).toBeNull();
    }
  });

  test('is bounded, whatever the request', () => {
    const huge = 'x/'.repeat(30_000);
    const { event } = guardOf().decide(
      requestOf(null, { path: huge, userAgent: huge, ip: huge, requestId: huge, method: huge }),
    );
    expect(JSON.stringify(event).length).toBeLessThan(4096);
  });
});
