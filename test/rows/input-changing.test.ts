import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { analyzed, expectInvariants } from '../support/invariants.ts';
import { KEY_ENV, line } from '../support/lines.ts';
import { mint } from '../support/tokens.ts';
import { runPaused } from '../support/paused.ts';
import { shell } from '../support/shell.ts';
import type { Summary } from '../../src/summarize/summary.ts';

const env = KEY_ENV;
const TIME = '2023-09-22 10:00:00,123';
const NOW = ['--now', '2023-09-22T12:00:00Z'];
const token = (user: string): string => mint({ user_id: user, exp: 1_700_000_000 });

describe('one file under several names', () => {
  test('row 22: a file named twice, and its links, are read once, and that is said', async () => {
    const folder = tempFolder();
    const [path, hard, soft] = ['a.log', 'hard.log', 'soft.log'].map((n) => join(folder, n));
    writeFileSync(path!, line(TIME, token('ada')));
    linkSync(path!, hard!);
    symlinkSync(path!, soft!);
    const args = [path!, path!, hard!, soft!, ...NOW];
    const { summary, code, stderr } = await analyzed(args, { env });
    expect(code).toBe(0);
    expect(summary.totals).toMatchObject({ lines: 1, tokens: 1 });
    const globbed = await analyzed([join(folder, '*.log'), ...NOW], { env });
    expect(globbed.summary.totals.tokens).toBe(1);
    expect(summary.inputs).toHaveLength(1);
    const said = summary.notices.filter((notice) => notice.code === 'duplicate_input');
    expect(said.map(({ message }) => message)).toEqual([
      `${path} was named more than once and is read once`,
      `${hard} is the same file as ${path} and is read once`,
      `${soft} is the same file as ${path} and is read once`,
    ]);
    for (const { message } of said) expect(stderr).toContain(message);
  });

  test('row 22: two files of the same content are two files', async () => {
    const text = line(TIME, token('ada'));
    const { summary } = await analyzed([tempFile('a.log', text), tempFile('a.log', text), ...NOW], {
      env,
    });
    expect(summary.totals).toMatchObject({ tokens: 2, distinct_tokens: 1 });
  });
});

describe('a file that changes while it is read', () => {
  const LINES = 40_000;
  /** Too long to be part of an event's random id. */
  const LATE = 'appended-meanwhile';
  const big = (): string => {
    const one = token('ada');
    return tempFile('a.log', line(TIME, one).repeat(LINES));
  };
  const events = (path: string): string[] => ['events', path, ...NOW, '--threads', '1'];
  const count = (text: string): number => text.split('\n').length - 1;

  test('row 23: what is appended meanwhile is left for the next run, no half line is read', async () => {
    const path = big();
    const { code, stdout, stderr } = await runPaused(events(path), env, () => {
      appendFileSync(path, line(TIME, token(LATE)) + '2023-09-22 10:00:00 - Token: eyJ');
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(count(stdout)).toBe(LINES);
    expect(stdout).not.toContain(LATE);
    const next = await runCli(events(path), { env });
    expect(next.stdout).toContain(LATE);
  });

  test('row 24: a file cut meanwhile is reported as incomplete', async () => {
    const path = big();
    const { code, stdout, stderr } = await runPaused(events(path), env, () => {
      truncateSync(path, 100);
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/a\.log \(changed\): truncated while reading, at byte \d+ of \d+\n$/);
    expect(count(stdout)).toBeGreaterThan(0);
    expect(count(stdout)).toBeLessThan(LINES);
  });

  test('row 25: a file rotated away meanwhile is read to its end', async () => {
    const path = big();
    const { code, stdout, stderr } = await runPaused(events(path), env, () => {
      renameSync(path, `${path}.1`);
      writeFileSync(path, line(TIME, token('new')));
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(count(stdout)).toBe(LINES);
    expect(stdout).not.toContain('"new"');
  });

  test('row 26: after an I/O error the earlier lines count and the offset is told', async () => {
    const path = big();
    // strace makes the fifth read of the file fail, and all behind it, which it counts thread by thread.
    const inject = [
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-P',
      path,
      '-e',
      'inject=pread64:error=EIO:when=5+',
    ];
    if (spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status !== 0) {
      process.stderr.write('skipped: strace is not there or may not trace\n');
      return;
    }
    const { code, stdout, stderr } = await shell(
      `strace "\${@:2}" "$NODE" "$BIN" analyze "$1" --json --threads 1`,
      [path, ...inject],
      { env: { ...env, UV_THREADPOOL_SIZE: '1' } },
    );
    const summary = JSON.parse(stdout) as Summary;
    expectInvariants(summary);
    expect(code).toBe(3);
    expect(stderr).toContain(`cannot read ${path} at byte 1048576: i/o error`);
    expect(summary.incomplete).toMatchObject([{ path, reason: 'unreadable' }]);
    // Four blocks of 256 KiB: the lines that begin in them.
    expect(summary.totals.verdicts.valid).toBe(
      Math.ceil(1_048_576 / line(TIME, token('ada')).length),
    );
  });
});

describe('names and numbers of files', () => {
  test('row 27: a hostile file name is escaped in every message and every report for people', async () => {
    const name = join(tempFolder(), 'a\n! all is well\x1b[2J\u202e.log');
    writeFileSync(name, line(TIME, 'junk'));
    const missing = `${name}.gone`;
    for (const format of ['table', 'markdown']) {
      const { stdout, stderr, code } = await runCli(
        ['analyze', name, name, missing, ...NOW, '--format', format],
        { env },
      );
      expect(code).toBe(3);
      for (const text of [stdout, stderr]) {
        expect(text).not.toContain('\x1b');
        expect(text).not.toContain('\u202e');
        expect(text).not.toMatch(/^! all is well/m);
      }
      expect(stderr).toContain(String.raw`a\n! all is well\x1B[2J\u{202E}.log.gone`);
    }
    const { summary } = await analyzed([name, ...NOW], { env });
    expect(summary.inputs[0]!.path).toBe(name);
  });

  test('row 27: a name that starts with a dash is read after --', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, '-x.log'), line(TIME, token('ada')));
    const after = await shell('authlog analyze --json -- -x.log', [], { env, cwd: folder });
    expect(after.code).toBe(0);
    expect((JSON.parse(after.stdout) as Summary).totals.tokens).toBe(1);
    const before = await shell('authlog analyze -x.log', [], { env, cwd: folder });
    expect(before.code).toBe(2);
  });

  test('row 28: two hundred files are read with far fewer file descriptors', async () => {
    const folder = join(tempFolder(), 'logs');
    mkdirSync(folder);
    for (let i = 0; i < 200; i++) {
      writeFileSync(join(folder, `app.log.${i}`), line(TIME, token(`user-${i}`)));
    }
    // Fewer than 48 are too few for Node to load the program.
    for (const source of [folder, `${folder}/*`]) {
      const { code, stdout, stderr } = await shell(
        'ulimit -n 64; authlog analyze "$1" --json --now 2023-09-22T12:00:00Z',
        [source],
        { env },
      );
      expect({ code, stderr: stderr.includes('cannot') }).toEqual({ code: 0, stderr: false });
      const summary = JSON.parse(stdout) as Summary;
      expectInvariants(summary);
      expect(summary.totals).toMatchObject({ lines: 200, tokens: 200, verdicts: { valid: 200 } });
    }
  });
});
