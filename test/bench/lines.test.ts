import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hmacSigner, linesOf, LOGS, recipe, SECRET } from './modules.ts';

const textOf = (name: string, n: number): string =>
  [...linesOf(recipe(name, n), hmacSigner())].map(({ text }) => text).join('');

const tokensOf = (name: string, n: number): string[] =>
  [...textOf(name, n).matchAll(new RegExp(recipe(name, n).pattern, 'g'))].map(
    ([, token]) => token!,
  );

const isSigned = (token: string): boolean => {
  const [header, payload, signature] = token.split('.');
  const right = createHmac('sha256', SECRET).update(`${header}.${payload}`).digest('base64url');
  return right === signature;
};

describe('logs of the benchmark', () => {
  test('are the same on every machine and in every release', () => {
    const hash = createHash('sha256').update(textOf('distinct', 200)).digest('hex');
    expect(hash).toBe('86c9fa90b6f56624c61531aa3ff9b1652c3ff85fc5d75a23cde9ffd5a772e56c');
  });

  test('have the tokens that their recipe says, each found by the pattern of its peers', () => {
    for (const name of Object.keys(LOGS)) {
      const { tokens, distinct } = recipe(name, 200);
      const found = tokensOf(name, 200);
      expect([name, found.length]).toEqual([name, tokens]);
      expect(new Set(found).size).toBeLessThanOrEqual(distinct);
      if (distinct === tokens) expect(new Set(found).size).toBe(distinct);
    }
  });

  test('the tenth is the beginning of the long one', () => {
    const tenth = textOf('tenth', 100);
    expect(textOf('long', 100).slice(0, tenth.length)).toBe(tenth);
    expect(recipe('long', 100).tokens).toBe(10 * recipe('tenth', 100).tokens);
  });

  test('tokens are forged exactly where the log says so', () => {
    const made = [...linesOf(recipe('distinct', 300), hmacSigner())].map(({ fate }) => fate);
    const signed = tokensOf('distinct', 300).map(isSigned);
    expect(signed).toEqual(made.map((fate) => fate !== 'bad_signature'));
    expect(new Set(made)).toEqual(new Set(['accepted', 'expired', 'bad_signature']));
  });

  test('JSON lines are JSON', () => {
    for (const line of textOf('jsonl', 50).trimEnd().split('\n')) JSON.parse(line);
  });
});
