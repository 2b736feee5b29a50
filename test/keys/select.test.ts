import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { algsFor, SIGNATURE_ALGS } from '../../src/keys/algs.ts';
import type { KeyRing, KeyType, VerificationKey } from '../../src/keys/key.ts';
import { createKeySelector } from '../../src/keys/select.ts';
import type { Selection } from '../../src/keys/select.ts';

const CURVES: Record<KeyType, string | null> = {
  oct: null,
  RSA: null,
  EC: 'P-256',
  OKP: 'Ed25519',
};

const key = (kty: KeyType, kid: string | null, id = kid ?? kty): VerificationKey => ({
  id,
  kid,
  kty,
  algs: algsFor(kty, CURVES[kty]),
  secret: kty === 'oct' ? new Uint8Array(32) : null,
  jwk: kty === 'oct' ? null : { kty },
  notBefore: null,
  notAfter: null,
});
const ringOf = (...keys: VerificationKey[]): KeyRing => ({ keys, notices: [] });

/** The ids of the keys to try, or the refusal in words. */
const show = (chosen: Selection): string =>
  'keys' in chosen
    ? chosen.keys.map(({ id }) => id).join(' ')
    : `${chosen.refused}: ${chosen.reason}`;

const expectOwnAlg = (
  made: [KeyType, string | null][],
  [alg, kid]: [string, string | null],
): void => {
  const chosen = createKeySelector(ringOf(...made.map(([kty, k]) => key(kty, k))))(alg, kid);
  if (!('keys' in chosen)) return;
  expect(chosen.keys.length).toBeGreaterThan(0);
  expect(chosen.keys.length).toBeLessThanOrEqual(16);
  for (const one of chosen.keys) {
    expect(one.algs).toContain(alg);
    if (kid !== null && one.kid !== null) expect(one.kid).toBe(kid);
  }
};

describe('row 54: the algorithm comes from the key, never from the token', () => {
  const rsa = createKeySelector(ringOf(key('RSA', 'r')));
  const mixed = createKeySelector(ringOf(key('RSA', 'r'), key('oct', 's'), key('EC', 'e')));

  test.each([
    [rsa, 'HS256', null, 'alg_not_allowed: HS256 with RSA key'],
    [rsa, 'HS256', 'r', 'alg_not_allowed: HS256 with RSA key'],
    [rsa, 'HS256', 'other', 'alg_not_allowed: HS256 with RSA key'],
    [rsa, 'EdDSA', null, 'alg_not_allowed: EdDSA with RSA key'],
    [mixed, 'HS256', 'r', 'alg_not_allowed: HS256 with RSA key'],
    [mixed, 'RS256', 's', 'alg_not_allowed: RS256 with oct key'],
    [mixed, 'ES384', 'e', 'alg_not_allowed: ES384 not allowed for EC key'],
    [mixed, 'EdDSA', null, 'alg_not_allowed: EdDSA with RSA and oct and EC keys'],
    [mixed, 'HS256', 's', 's'],
    [mixed, 'HS256', null, 's'],
  ])('%# %s %s', (select, alg, kid, expected) => {
    expect(show(select(alg, kid))).toBe(expected);
  });

  test.each([
    'none',
    'NONE',
    'hs256',
    'HS256 ',
    '',
    '__proto__',
    'constructor',
    'RSA-OAEP',
    'A\u001b',
  ])('the unknown algorithm %j is refused in words that do not repeat it', (alg) => {
    expect(show(mixed(alg, null))).toBe('alg_not_allowed: unknown algorithm');
    expect(show(mixed(alg, 'r'))).toBe('alg_not_allowed: unknown algorithm');
  });

  test('a key bound to one algorithm refuses its neighbours', () => {
    const select = createKeySelector(ringOf({ ...key('RSA', null), algs: ['PS256'] }));
    expect(show(select('PS256', null))).toBe('RSA');
    expect(show(select('RS256', null))).toBe('alg_not_allowed: RS256 not allowed for RSA key');
  });

  test('whatever is asked, no key is ever given for an algorithm that is not its own', () => {
    const types = constantFrom<KeyType>('oct', 'RSA', 'EC', 'OKP');
    const kids = constantFrom(null, 'a', 'b', '__proto__');
    const keys = array(tuple(types, kids), { minLength: 1, maxLength: 30 });
    const asked = tuple(constantFrom(...SIGNATURE_ALGS, 'none'), kids);
    assert(property(keys, asked, expectOwnAlg), { seed: 54, numRuns: 500 });
  });
});

describe('row 56: the kid is only ever looked up', () => {
  const select = createKeySelector(ringOf(key('RSA', 'a'), key('RSA', 'b')));

  test.each([
    '../../dev/null',
    "' OR 1=1 --",
    '__proto__',
    'constructor',
    'toString',
    '',
    'A',
    'a\0',
  ])('%j is unknown', (kid) => {
    expect(show(select('RS256', kid))).toBe('unknown_key: no key has this key id');
  });

  test('a kid of 1 MB is unknown, and does not come back in the reason', () => {
    expect(show(select('RS256', 'x'.repeat(1_000_000)))).toBe(
      'unknown_key: no key has this key id',
    );
  });

  test('a kid that is called like a member of Object can name a key', () => {
    const odd = createKeySelector(ringOf(key('RSA', '__proto__'), key('RSA', 'constructor')));
    expect(show(odd('RS256', '__proto__'))).toBe('__proto__');
    expect(show(odd('RS256', 'constructor'))).toBe('constructor');
    expect(show(odd('RS256', 'valueOf'))).toMatch(/^unknown_key/);
  });
});

describe('which keys a token is tried against', () => {
  const select = createKeySelector(
    ringOf(key('RSA', 'a'), key('RSA', null, 'x'), key('RSA', 'b'), key('RSA', null, 'y')),
  );

  test.each([
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'x y'],
    [null, 'a x b y'],
  ])('kid %j: %s', (kid, expected) => {
    expect(show(select('RS256', kid))).toBe(expected);
  });

  test('a kid unknown to the ring never falls to a key with another kid', () => {
    const both = createKeySelector(ringOf(key('RSA', 'a'), key('oct', null)));
    expect(show(both('RS256', 'z'))).toMatch(/^unknown_key/);
    expect(show(both('HS256', 'z'))).toBe('oct');
  });

  test('at most 16 are tried, the first ones', () => {
    const many = Array.from({ length: 40 }, (_, i) => key('oct', null, `s${i}`));
    const chosen = show(createKeySelector(ringOf(...many))('HS256', null)).split(' ');
    expect([chosen.length, chosen[0], chosen[15]]).toEqual([16, 's0', 's15']);
  });

  test('an empty ring refuses everything', () => {
    expect(show(createKeySelector(ringOf())('HS256', null))).toMatch(/^alg_not_allowed/);
  });
});
