import { expect, test } from 'vitest';
import { readBearer } from '../../src/guard/bearer.ts';

test.each([
  ['Bearer a.b.c', 'a.b.c'],
  ['bearer a.b.c', 'a.b.c'],
  ['BEARER   a.b.c', 'a.b.c'],
  ['Bearer abc==', 'abc=='],
])('%j holds a token', (field, token) => {
  expect(readBearer([field])).toEqual({ token, problem: null });
});

test.each([
  [[], 'missing_token'],
  [[''], 'malformed_authorization'],
  [['Bearer'], 'malformed_authorization'],
  [['Bearer '], 'malformed_authorization'],
  [['Bearer a b'], 'malformed_authorization'],
  [['Bearer a,b'], 'malformed_authorization'],
  [['Bearer "a.b.c"'], 'malformed_authorization'],
  [['Bearer\ta.b.c'], 'bad_scheme'],
  [['Bearer =a'], 'malformed_authorization'],
  [['Bearer a.b.c\u00E9'], 'malformed_authorization'],
  [['Bearera.b.c'], 'bad_scheme'],
  [['Basic YTpi'], 'bad_scheme'],
  [['a.b.c'], 'bad_scheme'],
  [['Bearer a.b.c', 'Bearer a.b.c'], 'duplicate_authorization'],
  [['Bearer a.b.c, Bearer d.e.f'], 'malformed_authorization'],
] as const)('%j holds none: %s', (fields, problem) => {
  expect(readBearer(fields)).toEqual({ token: null, problem });
});
