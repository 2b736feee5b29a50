import { describe, expect, test } from 'vitest';
import { calendarDay, dayCounter, rfc3339 } from '../../src/summarize/time.ts';
import { createRandom } from '../oracle/random.ts';

describe('rfc3339', () => {
  test('says whole seconds without a fraction and others with milliseconds', () => {
    expect(rfc3339(Date.UTC(2023, 8, 22, 10))).toBe('2023-09-22T10:00:00Z');
    expect(rfc3339(Date.UTC(2023, 8, 22, 10) + 123)).toBe('2023-09-22T10:00:00.123Z');
  });

  test('agrees with the platform on moments of all years', () => {
    const { below } = createRandom(3339);
    const edges = [0, -1, 999, 1000, -62_167_219_200_000, 253_402_300_799_999, 951_782_400_000];
    const moments = [
      ...edges.flatMap((ms) => [ms, ms + 0.5, ms + 0.999]),
      ...Array.from({ length: 20_000 }, () => below(315_569_520_000_000) - 62_167_219_200_000),
    ].filter((ms) => ms < 253_402_300_800_000);
    for (const ms of moments) {
      expect(rfc3339(ms)).toBe(new Date(ms).toISOString().replace('.000Z', 'Z'));
    }
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

  test('row 72: counts days of every year that four digits can say, whatever the zone', () => {
    const zones = ['Asia/Kolkata', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'];
    for (const dayOf of zones.map(dayCounter)) {
      for (let day = -719_527; day < 2_932_896; day += 997) {
        // Noon in London is the same day, the one before or the one after everywhere.
        expect(Math.abs(dayOf(day * 86_400 + 43_200) - day)).toBeLessThanOrEqual(1);
      }
      for (const year of [1, 2, 400, 998, 999, 1000, 1001, 1400]) {
        // Before there were zones, every place had its own time: the same in all those years.
        const start = new Date(0).setUTCFullYear(year, 5, 1) / 1000;
        const later = new Date(0).setUTCFullYear(year + 400, 5, 1) / 1000;
        for (const clock of [0, 6, 12, 18].map((hour) => hour * 3600)) {
          expect(dayOf(later + clock) - dayOf(start + clock)).toBe(146_097);
        }
      }
    }
  });

  test('works before 1970', () => {
    expect(calendarDay(dayCounter('UTC')(-1))).toBe('1969-12-31');
    expect(calendarDay(dayCounter('Asia/Tokyo')(-1))).toBe('1970-01-01');
  });
});
