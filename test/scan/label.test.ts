import { describe, expect, test } from 'vitest';
import { mint } from '../support/tokens.ts';
import { scan, tokensIn } from './scan.ts';

const token = mint({ sub: 'ada', exp: 1_695_380_400 });
const other = mint({ sub: 'bob' });

describe('the label', () => {
  test.each([
    `Token: ${token}`,
    `Token:  ${token}`,
    `Token: Bearer ${token}`,
    `Token: bearer  ${token}`,
    `Token: JWT ${token}`,
    `Token: "${token}"`,
    `Token: '${token}'`,
    `Token: <${token}>`,
    `Token: [${token}]`,
    `Token: (${token}),`,
    `Token: ${token}.`,
    `Token: ${token}, next`,
    `Token: \`${token}\``,
    String.raw`{"message":"Token: \"${token}\""}`,
    String.raw`{"message":"Token: ${token}\n"}`,
    `2023-09-22 10:00:00,123 - Token: ${token}`,
    `(Token: ${token})`,
    `"Token: ${token}"`,
    `Token: ${token}\r`,
    `Token: ${token}\tUser Log: x`,
    `Token: https://example.com/?t=${token}`,
    `Token: {"access_token":"${token}","n":1}`,
  ])('%j announces one token', (line) => {
    expect(tokensIn(line)).toEqual([token]);
  });

  test.each<[string, string]>([
    ['Token: null', 'null'],
    ['Token: None', 'None'],
    ['Token: -', '-'],
    ['Token: "null"', 'null'],
    ['Token: 9f86d081884c7d659a2f', '9f86d081884c7d659a2f'],
    ['Token: Bearer 9f86d081', '9f86d081'],
    ['Token: Bearer', 'Bearer'],
    ['Token: a.b', 'a.b'],
    ['Token: eyJhbGciOiJIUzI1NiJ9.e30', 'eyJhbGciOiJIUzI1NiJ9.e30'],
    ['Token: eyJ', 'eyJ'],
    ['Token: (none), x', 'none'],
    ['Token: 김철수', '김철수'],
    ['Token: ""', '""'],
    ['Token: .', '.'],
    ['Token: {"a":1}', 'a":1'],
    ['Token: Token:', 'Token'],
  ])('what %j announces is counted, and is no token', (line, text) => {
    expect(scan(line)).toEqual([{ kind: 'notAToken', text }]);
  });

  test.each([
    'Token:',
    'Token: ',
    'Token:    ',
    'Token: \t',
    'Token: \r',
    'Token:x',
    'token: x',
    'TOKEN: x',
    'Tokens: x',
    'Token : x',
    'X-CSRF-Token: x',
    'X_Token: x',
    'accessToken: x',
    'CSRFToken: x',
    '1Token: x',
    'Token',
    'T',
  ])('%j is not the label', (line) => {
    expect(scan(line)).toEqual([]);
  });

  test('a token behind another label is found all the same', () => {
    expect(tokensIn(`X-CSRF-Token: ${token}`)).toEqual([token]);
    expect(tokensIn(`accessToken: ${token}`)).toEqual([token]);
  });

  test('any three dotted parts behind the label are taken for a token', () => {
    expect(scan('Token: a.b.c')).toEqual([{ kind: 'jws', text: 'a.b.c' }]);
    expect(scan('Token: bnVsbA.e30.x y')).toEqual([{ kind: 'jws', text: 'bnVsbA.e30.x' }]);
    expect(scan('a.b.c bnVsbA.e30.x')).toEqual([]);
  });

  test('a value of several tokens gives each of them, and one word only', () => {
    expect(tokensIn(`Token: ${token},${other}`)).toEqual([token, other]);
    expect(tokensIn(`Token: ${token} ${other}`)).toEqual([token, other]);
    expect(tokensIn('Token: one two')).toEqual(['notAToken one']);
  });

  test('every label of a line counts', () => {
    expect(tokensIn(`Token: ${token} Token: ${other} Token: null`)).toEqual([
      token,
      other,
      'notAToken null',
    ]);
  });

  test('the label of one line does not reach into the next', () => {
    expect(scan('Token: Bearer ')).toEqual([{ kind: 'notAToken', text: 'Bearer' }]);
    expect(scan('it said Token: ')).toEqual([]);
  });

  test('a value over the limit is oversized', () => {
    expect(scan(`Token: ${'x'.repeat(200)}`, 100)).toMatchObject([{ kind: 'oversized' }]);
    expect(scan(`Token: ${'x'.repeat(100)}`, 100)).toMatchObject([{ kind: 'notAToken' }]);
  });

  test('mask, JWE and empty signature are known behind the label too', () => {
    const [header, payload] = token.split('.');
    const parts = [`${header}.${payload}.***`, `${header}.${payload}.`, `${header}.a.b.c.d`];
    expect(parts.map((text) => scan(`Token: ${text}`)[0]?.kind)).toEqual(['masked', 'jws', 'jwe']);
  });
});
