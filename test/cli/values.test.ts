import { describe, expect, test } from 'vitest';
import { readMoment } from '../../src/cli/moment.ts';
import {
  durationValue,
  readDuration,
  secondsOf,
  sizeValue,
  wholeValue,
} from '../../src/cli/values.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 34, 56);
const moment = (text: string, zone = 'UTC'): Promise<string> =>
  readMoment('--since', text, NOW, zone).then((ms) => new Date(ms).toISOString());

describe('times on the command line', () => {
  test.each([
    ['24h', '2026-11-20T12:34:56.000Z'],
    ['-7d', '2026-11-14T12:34:56.000Z'],
    ['1d12h', '2026-11-20T00:34:56.000Z'],
    ['now', '2026-11-21T12:34:56.000Z'],
    ['today', '2026-11-21T00:00:00.000Z'],
    ['yesterday', '2026-11-20T00:00:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['2026-11-20T08:30', '2026-11-20T08:30:00.000Z'],
    ['2026-11-20 08:30:15,250', '2026-11-20T08:30:15.250Z'],
    ['2026-11-20T08:30:00+02:00', '2026-11-20T06:30:00.000Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
  ])('%s', async (text, iso) => {
    expect(await moment(text)).toBe(iso);
  });

  test('days and times without an offset are in --tz', async () => {
    expect(await moment('today', 'America/New_York')).toBe('2026-11-21T05:00:00.000Z');
    expect(await moment('2026-07-01', 'Europe/Berlin')).toBe('2026-06-30T22:00:00.000Z');
    expect(await moment('yesterday', 'Asia/Kolkata')).toBe('2026-11-19T18:30:00.000Z');
  });

  test.each([
    '',
    'soon',
    '2026-02-30',
    '2026-13-01',
    '25:00',
    '2026-11-20T25:00',
    '3 moons',
    '1e9',
  ])('row 37: %j is refused with what would do', async (text) => {
    await expect(moment(text)).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('24h'),
    });
  });
});

describe('numbers on the command line', () => {
  test('durations', async () => {
    const read = (texts: readonly string[]): Promise<(number | null)[]> =>
      Promise.all(texts.map(readDuration));
    expect(await read(['90s', '15m', '24h', '7d', '1w', '500ms', '1.5h'])).toEqual([
      90_000, 900_000, 86_400_000, 604_800_000, 604_800_000, 500, 5_400_000,
    ]);
    expect(await read(['', '5', 'h', '5 parsecs', '-5s', '5s5'])).toEqual(Array(6).fill(null));
    expect([await secondsOf('30'), await secondsOf('2m')]).toEqual([30, 120]);
    for (const good of ['30', '1.5', '2m', '1d12h']) expect(durationValue(good)).toBe(good);
    for (const bad of ['', 'a while', '-5s', '5s5'])
      expect(() => durationValue(bad)).toThrow('Give a duration');
  });

  test('sizes', () => {
    expect(['1', '64K', '1M', '2MB', '1k'].map(sizeValue)).toEqual([
      1, 65_536, 1_048_576, 2_097_152, 1000,
    ]);
    for (const bad of ['0', '-1', '1.5M', '2G', 'big', ''])
      expect(() => sizeValue(bad)).toThrow('Give a size');
  });

  test('whole numbers in a range', () => {
    expect(wholeValue(1, 64)('64')).toBe(64);
    for (const bad of ['0', '65', '1.5', 'x', '-1', ''])
      expect(() => wholeValue(1, 64)(bad)).toThrow('from 1 to 64');
  });
});
