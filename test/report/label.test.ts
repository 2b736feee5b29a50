import { describe, expect, test } from 'vitest';
import { emailLabel, userLabel } from '../../src/report/label.ts';
import type { UserSummary } from '../../src/summarize/summary.ts';

const label = (id: string | number | null, type: UserSummary['user_id_type']): string =>
  userLabel({ user_id: id, user_id_type: type });

describe('userLabel', () => {
  test('row 78: the number 1 and the string "1" look different', () => {
    expect(label(1, 'number')).toBe('1');
    expect(label('1', 'string')).toBe('"1"');
    expect(label('-1.5e3', 'string')).toBe('"-1.5e3"');
    expect(label('9007199254740993', 'number')).toBe('9007199254740993');
    expect(label('9007199254740993', 'string')).toBe('"9007199254740993"');
  });

  test('row 79: none, empty and non-string have words of their own', () => {
    expect(label(null, 'none')).toBe('(none)');
    expect(label('', 'string')).toBe('(empty)');
    expect(label(null, 'non_string')).toBe('(non-string)');
    expect(label(null, 'other')).toBe('(other users)');
    expect(label(3117, 'other')).toBe('(3,117 other users)');
  });

  test('row 79: no string can pass for one of them', () => {
    expect(label('(none)', 'string')).toBe('"(none)"');
    expect(label('(3,117 other users)', 'string')).toBe('"(3,117 other users)"');
    expect(label('"1"', 'string')).toBe(String.raw`"\"1\""`);
  });

  test('row 80: spaces at the ends can be seen', () => {
    expect(label('admin', 'string')).toBe('admin');
    expect(label('admin ', 'string')).toBe('"admin "');
    expect(label(' ', 'string')).toBe('" "');
  });
});

test('emailLabel tells no e-mail from odd ones', () => {
  expect(emailLabel(null)).toBe('-');
  expect(emailLabel('-')).toBe('"-"');
  expect(emailLabel('')).toBe('(empty)');
  expect(emailLabel('ada@example.com')).toBe('ada@example.com');
});
