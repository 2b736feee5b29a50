import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { TimeFlag } from '../../../src/source/fields/fields.ts';
import { factsOf, timeOf } from './reading.ts';

const NOON = '2023-09-22T10:00:00.000Z';
const pad = (value: number, width: number): string => String(value).padStart(width, '0');

describe('stamps with a date', () => {
  test('row 29: comma and point fractions of 1 to 9 digits are cut to milliseconds', () => {
    const digits = '987654321';
    for (let length = 1; length <= 9; length += 1) {
      const fraction = digits.slice(0, length);
      const expected = `2023-09-22T10:00:00.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
      for (const mark of [',', '.']) {
        expect(timeOf(`2023-09-22 10:00:00${mark}${fraction} - x`)).toBe(expected);
        expect(timeOf(`2023-09-22T10:00:00${mark}${fraction}Z`)).toBe(expected);
      }
    }
  });

  test.each([
    '2023-09-22T10:00:00Z',
    '2023-09-22t10:00:00z x',
    '2023-09-22 10:00:00',
    '2023-09-22_10:00:00 x',
    '2023-09-22T10:00',
    '2023-09-22T12:00:00+02:00',
    '2023-09-22T15:30:00+0530 x',
    '2023-09-22T05:00:00-05',
    '2023-09-22 12:00:00 +0200 x',
    '2023-09-22 12:00:00 +02:00 x',
    '2023-09-22 10:00:00 UTC [7] x',
    '2023-09-22 05:00:00 EST x',
    '2023-09-22T12:00:00CEST x',
    '2023-09-22 10:00:00 AM x',
    '2023-09-22 10:00:00,000 -12 items',
    '2023-09-22 10:00:00 -1234567 x',
    '2023-09-22 10:00:00 +1500 x',
    '2023-09-22 10:00:00 -0412 x',
    '2023/09/22 10:00:00 x',
    '20230922.100000 x',
    '20230922 10:00:00 x',
    '22/Sep/2023:10:00:00 +0000',
    '22-Sep-2023 10:00:00.000 INFO',
    '22 Sep 2023 10:00:00 x',
    'Sep 22, 2023 10:00:00 AM x',
    'Sep 22 2023 10:00:00: %ASA',
    'Fri Sep 22 10:00:00 2023 +0000',
    'Fri Sep 22 2023 12:00:00 GMT+0200 (Central European Summer Time)',
    '[2023-09-22T10:00:00Z] x',
    'ERROR: 2023-09-22 10:00:00 x',
    'INFO - 2023-09-22 10:00:00 x',
  ])('%s', (line) => {
    expect(timeOf(line)).toBe(NOON);
  });

  test('every moment reads the same in every spelling', () => {
    const moment = fc.date({
      min: new Date('1970-01-02T00:00:00Z'),
      max: new Date('2099-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    const offset = fc.integer({ min: -12 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(moment, offset, (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString();
        const sign = minutes < 0 ? '-' : '+';
        const hours = pad(Math.floor(Math.abs(minutes) / 60), 2);
        const rest = pad(Math.abs(minutes) % 60, 2);
        const [day, clock] = local.slice(0, -1).split('T') as [string, string];
        const start = Date.UTC(Number(day.slice(0, 4)), 0, 1);
        const ordinal = 1 + Math.floor((date.getTime() + minutes * 60_000 - start) / 86_400_000);
        const month = new Date(`${day}T00:00:00Z`).toUTCString().slice(8, 11);
        const zone = `${sign}${hours}${rest}`;
        const expected = date.toISOString();
        for (const line of [
          `${day}T${clock}${sign}${hours}:${rest} x`,
          `${day}t${clock}${zone}`,
          `${day.replaceAll('-', '/')}_${clock.replace('.', ',')}${zone} x`,
          `${day.replaceAll('-', '')}T${clock.replaceAll(':', '')}${zone} x`,
          `${day.slice(0, 4)}-${pad(ordinal, 3)}T${clock}${zone} x`,
          `x - - [${day.slice(8)}/${month}/${day.slice(0, 4)}:${clock} ${zone}] "-" 200`,
        ]) {
          // Behind a space an offset has to be one that zones have.
          if (line.startsWith('x') && minutes % 15 !== 0) continue;
          expect([line, timeOf(line)]).toEqual([line, expected]);
        }
      }),
      { seed: 29, numRuns: 400 },
    );
  });

  test.each([
    '2023-09-22',
    '2023-09-22 hello',
    '2023-09-22T10',
    '2023-0042-11 10:00:00',
    '10:00:00.000 x',
    '09/22/2023 10:00:00 x',
    '1.2.3.4 x',
    'Sep 22 x',
    'Sept 22 10:00:00',
    'expires 2023-09-22T10:00:00Z',
    'start_time=2023-09-22T10:00:00Z',
    'user logged in, time=2023-09-22T10:00:00Z',
    '',
  ])('no time is made up of: %s', (line) => {
    expect(timeOf(line)).toBe('none');
  });
});

describe('stamps that name no moment', () => {
  test.each([
    '2023-02-30 10:00:00',
    '2023-02-29 10:00:00',
    '2023-13-01T10:00:00Z',
    '2023-00-10T10:00:00Z',
    '2023-09-22 25:61:00',
    '2023-09-22 24:00:00',
    '2023-09-22 10:00:61',
    '2023-366T10:00:00',
    '2023-000T10:00:00',
    '0001-01-01T00:00:00Z',
    '31/Sep/2023:10:00:00 +0000',
    'Feb 30 10:00:00 host a: x',
    '2023-09-22 13:00:00 PM',
  ])('row 32: %s is bad, not rolled over', (line) => {
    expect(timeOf(line)).toBe('bad');
  });

  test('row 32: the same in an access log and in JSON', () => {
    expect(timeOf('1.2.3.4 - - [30/Feb/2023:10:00:00 +0000] "GET / HTTP/1.1" 200 1')).toBe('bad');
    expect(factsOf('1.2.3.4 - - [30/Feb/2023:10:00:00 +0000] "GET / HTTP/1.1" 200 1').status).toBe(
      200,
    );
    expect(timeOf('{"time":"2023-02-30T10:00:00Z"}')).toBe('bad');
    expect(timeOf('{"time":"2023-02-30T10:00:00Z","ts":1695376800}')).toBe(NOON);
  });

  test.each([
    '2023-09-22 10:00:00 EST5XYZ x',
    '2023-09-22T10:00:00.313913FOO x',
    '2023-09-22T10:00:00+25:00',
    '2023-09-22T10:00:00+123',
    '2023-09-22T10:00:00[Europe/Paris]',
    '2023-09-22 10:00:00 CST x',
    'Wed May 19 08:00:01 FOO 2021 x',
  ])('row 34: a zone that cannot be told is bad: %s', (line) => {
    expect(timeOf(line)).toBe('bad');
  });

  test('row 34: a word behind a stamp that is no zone leaves it alone', () => {
    for (const word of ['INFO', 'ESTABLISHED', 'EST_x', 'est', 'FOO', 'A', 'PM2']) {
      expect(timeOf(`2023-09-22 10:00:00 ${word} x`)).toBe(NOON);
    }
  });

  test('row 34: a month in another language is no time', () => {
    expect(timeOf('août 19 11:08:37 host a: test')).toBe('none');
  });

  test('row 36: a leap second is the last millisecond before it', () => {
    for (const line of [
      '2016-12-31T23:59:60Z',
      '2016-12-31 23:59:60,500 x',
      '2017-01-01T00:59:60.9+01:00',
      '20161231T235960Z',
      '31/Dec/2016:23:59:60 +0000',
    ]) {
      expect(timeOf(line)).toBe('2016-12-31T23:59:59.999Z');
    }
  });
});

describe('epochs', () => {
  test('row 34: seconds, milli-, micro- and nanoseconds by their length', () => {
    for (const text of ['1695376800', '1695376800000', '1695376800000000', '1695376800000000000']) {
      expect(timeOf(`${text} x`)).toBe(NOON);
      expect(timeOf(`{"time":${text}}`)).toBe(NOON);
      expect(timeOf(`{"time":"${text}"}`)).toBe(NOON);
      expect(timeOf(`ts=${text} msg=x`)).toBe(NOON);
    }
  });

  test('a float of seconds loses no millisecond', () => {
    for (let ms = 0; ms < 1000; ms += 1) {
      const text = `1695376800.${pad(ms, 3)}`;
      const expected = new Date(1_695_376_800_000 + ms).toISOString();
      expect([timeOf(`{"ts":${text}}`), timeOf(`${text} x`)]).toEqual([expected, expected]);
    }
  });

  test('other numbers are no time', () => {
    for (const text of [
      '169537680',
      '16953768001',
      '9695376800',
      '1695376800x',
      '1e400',
      '-1695376800',
      '0.123',
    ]) {
      expect(timeOf(`${text} x`)).toBe('none');
      expect(timeOf(`{"time":${text}}`)).toBe('none');
    }
  });
});

describe('stamps without a year', () => {
  const at = (line: string, reference: string, year: number | null = null): string =>
    timeOf(`${line} host app: x`, { reference: Date.parse(reference), year });

  test('row 33: the latest year that is not over a day after the reference', () => {
    expect(at('Dec 31 23:59:59', '2024-01-01T00:00:05Z')).toBe('2023-12-31T23:59:59.000Z');
    expect(at('Jan  1 00:00:05', '2023-12-31T23:59:59Z')).toBe('2024-01-01T00:00:05.000Z');
    expect(at('Jan  2 00:00:00', '2023-12-31T23:59:59Z')).toBe('2023-01-02T00:00:00.000Z');
    expect(at('Sep 23 10:00:00', '2023-09-22T10:00:00Z')).toBe('2023-09-23T10:00:00.000Z');
    expect(at('Sep 23 10:00:01', '2023-09-22T10:00:00Z')).toBe('2022-09-23T10:00:01.000Z');
  });

  test('row 33: 29 February goes to a leap year', () => {
    expect(at('Feb 29 10:00:00', '2023-09-22T10:00:00Z')).toBe('2020-02-29T10:00:00.000Z');
    expect(at('Feb 29 10:00:00', '2107-09-22T10:00:00Z')).toBe('2104-02-29T10:00:00.000Z');
    expect(at('Feb 29 10:00:00', '2103-09-22T10:00:00Z')).toBe('2096-02-29T10:00:00.000Z');
  });

  test('row 33: a given year is taken as it is', () => {
    expect(at('Dec 31 23:59:59', '2024-01-01T00:00:05Z', 2019)).toBe('2019-12-31T23:59:59.000Z');
    expect(at('Feb 29 10:00:00', '2024-01-01T00:00:05Z', 2019)).toBe('bad');
  });

  test('row 33: never more than a day in the future, never more than needed in the past', () => {
    const day = 86_400_000;
    const reference = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2090, 0, 1) });
    const stamp = fc.integer({ min: 0, max: 365 * day });
    fc.assert(
      fc.property(reference, stamp, (now, inYear) => {
        const parts = new Date(Date.UTC(2023, 0, 1) + inYear).toUTCString();
        const line = `${parts.slice(8, 11)} ${parts.slice(5, 7)} ${parts.slice(17, 25)} host a: x`;
        const { time } = factsOf(line, { reference: now });
        expect(time).toBeLessThanOrEqual(now + day);
        const next = new Date(time);
        next.setUTCFullYear(next.getUTCFullYear() + 1);
        expect(next.getTime()).toBeGreaterThan(now + day);
      }),
      { seed: 33, numRuns: 1000 },
    );
  });
});

describe('the machine', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test('row 30: its own zone does not matter', () => {
    for (const name of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
      process.env['TZ'] = name;
      expect(timeOf('2023-09-22 10:00:00,123 - x')).toBe('2023-09-22T10:00:00.123Z');
      expect(timeOf('Sep 22 10:00:00 host a: x')).toBe(NOON);
    }
  });

  test('row 35: lines out of order are read one by one', () => {
    expect(timeOf('2023-09-22 10:00:00 a')).toBe(NOON);
    expect(timeOf('2021-09-22 10:00:00 a')).toBe('2021-09-22T10:00:00.000Z');
    expect(factsOf('2023-09-22 10:00:00 a').timeFlags & TimeFlag.bad).toBe(0);
  });
});
