import { describe, expect, test } from 'vitest';
import { buildClaims, type ClaimOptions } from '../../src/issue/claims.ts';

const IAT = 1_700_000_000;
const build = (options: ClaimOptions): object => buildClaims(options, IAT, 'random');

describe('the claims of a token', () => {
  test("are the article's, iat and jti", () => {
    const claims = build({ userId: '12345', email: 'johndoe@example.com' });
    expect(Object.entries(claims)).toEqual([
      ['user_id', '12345'],
      ['email', 'johndoe@example.com'],
      ['iat', IAT],
      ['exp', IAT + 86_400],
      ['jti', 'random'],
    ]);
  });

  test('one role is a text, several are a list; so are audiences', () => {
    expect(build({ roles: ['user'], audience: ['api'] })).toMatchObject({
      role: 'user',
      aud: 'api',
    });
    const several = build({ roles: ['user', 'admin'], audience: ['a', 'b'] });
    expect(several).toMatchObject({ roles: ['user', 'admin'], aud: ['a', 'b'] });
    expect(several).not.toHaveProperty('role');
    expect(build({ roles: [], audience: [] })).not.toHaveProperty('aud');
  });

  test('none without exp unless that was said', () => {
    expect(build({})).toHaveProperty('exp', IAT + 86_400);
    expect(build({ expiresIn: null })).not.toHaveProperty('exp');
    expect(build({ expiresIn: 90.9 })).toHaveProperty('exp', IAT + 90);
    expect(build({ claims: { exp: IAT + 5 } })).toHaveProperty('exp', IAT + 5);
  });

  test('jti and iat of the claims stand', () => {
    const claims = { jti: 'mine', iat: IAT - 5 };
    expect(build({ claims })).toMatchObject(claims);
  });

  test('names of the prototype are names like any other', () => {
    expect(build({ claims: { constructor: 1, toString: 'x' } })).toMatchObject({ constructor: 1 });
  });
});

const OWN_PROTO = JSON.parse('{"__proto__":{"admin":true}}') as ClaimOptions['claims'];

test.each<[string, ClaimOptions, RegExp]>([
  ['a claim given twice', { email: 'a', claims: { email: 'b' } }, /email is given twice/],
  ['jti given twice', { jti: 'a', claims: { jti: 'b' } }, /jti is given twice/],
  ['nbf given twice', { notBefore: IAT, claims: { nbf: IAT } }, /nbf is given twice/],
  ['roles beside role', { roles: ['a'], claims: { roles: ['b'] } }, /roles are given twice/],
  [
    'a lifetime beside exp',
    { expiresIn: 60, claims: { exp: IAT + 9 } },
    /lifetime and the claim exp/,
  ],
  [
    'no expiry beside exp',
    { expiresIn: null, claims: { exp: IAT + 9 } },
    /no expiry and the claim/,
  ],
  ['no lifetime at all', { expiresIn: 0 }, /at least a second/],
  ['half a second', { expiresIn: 0.5 }, /at least a second/],
  ['exp as text', { claims: { exp: '1700000000' } }, /exp must be a number/],
  ['exp as null', { claims: { exp: null } }, /exp must be a number/],
  ['exp without end', { claims: { exp: Infinity } }, /exp must be a number/],
  ['exp in milliseconds', { claims: { exp: IAT * 1000 } }, /exp lies beyond the year 9999/],
  ['nbf as a list', { claims: { nbf: [1] } }, /nbf must be a number/],
  ['iat as text', { claims: { iat: 'now' } }, /iat must be a number/],
  ['iss as a number', { claims: { iss: 1 } }, /iss must be a text/],
  ['sub as a number', { claims: { sub: 12_345 } }, /sub must be a text/],
  ['jti as null', { claims: { jti: null } }, /jti must be a text/],
  ['aud as an object', { claims: { aud: {} } }, /aud must be a text or a list/],
  ['aud with a number in it', { claims: { aud: ['a', 1] } }, /aud must be a text or a list/],
  ['aud as an empty list', { claims: { aud: [] } }, /aud must be a text or a list/],
  [
    'an end before the start',
    { notBefore: IAT + 60, expiresIn: 60 },
    /expire before it becomes valid/,
  ],
  ['an empty user id', { userId: '' }, /user id is empty/],
  ['an empty role', { roles: [''] }, /role is empty/],
  ['an empty audience', { audience: [''] }, /audience is empty/],
  ['an empty jti', { jti: '' }, /jti\) is empty/],
  ['a claim named __proto__', { claims: OWN_PROTO }, /__proto__/],
])('refuses %s', (_name, options, sentence) => {
  expect(() => build(options)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringMatching(sentence) as string }),
  );
});
