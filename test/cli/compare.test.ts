import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/compare/comparison.ts';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import { openStore } from '../../src/store/open.ts';
import { ROOT, runCli, type Result } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { mint, SECRET } from '../support/tokens.ts';

const NOW = '2026-11-22T00:00:00Z';
const NOW_MS = Date.parse(NOW);
const DAY = 86_400_000;

const schema: object = JSON.parse(readFileSync(`${ROOT}schema/authlog.comparison-1.json`, 'utf8'));
const isDescribed = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

/** Lines with tokens of one bearer, so many days ago. */
const lines = (daysAgo: number, count: number, claims: object, secret = SECRET): string =>
  Array.from({ length: count }, (_, n) => {
    const time = new Date(NOW_MS - daysAgo * DAY + n * 1000).toISOString();
    return `${time} Token: ${mint({ exp: NOW_MS / 1000 + DAY, ...claims }, { secret })}\n`;
  }).join('');

const LOG = [
  lines(30, 5, { sub: 'long gone' }),
  lines(10, 20, { sub: 'ada', iss: 'https://a' }),
  lines(3, 22, { sub: 'ada', iss: 'https://a' }),
  lines(9, 30, { sub: 'bob', iss: 'https://a' }),
  lines(2, 5, { sub: 'bob', iss: 'https://b\u001b[31m' }),
  lines(8, 3, { sub: 'carol', iss: 'https://a' }),
  lines(1, 40, { user_id: 7, iss: 'https://b\u001b[31m' }),
  lines(12, 10, { sub: 'dan' }),
  lines(4, 35, { sub: 'dan' }),
  lines(2, 15, { sub: 'eve' }, 'not the secret of this log'),
  `Token: ${mint({ sub: 'timeless' })}\n`,
].join('');

const run = (args: readonly string[], log = tempFile('app.log', LOG)): Promise<Result> => {
  const secret = tempFile('secret', SECRET);
  return runCli(['compare', log, '--secret-file', secret, '--now', NOW, ...args]);
};

const compared = async (args: readonly string[], log?: string): Promise<Comparison> => {
  const { stdout, stderr } = await run([...args, '--json', '-q'], log);
  expect(stdout, stderr).not.toBe('');
  const comparison = JSON.parse(stdout) as Comparison;
  isDescribed(comparison);
  expect(isDescribed.errors).toBeNull();
  return comparison;
};

/** Without what depends on how the source was read. */
const numbersOf = (comparison: Comparison): object => ({ ...comparison, notices: [] });

describe('authlog compare', () => {
  test('tells who is new, gone, grown and shrunk between two weeks', async () => {
    const { users, issuers, verdicts, older, newer, notices } = await compared([]);
    expect(older).toEqual({ since: '2026-11-08T00:00:00Z', until: newer.since, tokens: 63 });
    expect(newer).toEqual({ since: '2026-11-15T00:00:00Z', until: NOW, tokens: 117 });
    expect(users).toMatchObject({ older: 4, newer: 4, new: 1, gone: 1, grown: 1, shrunk: 1 });
    expect(users.entries.map((e) => [e.user_id, e.state, e.older, e.newer, e.change])).toEqual([
      [7, 'new', 0, 40, 40],
      ['dan', 'grown', 10, 35, 25],
      ['bob', 'shrunk', 30, 5, -25],
      ['carol', 'gone', 3, 0, -3],
    ]);
    expect(issuers.entries.map((e) => [e.iss, e.state])).toEqual([
      ['https://b\u001b[31m', 'new'],
      ['https://a', 'shrunk'],
      [null, 'grown'],
    ]);
    expect(verdicts.entries.map((e) => [e.verdict, e.state, e.older, e.newer])).toEqual([
      ['valid', 'steady', 63, 102],
      ['bad_signature', 'new', 0, 15],
    ]);
    expect(notices).toContainEqual(
      expect.objectContaining({ code: 'no_time_in_window', count: 1 }) as object,
    );
  });

  test('windows of their own lengths, thresholds, and the first entries only', async () => {
    const { older, users } = await compared(['--since', '2d', '--with', '5d', '--top', '1']);
    expect(older).toMatchObject({ since: '2026-11-15T00:00:00Z', until: '2026-11-20T00:00:00Z' });
    expect(users.entries).toHaveLength(1);
    expect(users).toMatchObject({ new: 2, gone: 2 });
    const loose = await compared(['--growth', '1.1', '--least', '2']);
    expect(loose.users.entries.find((e) => e.user_id === 'ada')?.state).toBe('grown');
  });

  test('a store, a file of events and a log of the same tokens compare to the same', async () => {
    const log = tempFile('app.log', LOG);
    const secret = tempFile('secret', SECRET);
    const { stdout } = await runCli(['events', log, '--secret-file', secret, '--now', NOW]);
    const folder = tempFolder();
    writeFileSync(join(folder, 'events.jsonl'), stdout);
    const events = stdout.trim().split('\n');
    const url = `duckdb:${join(folder, 'history.duckdb')}`;
    const store = await openStore(url);
    await store.append({
      events: events.map((line) => JSON.parse(line) as RecordedEvent),
      checkpoint: null,
      counts: null,
    });
    await store.close();
    const expected = numbersOf(await compared(['--since', '5d'], log));
    expect(numbersOf(await compared(['--since', '5d'], url))).toEqual(expected);
    const recorded = await compared(['--since', '5d'], join(folder, 'events.jsonl'));
    expect(numbersOf(recorded)).toEqual(expected);
    expect(recorded.verification.mode).toBe('verified');
  });

  test('the table is aligned, acts on no terminal, and fits its width', async () => {
    const { stdout, code } = await run(['--color', 'never', '--tz', 'Europe/Berlin']);
    expect(code).toBe(0);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\x00-\x09\x0B-\x1F]/);
    expect(stdout).toContain('Newer   2026-11-15 01:00');
    expect(stdout).toContain(String.raw`https://b\x1B[31m`);
    expect(stdout).toMatch(/^ 7 +new +0 +40 +\+40 +-$/m);
    expect(stdout).toMatch(/^ dan +grown +10 +35 +\+25 +3\.50$/m);
    expect(stdout).toContain('1 line with a token has no time: in no window');
    const log = tempFile('app.log', LOG);
    const secret = tempFile('secret', SECRET);
    const plain = ['--now', NOW, '--color', 'never'];
    const narrow = await runCli(['compare', log, '--secret-file', secret, ...plain], {
      columns: 44,
    });
    const widths = narrow.stdout.split('\n').map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(44);
    const colored = await run(['--color', 'always']);
    expect(colored.stdout).toContain('\u001b[33mnew\u001b[39m');
    expect(colored.stdout).toContain('\u001b[31mnew\u001b[39m');
  });

  test('says that nothing was verified, and names nobody then', async () => {
    const log = tempFile('app.log', LOG);
    const args = ['compare', log, '--no-verify', '--now', NOW];
    const { stdout } = await runCli(args);
    expect(stdout).toContain('NOT VERIFIED');
    const { stdout: json } = await runCli([...args, '--json']);
    const comparison = JSON.parse(json) as Comparison;
    expect(comparison.verification.mode).toBe('none');
    expect(comparison.users.entries).toEqual([]);
    expect(comparison.verdicts.entries.map(({ verdict }) => verdict)).toEqual(['unverified']);
  });

  test('what could not be read is said, with exit code 3', async () => {
    const { stdout, stderr, code } = await run(['/nowhere.log', '--json']);
    expect(code).toBe(3);
    expect(stderr).toContain('cannot read /nowhere.log');
    const comparison = JSON.parse(stdout) as Comparison;
    isDescribed(comparison);
    expect(isDescribed.errors).toBeNull();
    expect(comparison.incomplete).toHaveLength(1);
  });

  test('an empty log is no fault', async () => {
    const { users, older } = await compared([], tempFile('empty.log', ''));
    expect(users.entries).toEqual([]);
    expect(older.tokens).toBe(0);
    const { stdout, code } = await run([], tempFile('empty.log', ''));
    expect(code).toBe(0);
    expect(stdout).toContain('Older');
  });

  test.each([
    [['--with', '0s'], '--with is no length of a window'],
    [['--with', 'yesterday'], '--with'],
    [['--with', '99999999w'], '--with is no length of a window'],
    [['--since', '1d', '--until', '2d'], '--since must be before --until'],
    [['--growth', '0.5'], '--growth'],
    [['--least', '-1'], '--least'],
  ])('refuses %j in a sentence', async (args, sentence) => {
    const { code, stderr, stdout } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe('');
  });
});
