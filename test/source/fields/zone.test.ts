import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { TimeFlag } from '../../../src/source/fields/fields.ts';
import { isKnownZone, prepareZone, zoneOffset } from '../../../src/source/fields/zone.ts';
import { factsOf, timeOf } from './reading.ts';

const QUARTER = 900_000;
const NEW_YORK = 'America/New_York';

beforeAll(async () => {
  await prepareZone(NEW_YORK);
});

describe('zones', () => {
  test('known and unknown names', () => {
    expect(['UTC', 'Europe/Berlin', NEW_YORK, 'EST5EDT'].map(isKnownZone)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['', 'EST5XYZ', 'Mars/Olympus', '../etc/passwd'].map(isKnownZone)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('row 30: a stamp without offset is read in the zone, one with offset is not', () => {
    expect(timeOf('2023-09-22 10:00:00,123 - x', { zone: NEW_YORK })).toBe(
      '2023-09-22T14:00:00.123Z',
    );
    expect(timeOf('2023-09-22T10:00:00Z', { zone: NEW_YORK })).toBe('2023-09-22T10:00:00.000Z');
    expect(timeOf('Jan 22 10:00:00 host a: x', { zone: 'Asia/Kolkata' })).toBe(
      '2023-01-22T04:30:00.000Z',
    );
    expect(timeOf('2023-09-22 10:00:00', { zone: 'Etc/UTC' })).toBe('2023-09-22T10:00:00.000Z');
  });

  test('row 31: a skipped time maps forward and is flagged', () => {
    const { time, timeFlags } = factsOf('2023-03-12 02:30:00 x', { zone: NEW_YORK });
    expect([new Date(time).toISOString(), timeFlags]).toEqual([
      '2023-03-12T07:30:00.000Z',
      TimeFlag.gap,
    ]);
  });

  test('row 31: of a repeated time the first is taken and flagged', () => {
    const { time, timeFlags } = factsOf('Nov  5 01:30:00 host a: x', {
      zone: NEW_YORK,
      year: 2023,
    });
    expect([new Date(time).toISOString(), timeFlags]).toEqual([
      '2023-11-05T05:30:00.000Z',
      TimeFlag.fold,
    ]);
  });

  test('row 31: the minutes around both edges', () => {
    const flag = (stamp: string): number => factsOf(`2023-${stamp}`, { zone: NEW_YORK }).timeFlags;
    expect(
      ['03-12 01:59:59', '03-12 02:00:00', '03-12 02:59:59', '03-12 03:00:00'].map(flag),
    ).toEqual([0, TimeFlag.gap, TimeFlag.gap, 0]);
    expect(
      ['11-05 00:59:59', '11-05 01:00:00', '11-05 01:59:59', '11-05 02:00:00'].map(flag),
    ).toEqual([0, TimeFlag.fold, TimeFlag.fold, 0]);
  });

  test('a change of clocks inside of a quarter-hour is exact', () => {
    // St. John's changed at one minute past midnight until 2011.
    const at = (clock: string): number =>
      factsOf(`2005-04-03 ${clock}`, { zone: 'America/St_Johns' }).timeFlags;
    expect(['00:00:59', '00:01:00', '00:14:59', '01:00:59', '01:01:00'].map(at)).toEqual([
      0,
      TimeFlag.gap,
      TimeFlag.gap,
      TimeFlag.gap,
      0,
    ]);
  });

  test('an abbreviation that several zones share is read in the zone that the user named', () => {
    expect(timeOf('2023-09-22 10:00:00 CST x', { zone: 'Asia/Shanghai' })).toBe(
      '2023-09-22T02:00:00.000Z',
    );
    expect(timeOf('2023-09-22 10:00:00 CST x')).toBe('bad');
  });

  test('offsets are those that the platform knows', () => {
    const zones = [
      NEW_YORK,
      'Europe/Berlin',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Pacific/Apia',
    ];
    const quarter = fc.integer({
      min: Date.UTC(1990, 0, 1) / QUARTER,
      max: Date.UTC(2037, 0, 1) / QUARTER,
    });
    fc.assert(
      fc.property(fc.constantFrom(...zones), quarter, (zone, count) => {
        const local = count * QUARTER + 123_456;
        const { offsetMs, flag } = zoneOffset(zone, local);
        fc.pre(flag !== TimeFlag.gap);
        const shown = new Intl.DateTimeFormat('sv', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
        }).format(local - offsetMs);
        expect(shown).toBe(new Date(local).toISOString().slice(0, 19).replace('T', ' '));
      }),
      { seed: 31, numRuns: 600 },
    );
  });
});
