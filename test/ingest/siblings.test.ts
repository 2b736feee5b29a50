import { expect, test } from 'vitest';
import { logOf, rotatedParts } from '../../src/ingest/siblings.ts';

test.each([
  ['app.log', 'app.log'],
  ['app.log.1', 'app.log'],
  ['app.log.12.gz', 'app.log'],
  ['app.log-20260101', 'app.log'],
  ['app.log-2026-01-01.gz', 'app.log'],
  ['app.log-20260101-1767225600.zst', 'app.log'],
  ['app.log.gz', 'app.log'],
  ['syslog.1', 'syslog'],
  ['app-20260101.log', 'app-20260101.log'],
  ['.1', '.1'],
  ['log', 'log'],
])('%s is a part of %s', (name, log) => {
  expect(logOf(`/var/log/${name}`)).toBe(`/var/log/${log}`);
});

test('the highest number is the oldest, dates are in order and older than numbers', () => {
  const names = ['app.log.2.gz', 'app.log', 'app.log.10.gz', 'app.log.1', 'app.log-20260102'];
  expect(
    rotatedParts('app.log', [...names, 'app.log-20260101.gz', 'app.log.swp', 'b.log.1']),
  ).toEqual([
    'app.log-20260101.gz',
    'app.log-20260102',
    'app.log.10.gz',
    'app.log.2.gz',
    'app.log.1',
  ]);
});

test('a file that is there plain and compressed is being compressed: the plain one counts', () => {
  expect(rotatedParts('app.log', ['app.log.1', 'app.log.1.gz', 'app.log.2.gz'])).toEqual([
    'app.log.2.gz',
    'app.log.1',
  ]);
});
