import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { runEndless } from '../support/endless.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { KEY_ENV, line } from '../support/lines.ts';
import { mint } from '../support/tokens.ts';
import { shell } from '../support/shell.ts';

const env = KEY_ENV;
const TIME = '2023-09-22 10:00:00,123';
const NOW = ['--now', '2023-09-22T12:00:00Z'];
const logOf = (users: number): string => {
  let text = '';
  for (let i = 0; i < users; i++) {
    text += line(TIME, mint({ user_id: `user-${i}`, exp: 1_700_000_000 }));
  }
  return text;
};
const MANY = logOf(6000);
const COMMANDS = [
  'analyze --format table --top 0',
  'analyze --format json',
  'analyze --format ndjson',
  'analyze --format csv',
  'analyze --format markdown --top 0',
  'events',
];

describe('standard output that goes away or is full', () => {
  test.each(COMMANDS)('row 38: %s | head -1 ends in silence', async (words) => {
    const command = words.split(' ');
    const path = tempFile('a.log', MANY);
    const script = 'authlog "$@" | head -1; exit ${PIPESTATUS[0]}';
    const { code, stdout, stderr } = await shell(script, [...command, path, ...NOW], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stdout.length).toBeGreaterThan(1);
  });

  test('row 38: a reader that takes nothing at all is no error either', async () => {
    const path = tempFile('a.log', MANY);
    for (const command of COMMANDS) {
      const script = 'authlog "$@" | true; exit ${PIPESTATUS[0]}';
      const { code, stderr } = await shell(script, [...command.split(' '), path, ...NOW], { env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });

  test.runIf(existsSync('/dev/full'))('row 39: a full device is exit 4 and a message', async () => {
    const path = tempFile('a.log', logOf(3));
    for (const command of [...COMMANDS, 'explain']) {
      const source = command === 'explain' ? `${path}:1` : path;
      const args = [...command.split(' '), source, ...NOW];
      const { code, stderr } = await shell('authlog "$@" > /dev/full', args, { env });
      expect(code, command).toBe(4);
      expect(stderr).toBe('authlog: cannot write standard output: no space left on the device\n');
    }
  });
});

describe('-o FILE: whole or not at all', () => {
  const OLD = 'the report of yesterday\n';
  const oldReport = (): string => tempFile('report', OLD);
  const filesIn = (path: string): string[] => readdirSync(dirname(path));

  test('row 40: a file that grows too large leaves the old one and nothing beside it', async () => {
    const path = tempFile('a.log', MANY);
    const report = oldReport();
    const { code, stdout, stderr } = await shell(
      // In blocks of 1024 bytes.
      'ulimit -f 64; authlog analyze "$1" --json -o "$2"',
      [path, report],
      { env },
    );
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toBe(`authlog: cannot write ${report}: file too large\n`);
    expect(readFileSync(report, 'utf8')).toBe(OLD);
    expect(filesIn(report)).toEqual(['report']);
  });

  test('row 40: a full disk leaves the old file and nothing beside it', async () => {
    const disk = join(tempFolder(), 'disk');
    mkdirSync(disk);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk]);
    if (mount.status !== 0) {
      process.stderr.write('skipped: no right to mount a small disk\n');
      return;
    }
    onTestFinished(() => void spawnSync('umount', [disk]));
    const report = join(disk, 'report');
    writeFileSync(report, OLD);
    const path = tempFile('a.log', MANY);
    for (const command of ['analyze', 'events']) {
      const args = [command, path, '-o', report, ...(command === 'analyze' ? ['--json'] : [])];
      const { code, stderr } = await runCli(args, { env });
      expect(code).toBe(4);
      expect(stderr).toBe(`authlog: cannot write ${report}: no space left on the device\n`);
      expect(readFileSync(report, 'utf8')).toBe(OLD);
      expect(readdirSync(disk)).toEqual(['report']);
    }
  });

  test('row 40: a place that cannot be written is told before the log is read', async () => {
    const folder = tempFolder();
    for (const output of [join(folder, 'no', 'report'), folder]) {
      const args = ['analyze', 'no-such.log', '-o', output];
      const { code, stdout, stderr } = await runCli(args, { env });
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
      expect(stderr).toMatch(/^authlog: cannot write .*: (no such|it is a) directory\n$/);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('row 40: kill -9 in the middle leaves the old file whole', async () => {
    const report = oldReport();
    const args = ['events', '-', '-o', report, ...NOW, '--block-size', '64K'];
    const { signal } = await runEndless(args, env, MANY, (child) => child.kill('SIGKILL'));
    expect(signal).toBe('SIGKILL');
    expect(readFileSync(report, 'utf8')).toBe(OLD);
  });

  test('row 41: a symbolic link is replaced and what it pointed at left alone', async () => {
    const folder = tempFolder();
    const [target, report] = [join(folder, 'target'), join(folder, 'report')];
    writeFileSync(target, OLD, { mode: 0o644 });
    symlinkSync(target, report);
    const path = tempFile('a.log', logOf(3));
    const { code } = await runCli(['analyze', path, '--json', '-o', report], { env });
    expect(code).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe(OLD);
    expect(() => readlinkSync(report)).toThrow();
    expect(readFileSync(report, 'utf8')).toContain('authlog.summary/1');
    expect(statSync(report).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(['report', 'target']);
  });

  test('row 41: a report that others could read is theirs no longer when it is replaced', async () => {
    const report = oldReport();
    expect(statSync(report).mode & 0o044).not.toBe(0);
    const path = tempFile('a.log', logOf(3));
    expect((await runCli(['analyze', path, '-o', report], { env })).code).toBe(0);
    expect(statSync(report).mode & 0o777).toBe(0o600);
  });

  test('row 42: a log is never overwritten by its own report', async () => {
    const text = logOf(3);
    const path = tempFile('a.log', text);
    const soft = join(dirname(path), 'soft.log');
    const hard = join(dirname(path), 'hard.log');
    symlinkSync(path, soft);
    linkSync(path, hard);
    const names = [path, soft, hard, join(dirname(path), '.', 'a.log')];
    for (const source of [path, soft, dirname(path)]) {
      for (const output of names) {
        const { code, stdout, stderr } = await runCli(['analyze', source, '-o', output], { env });
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toContain('is also an input');
      }
    }
    const redirected = 'authlog analyze -o "$1" < "$1"';
    expect((await shell(redirected, [path], { env })).code).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('signals', () => {
  test.each([
    [43, 'SIGINT', 130],
    [43, 'SIGTERM', 143],
    [44, 'SIGHUP', 129],
  ] as const)(
    'row %i: %s ends an endless read with %i, one line and no file',
    async (_row, name, code) => {
      const report = tempFile('report', 'old\n');
      const text = logOf(40_000);
      const ended = await runEndless(['analyze', '-', '-o', report], env, text, (child) => {
        child.kill(name);
      });
      expect(ended).toMatchObject({ code, signal: null, stdout: '' });
      const mib = Math.floor(text.length / 2 ** 20);
      expect(ended.stderr).toMatch(/^authlog: interrupted after \d+ MiB; nothing was written\n$/);
      expect(Number(/\d+/.exec(ended.stderr)![0])).toBeGreaterThanOrEqual(mib - 1);
      expect(Number(/\d+/.exec(ended.stderr)![0])).toBeLessThanOrEqual(mib);
      expect(readFileSync(report, 'utf8')).toBe('old\n');
      expect(readdirSync(dirname(report))).toEqual(['report']);
    },
  );

  test('row 43: events say how many came through', async () => {
    const ended = await runEndless(['events', '-'], env, logOf(9000), (child) => {
      child.kill('SIGINT');
    });
    expect(ended.code).toBe(130);
    const said = /^authlog: interrupted after (\d+) events\n$/.exec(ended.stderr);
    // A block may have come through of which nobody could be told any more.
    expect(Number(said?.[1])).toBeLessThanOrEqual(ended.stdout.split('\n').length - 1);
    expect(Number(said?.[1])).toBeGreaterThan(0);
  });

  test.each([
    ['INT', 130],
    ['TERM', 143],
  ])('row 43: SIG%s ends the wait for a FIFO that nobody writes to', async (name, code) => {
    const report = tempFile('report', 'old\n');
    // The unfinished report beside the old one shows that the wait has begun.
    const script = `mkfifo "$1.pipe"; "$NODE" "$BIN" analyze "$1.pipe" -o "$1" & pid=$!
      until compgen -G "\${1%/*}/.report.*.tmp" > /dev/null; do sleep 0.05; done
      sleep 0.5; kill -$2 $pid; wait $pid`;
    const ended = await shell(script, [report, name], { env });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain('authlog: interrupted after 0 MiB; nothing was written\n');
    expect(readdirSync(dirname(report)).toSorted()).toEqual(['report', 'report.pipe']);
  });
});
