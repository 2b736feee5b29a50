import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { NAUGHTY } from '../report/naughty.ts';
import { runCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { analyzed } from '../support/invariants.ts';
import { KEY_ENV, line } from '../support/lines.ts';
import { mint } from '../support/tokens.ts';

const env = KEY_ENV;
const TIME = '2023-09-22 10:00:00,123';
const NOW = ['--now', '2023-09-22T12:00:00Z'];
const exp = 1_700_000_000;

const logOf = (users: readonly unknown[], more: (user: unknown) => object = () => ({})): string =>
  users.map((user) => line(TIME, mint({ user_id: user, exp, ...more(user) }))).join('');

/** Acts on a terminal, hides in one or turns its text around: C0 but newline, DEL, C1, bidi, separators. */
const HOSTILE = /(?!\n)\p{Cc}|[\u2028-\u202E\u2066-\u2069]|\p{Cs}/u;

const distinct = [...new Set(NAUGHTY)];

describe('hostile text in claims', () => {
  /** Everything that a token's maker can choose, signed and forged. */
  const hostileLog = (): string => {
    const claims = (text: string): object => ({ email: text, roles: [text], iss: text, jti: text });
    const forged = distinct.map((text) =>
      line(TIME, mint({ user_id: text, exp, ...claims(text) }, { secret: 'wrong' })),
    );
    const headers = distinct.map((kid) =>
      line(TIME, mint({ user_id: 'u', exp }, { header: { kid } })),
    );
    const algs = distinct.map((alg) =>
      line(TIME, mint({ user_id: 'u', exp }, { header: { alg } })),
    );
    const text = logOf(distinct, (user) => claims(String(user)));
    return [text, ...forged, ...headers, ...algs].join('');
  };

  test('row 45: nothing that a terminal obeys reaches a report, a message or an event', async () => {
    const name = join(tempFolder(), 'a\x1b]52;c;eA==\x07\u202e.log');
    writeFileSync(name, hostileLog());
    const commands = [
      ...['table', 'json', 'ndjson', 'csv', 'markdown'].map((f) => ['analyze', '--format', f]),
      ['events'],
    ];
    for (const command of commands) {
      const all = [...command, ...(command[2] === 'table' ? ['--top', '0'] : [])];
      const { stdout, stderr, code } = await runCli([...all, name, ...NOW], { env });
      expect(code).toBe(0);
      const text = command[2] === 'csv' ? stdout.replaceAll('\r\n', '\n') : stdout;
      expect(HOSTILE.exec(text), command.join(' ')).toBeNull();
      expect(HOSTILE.exec(stderr), command.join(' ')).toBeNull();
    }
  });

  test('row 45: explain shows claims and headers without obeying them', async () => {
    const path = tempFile('a.log', hostileLog());
    const last = hostileLog().split('\n').length - 1;
    for (let number = 1; number <= last; number += Math.ceil(last / 60)) {
      const args = ['explain', `${path}:${number}`, ...NOW, '--color', 'never'];
      const { stdout, code } = await runCli(args, { env });
      expect(code).toBe(0);
      expect(HOSTILE.exec(stdout)).toBeNull();
    }
  });

  test('row 46: a newline in a user id forges no row of any report', async () => {
    const users = ['a\n| admin | 999', 'b\r\n root  1,000', 'c\u2028d\u2029e\x85f', 'plain'];
    const path = tempFile('a.log', logOf(users));
    const count = async (format: string): Promise<string[]> => {
      const { stdout } = await runCli(['analyze', path, ...NOW, '--format', format], { env });
      return stdout.split('\n');
    };
    const table = await count('table');
    const first = table.findIndex((text) => text.startsWith(' User'));
    expect(table.slice(first + 1, first + 6).map((text) => text.trim() !== '')).toEqual([
      ...users.map(() => true),
      false,
    ]);
    expect(table.join('\n')).toContain(String.raw`a\n| admin | 999`);
    const markdown = await count('markdown');
    const rows = markdown.filter((text) => text.includes('admin') || text.includes('root'));
    expect(rows).toHaveLength(2);
    expect(markdown.some((text) => text.startsWith('| admin'))).toBe(false);
    expect((await count('csv')).filter((text) => text !== '')).toHaveLength(1 + users.length);
    expect((await count('ndjson')).filter((text) => text.includes('"user_id"'))).toHaveLength(
      users.length,
    );
  });
});

describe('JSON', () => {
  test('row 47: every text comes back as it was, from the summary and from events', async () => {
    const path = tempFile(
      'a.log',
      logOf(distinct, (user) => ({ email: user })),
    );
    const { summary } = await analyzed([path, ...NOW], { env });
    const users = summary.users.map((user) => user.user_id);
    expect(new Set(users)).toEqual(new Set(distinct));
    for (const user of summary.users) expect(user.email ?? '').toBe(user.user_id);
    const { stdout } = await runCli(['events', path, ...NOW], { env });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as { user_id: string });
    expect(events.map((event) => event.user_id)).toEqual(distinct);
  });

  test('row 47: numbers that JSON readers would round are told by their digits', async () => {
    const ids = [
      '9007199254740992',
      '9007199254740993',
      '12345678901234567890',
      '-9007199254740993',
    ];
    const text = ids.map((id) => line(TIME, mint(`{"user_id":${id},"exp":${exp}}`))).join('');
    const path = tempFile('a.log', text);
    const { summary } = await analyzed([path, ...NOW, '--sort', 'user'], { env });
    expect(summary.users.map((user) => String(user.user_id)).toSorted()).toEqual(ids.toSorted());
    expect(summary.users.every((user) => user.user_id_type === 'number')).toBe(true);
  });
});

/** RFC 4180, strictly: records of cells. */
const parseCsv = (text: string): string[][] => {
  const records: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const [, quoted, bare, end] = cell.exec(text) ?? [];
    if (end === undefined) throw new Error('no CSV');
    records.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare!);
    if (end === '\r\n') records.push([]);
  }
  return records.filter((record) => record.length > 0);
};

describe('CSV and Markdown', () => {
  test('row 48: no cell of a CSV file is a formula, and every record has all its cells', async () => {
    const path = tempFile(
      'a.log',
      logOf(distinct, (user) => ({ email: user, roles: [user] })),
    );
    const { stdout } = await runCli(['analyze', path, ...NOW, '--format', 'csv'], { env });
    const [head, ...records] = parseCsv(stdout);
    expect(records).toHaveLength(distinct.length);
    for (const record of records) {
      expect(record).toHaveLength(head!.length);
      for (const cell of record) expect(cell).not.toMatch(/^\s*[=+\-@\t\r]/);
    }
  });

  test('row 48: --csv-raw gives the exact text', async () => {
    const users = ["=cmd|' /C calc'!A0", '+1', '-1', '@SUM(1)', '\t=1', 'a\r\nb', 'a,"b"', ' c '];
    const path = tempFile('a.log', logOf(users));
    const args = ['analyze', path, ...NOW, '--format', 'csv', '--csv-raw'];
    const { stdout } = await runCli(args, { env });
    const [head, ...records] = parseCsv(stdout);
    const column = head!.indexOf('user_id');
    expect(records.map((record) => record[column]!).toSorted()).toEqual(users.toSorted());
  });

  test('row 50: no text of a log is Markdown, HTML, a mention or a link', async () => {
    const path = tempFile(
      'a.log',
      logOf(distinct, (user) => ({ email: user })),
    );
    const args = ['analyze', path, ...NOW, '--format', 'markdown', '--top', '0'];
    const { stdout } = await runCli(args, { env });
    const rows = stdout.split('### Users\n')[1]!.split('###')[0]!.trim().split('\n');
    expect(rows).toHaveLength(2 + distinct.length);
    for (const row of rows) {
      // In a table cell GitHub reads a pipe as a border even inside a code span.
      expect(row.match(/\|/g)).toHaveLength(10);
      const outside = row.replaceAll(/`[^`]*`/g, '').replaceAll(/<code>[^<]*<\/code>/g, '');
      expect(outside).not.toMatch(/[<>[\]!*_@`]/);
    }
  });
});

describe('at a terminal', () => {
  test.each([80, 100, 140])(
    'row 51: at %i columns wide and combining texts stay in line',
    async (columns) => {
      const users = distinct.filter((text) => text !== '');
      const path = tempFile(
        'a.log',
        logOf(users, (user) => ({ email: user })),
      );
      const args = ['analyze', path, ...NOW, '--top', '0', '--color', 'never'];
      const { stdout } = await runCli(args, { env, columns });
      const lines = stdout.split('\n');
      for (const text of lines) expect(stringWidth(text)).toBeLessThanOrEqual(columns);
      const first = lines.findIndex((text) => text.startsWith(' User')) + 1;
      const rows = lines.slice(first, lines.indexOf('', first));
      expect(rows).toHaveLength(users.length);
      // The last column says the same for all: where one row is out of line, its end is too.
      expect(new Set(rows.map((text) => stringWidth(text))).size).toBe(1);
    },
  );

  test('row 52: colour only at a terminal that takes it', async () => {
    const path = tempFile('a.log', logOf(['ada']));
    const sgr = async (args: string[], more: Record<string, string>, columns?: number) => {
      const { stdout } = await runCli(['analyze', path, ...NOW, ...args], {
        env: { ...env, ...more },
        ...(columns !== undefined && { columns }),
      });
      return stdout.includes('\x1b[');
    };
    expect(await sgr([], {}, 80)).toBe(true);
    expect(await sgr([], {})).toBe(false);
    expect(await sgr([], { NO_COLOR: '1' }, 80)).toBe(false);
    expect(await sgr([], { NO_COLOR: '' }, 80)).toBe(true);
    expect(await sgr([], { TERM: 'dumb' }, 80)).toBe(false);
    expect(await sgr([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await sgr(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
    expect(await sgr(['--color', 'never'], { FORCE_COLOR: '1' }, 80)).toBe(false);
    expect(await sgr(['--json'], {}, 80)).toBe(false);
    expect(await sgr(['--format', 'csv'], { FORCE_COLOR: '1' }, 80)).toBe(false);
  });
});
