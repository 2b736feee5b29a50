import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { runCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { analyzed, expectInvariants, numbersOf } from '../support/invariants.ts';
import { KEY_ENV, line } from '../support/lines.ts';
import { mint } from '../support/tokens.ts';
import { shell } from '../support/shell.ts';

const env = KEY_ENV;
const TIME = '2023-09-22 10:00:00,123';
const NOW = ['--now', '2023-09-22T12:00:00Z'];
const token = (user: string): string => mint({ user_id: user, exp: 1_700_000_000 });
const THREE_LINES = line(TIME, token('ada')) + line(TIME, token('bob')) + line(TIME, token('eve'));

/** What `events` says, one object a line. */
const eventsOf = async (path: string): Promise<Record<string, unknown>[]> => {
  const { stdout, stderr } = await runCli(['events', path, ...NOW], { env });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Record<string, unknown>);
};

describe('files that hold little or cannot be read', () => {
  test('row 1: an empty file is a report of zeros, not an error', async () => {
    const { summary, code, stderr } = await analyzed([tempFile('a.log', ''), ...NOW], { env });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(summary.totals).toMatchObject({ lines: 0, tokens: 0, distinct_tokens: 0 });
    expect(summary.inputs).toEqual([{ path: expect.any(String), bytes: 0, lines: 0 }]);
    expect(summary.incomplete).toBeNull();
    // Nothing was read, so nothing was looked for in vain.
    expect(summary.notices).toEqual([]);
  });

  test('row 2: of several files the missing and the unreadable are named, the others counted', async () => {
    const folder = tempFolder();
    chmodSync(folder, 0o755);
    const [good, closed, missing] = ['good.log', 'closed.log', 'god.log'].map((n) =>
      join(folder, n),
    );
    writeFileSync(good!, THREE_LINES);
    writeFileSync(closed!, THREE_LINES);
    chmodSync(closed!, 0);
    const paths = [good!, closed!, missing!];
    // Root can read everything.
    const uid = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const { stdout, stderr, code } = await shell('authlog analyze "$@" --json', paths, {
      env,
      ...uid,
    });
    const summary = JSON.parse(stdout) as Summary;
    expectInvariants(summary);
    expect(code).toBe(3);
    expect(summary.totals).toMatchObject({ lines: 3, tokens: 3 });
    expect(summary.incomplete).toEqual([
      { path: closed, reason: 'unreadable', detail: `cannot read ${closed}: permission denied` },
      {
        path: missing,
        reason: 'unreadable',
        detail: `cannot read ${missing}: no such file or directory`,
      },
    ]);
    expect(stderr).toContain(`authlog: cannot read ${closed}: permission denied\n`);
    expect(stderr).toContain(`authlog: cannot read ${missing}: no such file or directory\n`);
  });

  test('row 3: a directory without logs is refused, one with logs is read', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'empty'));
    const refused = await runCli(['analyze', join(folder, 'empty')], { env });
    expect(refused.code).toBe(2);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain('is a directory without log files');
    writeFileSync(join(folder, 'app.log'), THREE_LINES);
    writeFileSync(join(folder, 'app.log.1'), THREE_LINES);
    const { summary, code } = await analyzed([folder], { env });
    expect(code).toBe(0);
    expect(summary.totals.tokens).toBe(6);
    // The older first, so that pairs and times run forward.
    expect(summary.inputs.map(({ path }) => path)).toEqual([
      join(folder, 'app.log.1'),
      join(folder, 'app.log'),
    ]);
  });

  test('row 3: a socket is named and the rest is read', async () => {
    const socket = join(tempFolder(), 'auth.log');
    const server = createServer().listen(socket);
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const good = tempFile('good.log', THREE_LINES);
    const { summary, code } = await analyzed([socket, good], { env });
    expect(code).toBe(3);
    expect(summary.totals.tokens).toBe(3);
    expect(summary.incomplete).toMatchObject([{ path: socket, reason: 'unreadable' }]);
  });

  test('row 4: a last line without its newline counts', async () => {
    const whole = await analyzed([tempFile('a.log', THREE_LINES)], { env });
    const cut = await analyzed([tempFile('a.log', THREE_LINES.slice(0, -1))], { env });
    expect(cut.summary.totals).toEqual(whole.summary.totals);
    expect(cut.summary.totals.tokens).toBe(3);
    const half = await analyzed([tempFile('a.log', THREE_LINES.slice(0, -8))], { env });
    expect(half.summary.totals.verdicts).toMatchObject({ valid: 2, bad_signature: 1 });
  });
});

describe('lines and characters', () => {
  test('row 5: CRLF gives the counts, users and events of LF', async () => {
    const text = `${line(TIME, token('ada'))}${TIME} - User Log: signed in\n${line(TIME, 'junk')}`;
    const lf = tempFile('a.log', text);
    const crlf = tempFile('a.log', text.replaceAll('\n', '\r\n'));
    const [expected, found] = [await analyzed([lf], { env }), await analyzed([crlf], { env })];
    expect(numbersOf(found.summary)).toEqual(numbersOf(expected.summary));
    // All but where it stands.
    const placeless = (event: object): object => ({ ...event, file: '', event_id: '', offset: 0 });
    const events = await eventsOf(lf);
    expect((await eventsOf(crlf)).map(placeless)).toEqual(events.map(placeless));
    expect(await eventsOf(crlf)).toMatchObject([{ event: 'signed in' }, { verdict: 'malformed' }]);
  });

  test('row 6: only \\n ends a line: line numbers are those of grep -n', async () => {
    const odd = ['\r', '\v', '\f', '\x85', '\u2028', '\u2029', '\x1c', '\x1e'];
    const text = odd.map((c, i) => `start${c}middle${c}${line(TIME, token(`u${i}`))}`).join('');
    const path = tempFile('a.log', text);
    const grep = execFileSync('grep', ['-an', 'Token:', path], { encoding: 'latin1' });
    const numbers = grep
      .split('\n')
      .filter((found) => found !== '')
      .map((found) => Number.parseInt(found, 10));
    expect(numbers).toHaveLength(odd.length);
    expect((await eventsOf(path)).map((event) => event['line'])).toEqual(numbers);
    const { summary } = await analyzed([path], { env });
    expect(summary.totals).toMatchObject({ lines: odd.length, lines_with_token: odd.length });
  });

  test('row 7: a UTF-8 byte-order mark hides neither the first time nor the first token', async () => {
    const path = tempFile('a.log', `\uFEFF${THREE_LINES}`);
    const { summary } = await analyzed([path], { env });
    expect(summary.totals.verdicts.valid).toBe(3);
    expect(summary.users.map((user) => user.first_seen)).toEqual(
      Array.from({ length: 3 }, () => '2023-09-22T10:00:00.123Z'),
    );
    const first = tempFile('a.log', `\uFEFF${token('ada')}\n`);
    const bare = await analyzed([first, ...NOW], { env });
    expect(bare.summary.totals.verdicts.valid).toBe(1);
  });

  test.each([
    ['UTF-16LE', true, (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16BE', true, (text: string) => Buffer.from(text, 'utf16le').swap16()],
    ['UTF-16LE', false, (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16BE', false, (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('row 8: %s (mark: %s) is decoded and said to be', async (name, mark, encode) => {
    const path = tempFile('a.log', encode(`${mark ? '\uFEFF' : ''}${THREE_LINES}`));
    const { summary, code } = await analyzed([path], { env });
    expect(code).toBe(0);
    expect(summary.totals).toMatchObject({ lines: 3, tokens: 3, verdicts: { valid: 3 } });
    expect(summary.notices).toMatchObject([
      { code: 'utf16', message: expect.stringContaining(name) as string },
    ]);
  });

  test('row 9: invalid UTF-8 hides no token, and texts that differ in it stay different', async () => {
    const bad = (byte: number): Buffer =>
      Buffer.concat([
        Buffer.from(`${TIME} caf`),
        Buffer.from([byte, 0xc3, 0x28, 0xa0]),
        Buffer.from(` Token: ${token('ada')}\n${TIME} - User Log: odd `),
        Buffer.from([byte, 0x0a]),
      ]);
    const path = tempFile('a.log', Buffer.concat([bad(0xff), bad(0xfe)]));
    const { summary } = await analyzed([path], { env });
    expect(summary.totals).toMatchObject({ lines: 4, tokens: 2, verdicts: { valid: 2 } });
    const [first, second] = await eventsOf(path);
    expect(first!['event']).not.toBe(second!['event']);
    expect(first!['event']).not.toContain('\uFFFD');
  });

  test('row 10: NUL bytes inside a line leave it a line of text', async () => {
    const text = `${TIME} \0\0 Token: ${token('ada')}\n${TIME} - User Log: a\0b\n`;
    const path = tempFile('a.log', text);
    const { summary, code, stderr } = await analyzed([path], { env });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(summary.totals).toMatchObject({ lines: 2, tokens: 1, verdicts: { valid: 1 } });
    const { stdout } = await runCli(['events', path], { env });
    expect(stdout).not.toContain('\0');
  });
});

describe('where the bytes come from', () => {
  test('row 20: a FIFO, standard input and a process substitution give the same report', async () => {
    const file = tempFile('a.log', THREE_LINES);
    const expected = await analyzed([file, ...NOW], { env });
    const fifo = join(tempFolder(), 'pipe');
    const now = NOW.join(' ');
    for (const command of [
      `rm -f "$2"; mkfifo "$2" && (cat "$1" > "$2" &) && authlog analyze "$2" ${now} --json`,
      `cat "$1" | authlog analyze - ${now} --json`,
      `(head -c 100 "$1"; sleep 0.2; tail -c +101 "$1") | authlog analyze ${now} --json`,
      `authlog analyze ${now} --json < "$1"`,
      `authlog analyze <(cat "$1") ${now} --json`,
    ]) {
      const { stdout, code } = await shell(command, [file, fifo], { env });
      expect(code).toBe(0);
      expect(numbersOf(JSON.parse(stdout) as Summary)).toEqual(numbersOf(expected.summary));
    }
  });

  test('row 21: nothing named and a terminal for stdin: help and exit 2, no wait', async () => {
    for (const command of [['analyze'], ['events'], []]) {
      const { code, stdout, stderr } = await runCli(command, { env, stdinIsTTY: true });
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain('Usage: authlog');
    }
  });
});
