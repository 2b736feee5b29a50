import { describe, expect, test } from 'vitest';
import { calendarDay, dayCounter, rfc3339 } from '../../src/summarize/time.ts';

describe('rfc3339', () => {
  test('says whole seconds without a fraction and others with milliseconds', () => {
    expect(rfc3339(Date.UTC(2023, 8, 22, 10))).toBe('2023-09-22T10:00:00Z');
    expect(rfc3339(Date.UTC(2023, 8, 22, 10) + 123)).toBe('2023-09-22T10:00:00.123Z');
  });

  test('row 72: a moment beyond four-digit years is null, never a RangeError', () => {
    for (const ms of [1e308, 8.64e15, 253_402_300_800_000, -1e300, Infinity, -Infinity, NaN]) {
      expect(rfc3339(ms)).toBeNull();
    }
    expect(rfc3339(253_402_300_799_999)).toBe('9999-12-31T23:59:59.999Z');
  });
});

describe('dayCounter', () => {
  test('counts days where the zone has its midnight', () => {
    const seconds = Date.UTC(2023, 8, 22, 22, 30) / 1000;
    expect(calendarDay(dayCounter('UTC')(seconds))).toBe('2023-09-22');
    expect(calendarDay(dayCounter('Europe/Berlin')(seconds))).toBe('2023-09-23');
    expect(calendarDay(dayCounter('America/New_York')(seconds))).toBe('2023-09-22');
    expect(calendarDay(dayCounter('Asia/Kolkata')(seconds))).toBe('2023-09-23');
  });

  test('works before 1970', () => {
    expect(calendarDay(dayCounter('UTC')(-1))).toBe('1969-12-31');
    expect(calendarDay(dayCounter('Asia/Tokyo')(-1))).toBe('1970-01-01');
  });
});
