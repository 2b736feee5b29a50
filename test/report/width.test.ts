import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { escapeText } from '../../src/report/escape.ts';
import { pack, truncate, truncateStart, wrap } from '../../src/report/width.ts';
import { NAUGHTY } from './naughty.ts';

describe('truncate', () => {
  test('keeps what fits', () => {
    expect(truncate('ada', 3)).toBe('ada');
    expect(truncate('田中', 4)).toBe('田中');
  });

  test('row 51: cuts between graphemes and marks the cut', () => {
    expect(truncate('abcdef', 4)).toBe('abc…');
    expect(truncate('田中太郎', 6)).toBe('田中…');
    expect(truncate('e\u0301e\u0301e\u0301e\u0301', 3)).toBe('e\u0301e\u0301…');
    expect(truncate('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 4)).toBe('👩‍👩‍👧‍👦…');
    expect(truncate('abcdef', 5, '...')).toBe('ab...');
  });

  test('row 51: is never wider than asked for', () => {
    for (const text of NAUGHTY) {
      for (const columns of [0, 1, 2, 3, 5, 8, 13, 29]) {
        expect(stringWidth(truncate(escapeText(text), columns))).toBeLessThanOrEqual(columns);
        expect(stringWidth(truncateStart(escapeText(text), columns))).toBeLessThanOrEqual(columns);
      }
    }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, columns) => {
        const cut = truncate(text, columns);
        return stringWidth(cut) <= columns && (cut === text || stringWidth(text) > columns);
      }),
      { seed: 51, numRuns: 2000 },
    );
  });

  test('the start can be cut instead', () => {
    expect(truncateStart('/var/log/api/auth.log', 12)).toBe('…pi/auth.log');
    expect(truncateStart('auth.log', 12)).toBe('auth.log');
  });
});

describe('wrap', () => {
  test('breaks at spaces, and within a word only where it must', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a abcdefghij b', 4)).toEqual(['a', 'abcd', 'efgh', 'ij b']);
    expect(wrap('田中太郎', 5)).toEqual(['田中', '太郎']);
    expect(wrap('', 5)).toEqual([]);
  });

  test('loses no letter and keeps to the width', () => {
    for (const text of NAUGHTY.map(escapeText)) {
      const lines = wrap(text, 38);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(38);
    }
  });
});

test('pack fills lines in order', () => {
  expect(pack(['aa', 'bb', 'cccc', 'd'], 6, '  ')).toEqual(['aa  bb', 'cccc', 'd']);
  expect(pack([], 6, '  ')).toEqual([]);
});
