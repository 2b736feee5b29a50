import { validateHeaderName, validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IDENTITY_HEADERS } from '../../src/guard/identity-headers.ts';
import { claims, mint } from '../support/tokens.ts';
import { guardOf, requestOf } from './making.ts';

const headersOf = (more: object): Readonly<Record<string, string>> => {
  const { status, identity } = guardOf().decide(requestOf(mint(claims(more))));
  expect(status).toBe(204);
  return identity;
};

describe('identity headers', () => {
  test('tell the user, percent-encoded; the number 1 and the text "1" apart', () => {
    expect(headersOf({ user_id: 1, email: 'ada@example.com', roles: ['b', 'a,c'] })).toMatchObject({
      'x-auth-user': '1',
      'x-auth-user-type': 'number',
      'x-auth-email': 'ada@example.com',
      'x-auth-roles': 'a%2Cc,b',
    });
    expect(headersOf({ user_id: '1' })).toMatchObject({ 'x-auth-user-type': 'string' });
    expect(headersOf({ sub: 'a\r\nX: é%', scope: 'a b' })).toMatchObject({
      'x-auth-user': 'a%0D%0AX:%20%C3%A9%25',
      'x-auth-scopes': 'a b',
    });
  });

  test('what does not fit is left out, and that is said', () => {
    const long = headersOf({ scope: 'x'.repeat(3500), roles: ['a'] });
    expect(long).toMatchObject({
      'x-auth-user': 'ada',
      'x-auth-roles': 'a',
      'x-auth-truncated': '1',
    });
    expect(long).not.toHaveProperty('x-auth-scopes');
    const roles = Array.from({ length: 65 }, (_, i) => `r${i}`);
    expect(headersOf({ roles })).toHaveProperty('x-auth-truncated', '1');
    // Half a surrogate pair has no UTF-8: another user must not be made of it.
    expect(headersOf({ sub: '\uD800' })).not.toHaveProperty('x-auth-user');
  });

  test('none where access is refused', () => {
    expect(guardOf().decide(requestOf(mint(claims({ exp: 1 })))).identity).toEqual({});
    expect(guardOf().decide(requestOf(null)).identity).toEqual({});
  });

  test('are valid header fields below 4 KB, whatever the claims', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2000 }),
      fc.string(),
      fc.anything(),
    );
    const guard = guardOf();
    const made = fc.record({ user_id: text, email: text, roles: fc.array(text), scope: text });
    fc.assert(
      fc.property(made, (more) => {
        let payload = '{}';
        try {
          payload = JSON.stringify({ ...more, exp: claims()['exp'] });
        } catch {
          // A BigInt or a cycle has no JSON.
        }
        const { identity } = guard.decide(requestOf(mint(payload)));
        let size = 0;
        for (const [name, value] of Object.entries(identity)) {
          expect(IDENTITY_HEADERS).toContain(name);
          validateHeaderName(name);
          validateHeaderValue(name, value);
          expect(value).toMatch(/^[!-~ ]*$/);
          expect(() => decodeURIComponent(value)).not.toThrow();
          size += name.length + value.length + 4;
        }
        expect(size).toBeLessThan(4096);
      }),
      { seed: 13, numRuns: 400 },
    );
  });
});
