import { utimesSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { tempFile } from '../support/folder.ts';
import { analyzed, numbersOf, spawnAnalyzed } from '../support/invariants.ts';
import { KEY_ENV, line } from '../support/lines.ts';
import { mint } from '../support/tokens.ts';

const env = KEY_ENV;
const NOW = ['--now', '2024-06-01T00:00:00Z'];
const seconds = (time: string): number => Date.parse(time) / 1000;
const token = (user: string, exp: string = '2024-05-01T00:00:00Z'): string =>
  mint({ user_id: user, exp: seconds(exp) });

/** First time seen of each user, where each line is a time and the name of its user. */
const seen = async (
  times: readonly string[],
  args: readonly string[] = [],
  mtime: string | null = null,
): Promise<(string | null)[]> => {
  const path = tempFile('a.log', times.map((time, i) => line(time, token(`u${i}`))).join(''));
  if (mtime !== null) utimesSync(path, new Date(mtime), new Date(mtime));
  const { summary } = await analyzed([path, ...NOW, ...args], { env });
  expect(summary.totals.tokens).toBe(times.length);
  return times.map((_, i) => {
    const user = summary.users.find(({ user_id }) => user_id === `u${i}`);
    return user === undefined ? null : user.first_seen;
  });
};

describe('times of lines', () => {
  test('row 29: the comma of Python logging is a decimal comma', async () => {
    expect(await seen(['2023-09-22 10:00:00,123'])).toEqual(['2023-09-22T10:00:00.123Z']);
  });

  test('row 29: a token is judged at the millisecond of its line', async () => {
    const one = token('ada', '2023-09-22T10:00:00Z');
    const text = line('2023-09-22 09:59:59,999', one) + line('2023-09-22 10:00:00,000', one);
    const { summary } = await analyzed([tempFile('a.log', text), ...NOW], { env });
    expect(summary.totals.verdicts).toMatchObject({ valid: 1, expired: 1 });
  });

  test('row 30: the zone of the machine changes nothing, --tz does and is told', async () => {
    const path = tempFile('a.log', line('2023-09-22 10:00:00', token('ada')));
    const reports = await Promise.all(
      ['UTC', 'America/New_York', 'Asia/Kolkata'].flatMap((TZ) => [
        spawnAnalyzed([path, ...NOW], { env: { ...env, TZ } }),
        spawnAnalyzed([path, ...NOW, '--tz', 'Asia/Kolkata'], { env: { ...env, TZ } }),
      ]),
    );
    const [utc, kolkata] = reports.map(({ summary }) => summary);
    expect(utc!.users[0]!.first_seen).toBe('2023-09-22T10:00:00Z');
    expect(utc!.tz).toBe('UTC');
    expect(kolkata!.users[0]!.first_seen).toBe('2023-09-22T04:30:00Z');
    expect(kolkata!.tz).toBe('Asia/Kolkata');
    reports.forEach(({ summary }, i) => expect(summary).toEqual(i % 2 === 0 ? utc : kolkata));
  });

  test('row 30: a time that names its offset is not moved by --tz', async () => {
    const times = ['2023-09-22T10:00:00Z', '2023-09-22T10:00:00+05:30'];
    expect(await seen(times, ['--tz', 'America/New_York'])).toEqual([
      '2023-09-22T10:00:00Z',
      '2023-09-22T04:30:00Z',
    ]);
  });

  test('row 31: a skipped hour is moved forward, of a doubled one the first is taken; both are said', async () => {
    const text =
      line('2024-03-10 02:30:00', token('gap')) + line('2023-11-05 01:30:00', token('fold'));
    const path = tempFile('a.log', text);
    const args = [path, ...NOW, '--tz', 'America/New_York'];
    const { summary } = await analyzed(args, { env });
    const times = new Map(summary.users.map((user) => [user.user_id, user.first_seen]));
    expect(times.get('gap')).toBe('2024-03-10T07:30:00Z');
    expect(times.get('fold')).toBe('2023-11-05T05:30:00Z');
    const codes = summary.notices.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['time_in_dst_gap', 'time_in_dst_fold']));
    const utc = await analyzed([path, ...NOW], { env });
    expect(utc.summary.notices.map(({ code }) => code)).not.toContain('time_in_dst_gap');
  });

  test('row 32: a date that does not exist is no date, and its line still counts', async () => {
    const times = ['2023-02-30 10:00:00', '2023-09-22 25:61:00', '2023-13-01 00:00:00'];
    const text = times.map((time, i) => line(time, token(`u${i}`))).join('');
    const { summary, code } = await analyzed([tempFile('a.log', text), ...NOW], { env });
    expect(code).toBe(0);
    // Judged at --now, as any line without a time.
    expect(summary.totals).toMatchObject({ lines: 3, tokens: 3, verdicts: { expired: 3 } });
    expect(summary.users.map((user) => user.first_seen)).toEqual([null, null, null]);
    expect(summary.notices).toContainEqual({
      code: 'bad_timestamp',
      message: '3 lines with a token carry a date that does not exist',
      count: 3,
    });
  });

  test('row 33: a date without a year lies before the last change of its file', async () => {
    const times = ['Dec 31 23:59:58', 'Jan  1 00:00:02'];
    expect(await seen(times, [], '2024-01-01T00:05:00Z')).toEqual([
      '2023-12-31T23:59:58Z',
      '2024-01-01T00:00:02Z',
    ]);
    expect(await seen(times, [], '2023-06-01T00:00:00Z')).toEqual([
      '2022-12-31T23:59:58Z',
      '2023-01-01T00:00:02Z',
    ]);
  });

  test('row 33: no line of a log without years lies in the future', async () => {
    const months = ['Jan', 'Mar', 'May', 'Jun', 'Jul', 'Sep', 'Dec'];
    const found = await seen(
      months.map((month) => `${month} 15 10:00:00`),
      [],
      // A file that was copied later than it was written.
      '2030-01-01T00:00:00Z',
    );
    for (const time of found) expect(time! <= '2024-06-02').toBe(true);
    expect(found[0]).toBe('2024-01-15T10:00:00Z');
    expect(found.at(-1)).toBe('2023-12-15T10:00:00Z');
  });

  test('row 33: --year says which year it was', async () => {
    const times = ['Dec 31 23:59:58', 'Feb 29 10:00:00'];
    expect(await seen(times, ['--year', '2020'])).toEqual([
      '2020-12-31T23:59:58Z',
      '2020-02-29T10:00:00Z',
    ]);
  });

  test('row 34: epochs, fractions, names of months and zones are read right or not at all', async () => {
    const read: readonly (readonly [string, string | null])[] = [
      ['1695376800', '2023-09-22T10:00:00Z'],
      ['1695376800.5', '2023-09-22T10:00:00.5Z'],
      ['1695376800123', '2023-09-22T10:00:00.123Z'],
      ['2023-09-22T10:00:00.123456789Z', '2023-09-22T10:00:00.123Z'],
      ['[22/Sep/2023:12:00:00 +0200]', '2023-09-22T10:00:00Z'],
      ['Fri, 22 Sep 2023 10:00:00 GMT', '2023-09-22T10:00:00Z'],
      ['2023/09/22 10:00:00', '2023-09-22T10:00:00Z'],
      ['2023-265T10:00:00,672', '2023-09-22T10:00:00.672Z'],
      ['2023-366T10:00:00,672', null],
      ['août 19 11:08:37', null],
      ['0 1 2', null],
    ];
    const found = await seen(read.map(([time]) => time));
    const normal = (time: string | null): number => (time === null ? Number.NaN : Date.parse(time));
    expect(found.map(normal)).toEqual(read.map(([, time]) => normal(time)));
  });

  test('row 34: a zone that nobody knows gives no time rather than a wrong one', async () => {
    const times = ['10:00:00 CEST', '10:00:00FOO', '10:00:00+9999', '10:00:00 INFO'];
    expect(await seen(times.map((time) => `2023-09-22 ${time}`))).toEqual([
      '2023-09-22T08:00:00Z',
      null,
      null,
      '2023-09-22T10:00:00Z',
    ]);
  });

  test('row 35: the order of lines changes neither counts nor first and last', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => {
      const time = `2023-09-22 10:${String(i).padStart(2, '0')}:00`;
      return line(time, mint({ user_id: `u${i % 7}`, n: i, exp: seconds('2023-09-22T10:30:00Z') }));
    });
    const forward = await analyzed([tempFile('a.log', lines.join('')), ...NOW], { env });
    const shuffled = lines.map((_, i) => lines[(i * 37) % lines.length]).join('');
    const found = await analyzed([tempFile('a.log', shuffled), ...NOW], { env });
    expect(numbersOf(found.summary)).toEqual(numbersOf(forward.summary));
    expect(found.summary.totals.verdicts).toMatchObject({ valid: 30, expired: 30 });
  });

  test('row 36: a leap second is the end of its minute', async () => {
    const [time] = await seen(['2016-12-31T23:59:60Z']);
    expect(time).toBe('2016-12-31T23:59:59.999Z');
  });
});

describe('times on the command line', () => {
  const path = (): string => tempFile('a.log', line('2023-09-22 10:00:00', token('ada')));

  test.each([
    [['--since', '2023-09-23', '--until', '2023-09-22'], '--since must be before --until'],
    [['--since', '2023-09-22', '--until', '2023-09-22'], '--since must be before --until'],
    [['--since', 'soon'], '--since is no time'],
    [['--until', '2023-02-30'], '--until is no time'],
    [['--now', '2023-09-22 25:00'], '--now is no time'],
    [['--tz', 'Mars/Olympus'], 'IANA time zone'],
    [['--leeway', 'a while'], 'duration'],
    [['--year', '1'], 'whole number'],
    [['--clock', 'then'], 'use, now'],
  ])('row 37: %j is refused before anything is read', async (args, message) => {
    const { code, stdout, stderr } = await runCli(['analyze', path(), ...args], { env });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  test('row 37: a window keeps its start, leaves out its end and counts what it skips', async () => {
    const times = ['09:59:59', '10:00:00', '10:30:00', '11:00:00'];
    const text = times.map((time) => line(`2023-09-22 ${time}`, token(time))).join('');
    const window = ['--since', '2023-09-22T10:00:00Z', '--until', '2023-09-22 11:00'];
    const { summary } = await analyzed([tempFile('a.log', text), ...NOW, ...window], { env });
    expect(summary.totals).toMatchObject({ lines: 4, lines_skipped: 2, tokens: 2 });
    expect(summary.users.map(({ user_id }) => user_id)).toEqual(['10:00:00', '10:30:00']);
  });
});
