import { describe, expect, test } from 'vitest';
import { readClaimValue, readJsonObject } from '../../src/issue/json.ts';

describe('a claim typed as text', () => {
  test.each<[string, unknown]>([
    ['12345', 12_345],
    ['-1.5e3', -1500],
    ['true', true],
    ['null', null],
    ['[1,"a"]', [1, 'a']],
    ['{"a":{"b":1}}', { a: { b: 1 } }],
    ['"12345"', '12345'],
    ['', ''],
    ['acme', 'acme'],
    ['trueish', 'trueish'],
    ['007', '007'],
    ['1.2.3', '1.2.3'],
    ['[not json', '[not json'],
    [' 1', ' 1'],
    ['NaN', 'NaN'],
  ])('%j is %j', (text, value) => {
    expect(readClaimValue(text, 'it')).toEqual(value);
  });

  test.each(['12345678901234567890', '9007199254740993', '1e400', '{"a":[9007199254740993]}'])(
    '%s is refused: it would be signed as another number',
    (text) => {
      expect(() => readClaimValue(text, 'the claim a')).toThrow(/the claim a holds a number/);
    },
  );

  test('digits in a text are no number', () => {
    expect(readClaimValue('{"9007199254740993":"9007199254740993\\""}', 'it')).toEqual({
      '9007199254740993': '9007199254740993"',
    });
  });
});

describe('a file of claims', () => {
  test('may start with a byte order mark', () => {
    expect(readJsonObject('\uFEFF{"a":1}', 'f')).toEqual({ a: 1 });
  });

  test.each<[string, string]>([
    ['', 'is not valid JSON'],
    ['{"password":"hunter2"', 'is not valid JSON'],
    ['[1]', 'is not a JSON object'],
    ['null', 'is not a JSON object'],
    ['{"a":1,"a":2}', 'names a claim twice'],
    ['{"a":1,"\\u0061":2}', 'names a claim twice'],
  ])('%s %s', (text, why) => {
    expect(() => readJsonObject(text, 'claims.json')).toThrow(`claims.json ${why}`);
  });

  test('a long text is looked through', () => {
    const text = 'x'.repeat(1_000_000);
    expect(readJsonObject(JSON.stringify({ text }), 'f')).toEqual({ text });
  });
});
