import { describe, expect, test } from 'vitest';
import { createCalendar, withWeekday } from '../../src/report/calendar.ts';

const NOW = '2026-11-21T00:00:00Z';

describe('stamp', () => {
  test.each([
    ['UTC', '2026-11-20T23:59:59.999Z', '2026-11-20 23:59'],
    ['Europe/Berlin', '2026-11-20T23:30:00Z', '2026-11-21 00:30'],
    ['Europe/Berlin', '2026-07-01T22:00:00Z', '2026-07-02 00:00'],
    ['Asia/Kathmandu', '2026-11-20T23:30:00Z', '2026-11-21 05:15'],
    ['America/St_Johns', '2026-01-01T00:00:00Z', '2025-12-31 20:30'],
    ['+05:30', '2026-11-20T23:30:00Z', '2026-11-21 05:00'],
    ['-0800', '2026-11-20T07:30:00Z', '2026-11-19 23:30'],
  ])('%s shows %s as %s', (tz, moment, expected) => {
    expect(createCalendar(NOW, tz).stamp(moment)).toBe(expected);
  });

  test('the hour that comes twice and the one that never comes', () => {
    const { stamp } = createCalendar(NOW, 'Europe/Berlin');
    expect(stamp('2026-10-25T00:30:00Z')).toBe('2026-10-25 02:30');
    expect(stamp('2026-10-25T01:30:00Z')).toBe('2026-10-25 02:30');
    expect(stamp('2026-03-29T00:59:00Z')).toBe('2026-03-29 01:59');
    expect(stamp('2026-03-29T01:00:00Z')).toBe('2026-03-29 03:00');
  });

  test('row 72: a moment no clock shows is a dash, not an error', () => {
    const { stamp } = createCalendar(NOW, 'Europe/Berlin');
    expect(stamp(null)).toBe('-');
    expect(stamp('far away')).toBe('-');
    expect(stamp('9999-12-31T23:59:59Z')).toBe('+010000-01-01 00:59');
  });
});

test.each([
  ['2026-11-21T00:00:30Z', 'in 1 min'],
  ['2026-11-21T00:59:59Z', 'in 59 min'],
  ['2026-11-21T19:30:00Z', 'in 19 h'],
  ['2026-11-22T23:00:00Z', 'in 47 h'],
  ['2026-11-24T00:00:00Z', 'in 3 d'],
  ['2026-11-28T00:00:00Z', null],
  ['2026-11-20T23:50:00Z', '10 min ago'],
  ['2026-11-18T00:00:00Z', '3 d ago'],
  ['2026-11-01T00:00:00Z', null],
])('near: %s is %s', (moment, expected) => {
  expect(createCalendar(NOW, 'UTC').near(moment)).toBe(expected);
});

test('today is the day in the zone', () => {
  expect(createCalendar('2026-11-20T23:30:00Z', 'UTC').today).toBe('2026-11-20');
  expect(createCalendar('2026-11-20T23:30:00Z', 'Europe/Berlin').today).toBe('2026-11-21');
});

test('withWeekday names the day', () => {
  expect(withWeekday('2026-11-21')).toBe('Sat 2026-11-21');
  expect(withWeekday('2024-02-29')).toBe('Thu 2024-02-29');
});
