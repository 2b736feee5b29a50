import { describe, expect, test } from 'vitest';
import { algsFor, keyTypeFor, readAlgList, SIGNATURE_ALGS } from '../../src/keys/algs.ts';
import { failureOf, textOf } from './memory-io.ts';

const refusal = (names: string[]) => failureOf(Promise.resolve().then(() => readAlgList(names)));

describe('algorithms by key type', () => {
  test.each([
    ['oct', null, 'HS256 HS384 HS512'],
    ['RSA', null, 'RS256 RS384 RS512 PS256 PS384 PS512'],
    ['EC', 'P-256', 'ES256'],
    ['EC', 'P-384', 'ES384'],
    ['EC', 'P-521', 'ES512'],
    ['EC', 'secp256k1', ''],
    ['EC', null, ''],
    ['OKP', 'Ed25519', 'EdDSA Ed25519'],
    ['OKP', 'X25519', ''],
  ] as const)('%s %s verifies: %s', (kty, crv, algs) => {
    expect(algsFor(kty, crv).join(' ')).toBe(algs);
  });

  test('an algorithm belongs to exactly one key type, and no name of Object is one', () => {
    for (const alg of SIGNATURE_ALGS) expect(keyTypeFor(alg)).not.toBeNull();
    for (const alg of ['none', 'hs256', '__proto__', 'constructor', '']) {
      expect(keyTypeFor(alg)).toBeNull();
    }
  });
});

describe('the list of --alg', () => {
  test('takes known names, and null for no restriction', () => {
    expect(readAlgList(['RS256', 'EdDSA'])).toEqual(new Set(['RS256', 'EdDSA']));
    expect(readAlgList(null)).toBeNull();
  });

  test.each([['none'], ['None'], ['HS255'], ['rs256'], ['']])(
    'refuses %j as USAGE',
    async (name) => {
      expect((await refusal(['RS256', name])).code).toBe('USAGE');
    },
  );

  test('refuses an empty list, which would otherwise allow nothing or everything', async () => {
    expect((await refusal([])).code).toBe('USAGE');
  });

  test('escapes the name that it refuses', async () => {
    expect(textOf(await refusal(['a\u001b[2J']))).not.toContain('\u001b');
  });
});
