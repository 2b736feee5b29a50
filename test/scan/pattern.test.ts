import { describe, expect, test } from 'vitest';
import { AuthlogError } from '../../src/errors.ts';
import { compilePattern, PatternScanner } from '../../src/scan/pattern.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { Spans } from '../../src/scan/spans.ts';
import { mint } from '../support/tokens.ts';
import { foundIn, type Found } from './scan.ts';

const token = mint({ sub: 'ada' });
const other = mint({ sub: 'bob' });

const scanWith = (pattern: string, line: string): Found[] | null => {
  const bytes = Buffer.from(`before ${token}\n${line}\nbehind ${token}`);
  const start = bytes.indexOf('\n') + 1;
  const end = start + Buffer.byteLength(line);
  const spans = new Spans();
  const scanner = new PatternScanner(pattern, new Scanner(64 << 10));
  return scanner.scanLine(bytes, start, end, spans) ? foundIn(bytes, spans) : null;
};

describe('a pattern of the user', () => {
  test('its first group is the token, every match counts', () => {
    expect(scanWith('jwt=(\\S+)', `jwt=${token} x=${token} jwt=${other}`)).toEqual([
      { kind: 'jws', text: token },
      { kind: 'jws', text: other },
    ]);
  });

  test('without a group the whole match is', () => {
    expect(scanWith('ey[\\w.-]+', `a ${token}, b`)).toEqual([{ kind: 'jws', text: token }]);
  });

  test('what it names is counted even if it is no token, and nothing else is', () => {
    expect(scanWith('sid=(\\w+)', `Token: ${token} sid=abc123`)).toEqual([
      { kind: 'notAToken', text: 'abc123' },
    ]);
    expect(scanWith('sid=(\\w+)', `Token: ${token}`)).toEqual([]);
  });

  test('an empty or absent group is no match', () => {
    expect(scanWith('jwt=(\\S*)', 'jwt= x')).toEqual([]);
    expect(scanWith('x*', 'abc')).toEqual([]);
  });

  test('it sees one line, and keeps nothing from one to the next', () => {
    expect(scanWith('^jwt=(\\S+)$', `jwt=${token}`)).toEqual([{ kind: 'jws', text: token }]);
    expect(scanWith('before (\\S+)', 'nothing')).toEqual([]);
    const spans = new Spans();
    const scanner = new PatternScanner('t=(\\S+)', new Scanner(1000));
    const bytes = Buffer.from(`t=${token}`);
    for (let i = 0; i < 3; i++) scanner.scanLine(bytes, 0, bytes.length, spans);
    expect(spans.count).toBe(3);
  });

  test('it works on text that is not ASCII, and on bytes that are no text', () => {
    expect(scanWith('jetön=(\\S+)', `jetön=${token} ü`)).toEqual([{ kind: 'jws', text: token }]);
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from(`t=${token}`)]);
    const spans = new Spans();
    new PatternScanner('t=(\\S+)', new Scanner(1000)).scanLine(bytes, 0, bytes.length, spans);
    expect(foundIn(bytes, spans)).toEqual([{ kind: 'jws', text: token }]);
  });

  test.each(['(', '[', 'a{2,1}', '(?<n>x)(?<n>y)', '\\'])('%s is refused', (source) => {
    expect(() => compilePattern(source)).toThrow(AuthlogError);
    try {
      compilePattern(source);
    } catch (error) {
      expect((error as AuthlogError).exitCode).toBe(2);
    }
  });

  test('a pattern that backtracks without end does not: the linear engine takes over', () => {
    expect(scanWith('^(a+)+$', `${'a'.repeat(60)}!`)).toEqual([]);
    expect(scanWith('(x+x+)+y', 'x'.repeat(20_000))).toEqual([]);
    expect(compilePattern('^(a+)+$').linear).toBe(true);
  });

  test('one that the linear engine can’t run is stopped, and the next line is searched', () => {
    const source = '^(?=(a+)+$)b';
    expect(compilePattern(source).linear).toBe(false);
    expect(scanWith(source, `${'a'.repeat(40)}!`)).toBeNull();
    expect(scanWith('(?<=jwt=)\\S+', `jwt=${token}`)).toEqual([{ kind: 'jws', text: token }]);
  });
});
