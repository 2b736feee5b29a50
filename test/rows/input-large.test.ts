import { appendFileSync, chmodSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { runCli, spawnCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { analyzed, expectInvariants } from '../support/invariants.ts';
import { measureCli } from '../support/memory.ts';
import { KEY_ENV, line } from '../support/lines.ts';
import { mint } from '../support/tokens.ts';

const env = KEY_ENV;
const TIME = '2023-09-22 10:00:00,123';
const NOW = ['--now', '2023-09-22T12:00:00Z'];
const token = (user: string | number): string => mint({ user_id: user, exp: 1_700_000_000 });
const MIB = 2 ** 20;

/** `count` lines that a block boundary could harm: pairs, odd lengths, several tokens, junk. */
const tangledLog = (count: number): string => {
  let text = '';
  for (let i = 0; i < count; i++) {
    const time = `2023-09-22 10:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')},000`;
    text += line(time, token(`user-${i % 97}`));
    if (i % 2 === 0) text += `${time} - User Log: event ${'x'.repeat(i % 61)}\n`;
    if (i % 5 === 0) text += `${time} a=${token(i)} b=${token(i + 1)}\r\n`;
    if (i % 7 === 0) text += line(time, `${token(i)}x`) + line(time, 'no.token') + '\n';
  }
  return text + line(TIME, mint({ user_id: 'last', exp: 1 })).trimEnd();
};

describe('what fits into no block', () => {
  test('row 13: the report is the same for every block size', async () => {
    const path = tempFile('a.log', tangledLog(120));
    const args = [path, ...NOW, '--max-line', '2000', '--threads', '1'];
    const expected = await analyzed(args, { env });
    expect(expected.summary.totals.tokens).toBeGreaterThan(200);
    const events = await runCli(['events', ...args], { env });
    const sizes = [1, 2, 3, 7, 64, 239, 240, 241, 1000, 4096, 65_536, 1 << 20, 8 << 20];
    for (const size of sizes) {
      const sized = [...args, '--block-size', String(size)];
      const found = await analyzed(sized, { env });
      expect(found.summary, `--block-size ${size}`).toEqual(expected.summary);
      const others = await runCli(['events', ...sized], { env });
      expect(others.stdout, `--block-size ${size}`).toBe(events.stdout);
    }
  });

  test('row 13: the report is the same for every number of threads, from file, stdin and gzip', async () => {
    const text = tangledLog(50_000);
    expect(text.length).toBeGreaterThan(12 * MIB);
    const path = tempFile('a.log', text);
    const gz = tempFile('a.log', gzipSync(text, { level: 1 }));
    // A file that everyone may read is remarked on, a pipe is not.
    for (const file of [path, gz]) chmodSync(file, 0o600);
    const withoutPath = (json: string): string => json.replaceAll(/"path": ".*"/g, '"path": "…"');
    const runs = [
      ...[1, 2, 3, 7].map((threads) => ({ threads, source: path, stdin: '' })),
      ...[1, 3].map((threads) => ({ threads, source: gz, stdin: '' })),
      ...[1, 3].map((threads) => ({ threads, source: '-', stdin: text })),
    ];
    let expected = '';
    for (const { threads, source, stdin } of runs) {
      // Small blocks: workers start after 128 of them.
      const workers = ['--threads', String(threads), '--block-size', '32K'];
      const args = ['analyze', source, ...NOW, '--json', '-q', ...workers];
      const { stdout, stderr, code } = await spawnCli(args, { env, stdin });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const report = withoutPath(stdout);
      expected ||= report;
      expect(report === expected, `${source} with ${threads} threads`).toBe(true);
    }
    const summary = JSON.parse(expected) as Summary;
    expectInvariants(summary);
    expect(summary.totals.tokens).toBeGreaterThan(60_000);
  });

  test('row 13: events come in the order of the log for every number of threads', async () => {
    const path = tempFile('a.log', tangledLog(50_000));
    let expected = '';
    for (const threads of ['1', '3']) {
      const { stdout } = await spawnCli(
        ['events', path, ...NOW, '--threads', threads, '--block-size', '32K'],
        { env },
      );
      expected ||= stdout;
      expect(stdout === expected).toBe(true);
    }
    const offsets = expected.split('\n').map((text) => /"offset":(\d+)/.exec(text)?.[1]);
    const numbers = offsets.filter((offset) => offset !== undefined).map(Number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });
});

// The peak of a process is read from /proc.
describe.runIf(process.platform === 'linux')('memory stays flat', () => {
  const MOST = 200;

  test('row 3: a device without an end is stopped, the rest is read', async () => {
    const good = tempFile('a.log', line(TIME, token('ada')));
    const { code, stdout, peak } = await measureCli(
      ['analyze', '/dev/zero', good, '--json', ...NOW],
      env,
    );
    const summary = JSON.parse(stdout) as Summary;
    expectInvariants(summary);
    expect(code).toBe(3);
    expect(summary.totals.tokens).toBe(1);
    expect(summary.incomplete).toMatchObject([{ path: '/dev/zero', reason: 'unsupported' }]);
    expect(peak).toBeLessThan(MOST);
  });

  test('row 11: the NUL bytes before a truncated log are skipped', async () => {
    const path = join(tempFolder(), 'a.log');
    writeFileSync(path, '');
    truncateSync(path, 600 * MIB);
    appendFileSync(path, line(TIME, token('ada')) + line(TIME, token('bob')));
    const { code, stdout, stderr, peak } = await measureCli(
      ['analyze', path, '--json', ...NOW],
      env,
    );
    const summary = JSON.parse(stdout) as Summary;
    expectInvariants(summary);
    expect(code).toBe(0);
    expect(summary.totals).toMatchObject({ lines: 2, tokens: 2, verdicts: { valid: 2 } });
    expect(summary.users[0]!.first_seen).toBe('2023-09-22T10:00:00.123Z');
    expect(summary.notices.map((notice) => notice.code)).toContain('nul_padding');
    expect(stderr).toContain(`${path}: skipped 629,145,600 NUL bytes at the start of a line`);
    expect(peak).toBeLessThan(MOST);
  });

  test('row 12: of a line of 400 MB the first --max-line bytes are searched', async () => {
    const path = join(tempFolder(), 'a.log');
    writeFileSync(path, line(TIME, token('before')) + `${TIME} ${token('inside')} `);
    const filler = Buffer.alloc(8 * MIB, 'eyJhbGciOiJIUzI1NiJ9.'.repeat(40));
    for (let i = 0; i < 50; i++) appendFileSync(path, filler);
    appendFileSync(path, ` ${token('beyond')}\n${line(TIME, token('after'))}`);
    const { code, stdout, stderr, peak } = await measureCli(
      ['analyze', path, '--json', ...NOW],
      env,
    );
    const summary = JSON.parse(stdout) as Summary;
    expectInvariants(summary);
    expect(code).toBe(0);
    expect(summary.totals).toMatchObject({ lines: 3, lines_with_token: 3 });
    const users = summary.users.map((user) => String(user.user_id));
    expect(users).toEqual(['after', 'before', 'inside']);
    expect(summary.notices).toContainEqual({
      code: 'overlong_line',
      message: '1 line longer than --max-line: only the start was searched',
      count: 1,
    });
    expect(stderr).toContain('longer than --max-line');
    expect(peak).toBeLessThan(MOST);
  });

  test('row 18: a gzip bomb of a single line, and one of many', async () => {
    const folder = tempFolder();
    const bomb = async (name: string, filler: Buffer): Promise<string> => {
      const gzip = createGzip({ level: 1 });
      const chunks: Buffer[] = [];
      gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
      const ended = new Promise((resolve) => gzip.once('end', resolve));
      gzip.write(line(TIME, token('ada')));
      for (let i = 0; i < 300; i++) {
        await new Promise((resolve) => gzip.write(filler, resolve));
      }
      gzip.end(`\n${line(TIME, token('bob'))}`);
      await ended;
      writeFileSync(join(folder, name), Buffer.concat(chunks));
      return join(folder, name);
    };
    for (const filler of [Buffer.alloc(MIB, 'a'), Buffer.alloc(MIB, '\n'), Buffer.alloc(MIB)]) {
      const path = await bomb('bomb.log', filler);
      const { code, stdout, peak } = await measureCli(['analyze', path, '--json', ...NOW], env);
      const summary = JSON.parse(stdout) as Summary;
      expectInvariants(summary);
      expect(code).toBe(0);
      expect(summary.totals.verdicts.valid).toBe(2);
      expect(peak).toBeLessThan(MOST);
    }
  });
});
