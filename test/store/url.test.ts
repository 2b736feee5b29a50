import { expect, test } from 'vitest';
import { isStoreUrl, shownStoreUrl } from '../../src/source/store-url.ts';
import { parseStoreUrl } from '../../src/store/url.ts';

test('duckdb: alone is the history of the user, where XDG says', () => {
  const at = (env: Record<string, string>): unknown => parseStoreUrl('duckdb:', env);
  const kind = 'duckdb';
  expect(at({ XDG_STATE_HOME: '/s' })).toEqual({ kind, path: '/s/authlog/history.duckdb' });
  const path = '/h/.local/state/authlog/history.duckdb';
  expect(at({ HOME: '/h' })).toEqual({ kind, path });
  expect(at({ HOME: '/h', XDG_STATE_HOME: 'not/absolute' })).toEqual({ kind, path });
});

test('a path is taken as it is, and against the current directory', () => {
  expect(parseStoreUrl('duckdb:/a/b?c#d%20')).toEqual({ kind: 'duckdb', path: '/a/b?c#d%20' });
  expect(parseStoreUrl('duckdb:x.db')).toEqual({ kind: 'duckdb', path: `${process.cwd()}/x.db` });
});

test.each([
  ['mongodb://h/d', 'mongodb'],
  ['mongodb+srv://u:p@h/d', 'mongodb'],
  ['clickhouse://h:8123/d', 'clickhouse'],
  ['clickhouses://h/d', 'clickhouse'],
])('%s names a server', (url, kind) => {
  expect(isStoreUrl(url)).toBe(true);
  expect(parseStoreUrl(url)).toEqual({ kind, url });
});

test.each([
  'redis://u:hunter2@h',
  'hunter2',
  'mongodb:hunter2',
  'C:\\hunter2',
  '',
  'clickhouse+srv://hunter2',
])('%j names no store, and no password is in the message', (url) => {
  expect(isStoreUrl(url)).toBe(false);
  try {
    parseStoreUrl(url);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: 'USAGE' });
    expect(JSON.stringify([(error as Error).message, error])).not.toContain('hunter2');
  }
});

test.each([
  ['mongodb://u:hunter2@h:1/d?x=hunter2', 'mongodb://h:1/d'],
  ['mongodb://u:p?hunter2@h/d', 'mongodb://h/d'],
  ['clickhouse://u:a@hunter2/@h/d#hunter2', 'clickhouse://h/d'],
  ['clickhouse://u:line\nhunter2@h/d', 'clickhouse://h/d'],
  ['duckdb:a?b', 'duckdb:a?b'],
])('%j is shown without user, password and options', (url, shown) => {
  expect(shownStoreUrl(url)).toBe(shown);
});
