import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskTokens } from '../../../src/source/fields/mask.ts';
import { SIGNATURE, TOKEN } from './reading.ts';

const MASKED = `${TOKEN.slice(0, -SIGNATURE.length)}[signature removed]`;

describe('maskTokens', () => {
  test('a token loses its signature and nothing else changes', () => {
    expect(maskTokens(`a ${TOKEN}, b ${TOKEN}.`)).toBe(`a ${MASKED}, b ${MASKED}.`);
    expect(maskTokens(`/verify/${TOKEN}/x`)).toBe(`/verify/${MASKED}/x`);
  });

  test('also glued, percent-encoded, padded, with white space in the header, and as JWE', () => {
    expect(maskTokens(`t=x${TOKEN}`)).not.toContain(SIGNATURE);
    expect(maskTokens(TOKEN.replaceAll('.', '%2E'))).not.toContain(SIGNATURE);
    expect(maskTokens(`${TOKEN}==`)).toBe(MASKED);
    expect(maskTokens(`ewogImFsZyI6.e30.${SIGNATURE}`)).toBe(
      'ewogImFsZyI6.e30.[signature removed]',
    );
    expect(maskTokens(`eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.${SIGNATURE}`)).toBe(
      'eyJhbGciOiJkaXIifQ..[signature removed]',
    );
  });

  test('an opaque bearer token is removed', () => {
    expect(maskTokens('authorization: BEARER abcdefghijklmnopqrstuv x')).toBe(
      'authorization: BEARER [token removed] x',
    );
    expect(maskTokens(`Bearer ${TOKEN}`)).toBe(`Bearer ${MASKED}`);
    expect(maskTokens('Bearer short')).toBe('Bearer short');
  });

  test('other text is left alone', () => {
    for (const text of [
      '',
      'key.value.other',
      'www.example.com',
      'they.said.so',
      'eyJhbGciOiJI.a',
      '1.2.3.4',
    ]) {
      expect(maskTokens(text)).toBe(text);
    }
  });

  test('no signature survives, wherever the token stands, and masking twice changes nothing', () => {
    const around = fc.string({ unit: fc.constantFrom(...'ey.JA-_ "/%2E=w+&') });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const masked = maskTokens(`${before} ${TOKEN} ${after}`);
        expect(masked).not.toContain(SIGNATURE);
        expect(maskTokens(masked)).toBe(masked);
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});
