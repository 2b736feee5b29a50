import { beforeAll, describe, expect, test } from 'vitest';
import { prepareZone } from '../../../src/source/fields/zone.ts';
import { factsOf, fieldsOf, sampleLines, timeOf } from './reading.ts';

/** What the first lines of each third-party sample log say; `none`: no time, `bad`: no moment. */
const FIRST_TIMES: Readonly<Record<string, readonly string[]>> = {
  'access_log.0': ['2009-07-20T22:59:26.000Z', '2009-07-20T22:59:29.000Z'],
  'ansi.0': ['2022-06-22T10:20:33.000Z'],
  'ansi.1': ['2023-09-19T09:24:04.000Z'],
  'bad_access_log.0': ['2009-07-20T22:59:26.000Z', '2009-07-20T22:59:29.000Z'],
  'bad_syslog.0': ['2022-11-03T09:23:38.000Z'],
  'block.1': ['2021-05-19T13:00:01.000Z', 'none', '2021-05-19T13:00:03.000Z'],
  'block.2': ['2021-05-19T12:00:02.000Z'],
  'caddy_log.0': ['2025-10-21T04:10:22.315Z'],
  'caddy_log.1': ['2024-05-26T11:42:52.601Z', '2024-05-26T11:43:50.508Z'],
  'crlf.0': ['2012-07-02T10:22:40.672Z', '2014-10-08T16:56:38.344Z'],
  'epoch.0': ['2015-04-10T02:58:07.123Z', '2015-04-10T02:58:07.456Z'],
  'epoch.1': ['2015-04-09T19:58:07.123Z'],
  'generic.1': ['2015-04-24T21:09:29.296Z'],
  'generic.2': ['2015-04-24T21:08:10.313Z'],
  'generic.3': ['2012-07-02T10:22:40.672Z', '2014-10-08T16:56:38.344Z'],
  'generic_nanos.0': ['2025-01-01T00:00:00.123Z', '2025-01-01T01:00:00.987Z'],
  'generic_with_header.0': ['none', 'none', '2012-07-02T10:22:40.672Z'],
  'invalid_json.json': ['2013-09-06T20:00:48.124Z', '2013-09-06T20:00:49.124Z', 'none'],
  'invalid_tz.0': ['bad', 'bad'],
  'invalid_utf8.0': ['2015-03-12T23:16:52.071Z', 'none'],
  'journald.json': ['2018-08-21T14:04:21.221Z', '2018-08-21T14:04:21.221Z'],
  'logfmt.0': ['2021-09-15T21:17:10.220Z'],
  'mixed_json2.json': [
    '2013-09-06T20:00:48.124Z',
    '2013-09-06T20:00:49.124Z',
    '2013-09-06T22:00:49.124Z',
    '2013-09-06T22:00:50.123Z',
    'none',
  ],
  'multiline.0': ['2009-07-20T22:59:27.672Z', 'none', '2009-07-20T22:59:30.221Z'],
  'nested_json.json': ['2013-09-06T20:00:48.124Z'],
  'pino.0': ['2025-04-24T22:08:37.537Z'],
  'plain.0': ['none', 'none', 'none'],
  'rollover.0': ['none'],
  'syslog.1': ['2022-12-03T09:23:38.000Z', '2022-12-03T09:23:38.000Z'],
  'syslog_fr.0': ['none'],
  'syslog_with_access_log.0': ['2023-01-03T09:47:02.000Z', '2023-03-24T14:02:50.000Z'],
  'with_zones.0': ['2022-08-27T14:22:01.613Z', '2022-08-27T14:22:01.694Z'],
  'yday.0': ['2012-01-25T10:22:40.672Z', '2014-11-29T16:56:38.344Z'],
};

const samples = sampleLines('logfile_access_log.0');
if (samples === null)
  process.stderr.write('skipped: no third-party sample logs (AUTHLOG_VECTORS)\n');

describe.skipIf(samples === null)('third-party sample logs', () => {
  beforeAll(() => prepareZone('America/Los_Angeles'));

  const linesOf = (name: string): Uint8Array[] => sampleLines(`logfile_${name}`) ?? [];

  test.each(Object.entries(FIRST_TIMES))('row 34: %s', (name, times) => {
    expect(
      linesOf(name)
        .slice(0, times.length)
        .map((line) => timeOf(line)),
    ).toEqual(times);
  });

  test('row 33: a log over New Year runs on', () => {
    const times = linesOf('syslog.1').map((line) => factsOf(line).time);
    expect(times).toHaveLength(4);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
  });

  test('row 31: the hour that came twice is flagged and read as the first', () => {
    const flags = linesOf('dst.0').map(
      (line) => factsOf(line, { zone: 'America/Los_Angeles', year: 2019 }).timeFlags,
    );
    expect(new Set(flags.slice(0, 6))).toEqual(new Set([4]));
    expect(timeOf(linesOf('dst.0')[0]!, { zone: 'America/Los_Angeles', year: 2019 })).toBe(
      '2019-11-03T08:01:03.000Z',
    );
  });

  test('HAProxy tells the year that its syslog stamp leaves out', () => {
    const lines = linesOf('haproxy.0').map((line) => fieldsOf(line));
    const request = lines.find(({ path }) => path !== null);
    expect(new Date(request?.time ?? 0).toISOString()).toBe('2019-02-25T16:19:48.143Z');
    expect(request).toMatchObject({ ip: '141.35.244.171', method: 'GET', status: 200 });
  });

  test('access logs say who asked for what', () => {
    expect(linesOf('access_log.0').map((line) => fieldsOf(line))[1]).toMatchObject({
      ip: '192.168.202.254',
      method: 'GET',
      path: '/vmw/vSphere/default/vmkboot.gz',
      status: 404,
      userAgent: 'gPXE/0.9.7',
    });
    expect(linesOf('syslog_with_access_log.0').map((line) => fieldsOf(line).status)).toEqual([
      null,
      200,
      404,
      null,
      null,
    ]);
  });
});
