import { expect, test } from 'vitest';
import { nearest, suggestion } from '../../src/config/nearest.ts';

const KNOWN = ['rules', 'suppress', 'issuers', 'until', 'AL007'];

test.each([
  ['rulse', 'rules'],
  ['rule', 'rules'],
  ['suppres', 'suppress'],
  ['supress', 'suppress'],
  ['Issuer', 'issuers'],
  ['untl', 'until'],
  ['al07', 'AL007'],
  ['whatever', null],
  ['', null],
  ['x'.repeat(10_000), null],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, KNOWN)).toBe(meant);
});

test('all that is known is listed, with the likely one first', () => {
  expect(suggestion('bb', ['a', 'b'])).toBe('Did you mean b? Known are a, b.');
  expect(suggestion('whatever', ['a', 'b'])).toBe('Known are a, b.');
});
