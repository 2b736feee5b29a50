import { expect, test } from 'vitest';
import { readWindow } from '../../src/keys/window.ts';

test.each([
  [{}, null, null],
  [{ not_before: 10, not_after: 20 }, 10, 20],
  [{ nbf: 10, exp: 20 }, 10, 20],
  [{ not_before: 10, nbf: 99, not_after: 20, exp: 99 }, 10, 20],
  [{ not_before: null, not_after: 1.5 }, null, 1.5],
  [{ not_before: '1970-01-01T00:00:10Z' }, 10, null],
  [{ not_after: '2023-09-22T12:00:00.5+02:00' }, null, 1_695_376_800.5],
  [{ not_after: '2024-02-29t00:00:00z' }, null, 1_709_164_800],
])('%j is the window %s to %s', (jwk, notBefore, notAfter) => {
  expect(readWindow(jwk)).toEqual({ notBefore, notAfter });
});

test.each([
  [{ not_before: '10' }],
  [{ not_before: '2023-02-30T00:00:00Z' }],
  [{ not_before: '2023-13-01T00:00:00Z' }],
  [{ not_before: '2023-09-22' }],
  [{ not_before: '2023-09-22T10:00:00' }],
  [{ exp: Number.POSITIVE_INFINITY }],
  [{ exp: true }],
  [{ exp: {} }],
  [{ nbf: 20, exp: 10 }],
])('refuses %j: a bound that cannot be read must not mean "no bound"', (jwk) => {
  expect(readWindow(jwk)).toBeTypeOf('string');
});
