import { describe, expect, test } from 'vitest';
import { parseRevocations } from '../../src/revocation/revocations-file.ts';
import { claims, mint, NOW_S } from '../support/tokens.ts';
import { guardOf, requestOf, ringOf } from '../guard/making.ts';

/** Whether a token with these claims passes where `list` is revoked. */
const passes = (list: readonly object[], more: object): boolean => {
  const revocations = parseRevocations(list.map((item) => JSON.stringify(item)).join('\n'), 'list');
  const { status, event } = guardOf({ revocations }).decide(requestOf(mint(claims(more))));
  expect(event.reason).toBe(status === 204 ? null : 'revoked');
  return status === 204;
};

describe('a token is revoked', () => {
  test('by its jti, of one issuer where that is said', () => {
    expect(passes([{ jti: 'a' }], { jti: 'a' })).toBe(false);
    expect(passes([{ jti: 'a' }], { jti: 'b' })).toBe(true);
    expect(passes([{ jti: 'a', issuer: 'x' }], { jti: 'a', iss: 'x' })).toBe(false);
    expect(passes([{ jti: 'a', issuer: 'x' }], { jti: 'a', iss: 'y' })).toBe(true);
    expect(passes([{ jti: 'a', issuer: 'x' }], { jti: 'a' })).toBe(true);
  });

  test('by its user: the number 1 and the text "1" are two', () => {
    expect(passes([{ subject: '1' }], { user_id: '1' })).toBe(false);
    expect(passes([{ subject: '1' }], { user_id: 1 })).toBe(true);
    expect(passes([{ subject: 1 }], { user_id: 1 })).toBe(false);
    expect(passes([{ subject: 1 }], { user_id: '1' })).toBe(true);
  });

  test('by its age; one that does not say when it was issued counts as older', () => {
    const list = [{ issued_before: '2023-09-22T10:00:00Z' }];
    expect(passes(list, { iat: NOW_S - 1 })).toBe(false);
    expect(passes(list, { iat: NOW_S })).toBe(true);
    expect(passes(list, {})).toBe(false);
    const ofOne = [
      { subject: 'ada', issued_before: NOW_S },
      { subject: 'ada', issued_before: 5 },
    ];
    expect(passes(ofOne, { iat: NOW_S - 1 })).toBe(false);
    expect(passes(ofOne, { iat: NOW_S - 1, sub: 'bob' })).toBe(true);
  });

  test('by its id', () => {
    const token = mint(claims());
    const id = guardOf().decide(requestOf(token)).event.token_id;
    const revocations = parseRevocations(JSON.stringify([{ token_id: id }]), 'list');
    const guard = guardOf({ revocations });
    expect(guard.decide(requestOf(token)).event.reason).toBe('revoked');
    expect(guard.decide(requestOf(mint(claims({ jti: 'b' })))).status).toBe(204);
  });

  test('also where it was let pass before: what is remembered does not grant', () => {
    const token = mint(claims({ jti: 'a' }));
    const guard = guardOf();
    for (let i = 0; i < 3; i++) expect(guard.decide(requestOf(token)).status).toBe(204);
    guard.update({ ring: ringOf(), revocations: parseRevocations('[{"jti":"a"}]', 'list') });
    expect(guard.decide(requestOf(token)).event.reason).toBe('revoked');
  });
});

test.each([
  ['{', 'list: line 1 is not JSON'],
  ['{"jti":"a"}\n\n{"jti":""}', 'list: line 3 must have a text as jti'],
  ['[{"jti":"a"},{}]', 'list: entry 2 names no token'],
  ['[', 'list is not JSON'],
  ['["a"]', 'list: entry 1 must be an object'],
  ['{"jit":"a"}', 'list: line 1 has "jit", which is not known'],
  ['{"jti":5}', 'list: line 1 must have a text as jti'],
  ['{"jti":"a","subject":"b"}', 'names a jti and a subject: one of them'],
  ['{"jti":"a","issued_before":5}', 'issued_before says nothing'],
  ['{"token_id":"short"}', 'not 16 base64url characters'],
  ['{"issuer":"x"}', 'names no token'],
  ['{"subject":12345678901234567890}', 'too large to be exact'],
  ['{"issued_before":"yesterday"}', 'is no time'],
  ['{"issued_before":1700000000000}', 'no number of seconds'],
])('%s is refused: %s', (text, message) => {
  expect(() => parseRevocations(text, 'list')).toThrow(message);
});
