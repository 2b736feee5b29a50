import { describe, expect, test } from 'vitest';
import { mint } from '../support/tokens.ts';
import { scan, tokensIn } from './scan.ts';

const token = mint({ sub: 'ada', exp: 1_695_380_400 });
const [header, payload, signature] = token.split('.') as [string, string, string];

describe('masks', () => {
  test.each([
    '***',
    '****************',
    '[REDACTED]',
    '[redacted]',
    '<redacted>',
    '(removed)',
    '{masked}',
    '[signature removed]',
    '<hidden by policy>',
    '[FILTERED]',
    '<secret>',
    '[***]',
    '<signature>',
    'xxxx',
    'XXXXXXXX',
    'xxx',
    '…',
    '..',
    '...',
    '..........',
    'REDACTED',
    'redacted',
    'MASKED',
    'removed',
    'signature',
    'SIGNATURE',
    'sig',
    'signature_redacted',
    'SIGNATURE-REMOVED',
    '___',
    '-----',
    '__REDACTED__',
    '--filtered--',
  ])('%s in place of the signature is a mask', (mask) => {
    for (const after of ['', ' ', '"', ', x', ')']) {
      expect(scan(`Bearer ${header}.${payload}.${mask}${after}`)).toEqual([
        { kind: 'masked', text: `${header}.${payload}.${mask}` },
      ]);
    }
  });

  test.each(['abc***', 'wT0F_f***', 'abc…', 'abc...', 'abcdef..', `${'A'.repeat(43)}...`])(
    '%s is a mask behind the first characters of a signature',
    (mask) => {
      expect(scan(`t=${header}.${payload}.${mask} x`)).toEqual([
        { kind: 'masked', text: `${header}.${payload}.${mask}` },
      ]);
    },
  );

  test.each<[string, string]>([
    [signature, signature],
    [`${signature}*`, signature],
    [`${signature}**`, signature],
    [`${signature}[REDACTED]`, signature],
    ['redactedButMore', 'redactedButMore'],
    ['xx', 'xx'],
    ['xxxy', 'xxxy'],
    ['sigh', 'sigh'],
    ['A.', 'A'],
    ['[0]', ''],
    ['[not it]', ''],
    ['(see below)', ''],
    ['<br>', ''],
    ['{"a":1}', ''],
    [`[${'x'.repeat(90)}redacted]`, ''],
    ['[redacted', ''],
    ['*', ''],
    ['**', ''],
  ])('%s is none', (after, rest) => {
    expect(tokensIn(`${header}.${payload}.${after}`)).toEqual([`${header}.${payload}.${rest}`]);
  });

  test('a shortened header is no token, a shortened payload is none', () => {
    expect(tokensIn(`${header}...`)).toEqual([]);
    expect(tokensIn(`${header.slice(0, 10)}…`)).toEqual([]);
    expect(tokensIn(`${header}.***.***`)).toEqual([]);
    expect(tokensIn(`${header}.[REDACTED].x`)).toEqual([]);
    expect(tokensIn(`${header}..***`)).toEqual([]);
  });

  test('a mask does not swallow the next token', () => {
    expect(scan(`${header}.${payload}.***${token}`).map(({ kind }) => kind)).toEqual([
      'masked',
      'jws',
    ]);
    expect(scan(`${header}.${payload}....${token}`).map(({ kind }) => kind)).toEqual([
      'masked',
      'jws',
    ]);
    expect(scan(`[${header}.${payload}.[redacted],${token}]`).map(({ kind }) => kind)).toEqual([
      'masked',
      'jws',
    ]);
  });
});
