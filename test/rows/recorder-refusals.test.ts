import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';

const EVENT = '{"schema":"authlog.event/1","event_id":"a"}\n';

/** Records to `to`, expects to be refused for `reason`. */
const expectRefusal = async (to: string, reason: string): Promise<void> => {
  for (const more of [[], ['--chain'], ['--format', 'text', '-q']]) {
    const { code, stdout, stderr } = await runCli(['record', '--to', to, '--event', 'x', ...more]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(reason);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
    expect(existsSync(`${to}.lock`)).toBe(false);
  }
};

describe('row 112: recording is refused', () => {
  test('row 112: to a symbolic link, whatever it points to', async () => {
    const target = tempFile('events.jsonl', EVENT);
    const folder = tempFolder();
    const [link, dangling] = [join(folder, 'link'), join(folder, 'dangling')];
    symlinkSync(target, link);
    symlinkSync(join(folder, 'new'), dangling);
    await expectRefusal(link, 'it is a symbolic link');
    await expectRefusal(dangling, 'it is a symbolic link');
    expect(readFileSync(target, 'utf8')).toBe(EVENT);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  test('row 112: to a FIFO, without waiting for its reader; to a device; to a directory', async () => {
    const folder = tempFolder();
    const fifo = join(folder, 'fifo');
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
    await expectRefusal(fifo, 'it is a FIFO');
    await expectRefusal('/dev/null', 'it is a device');
    await expectRefusal(folder, 'it is a directory');
  });

  test('row 112: in a directory where everybody may rename files, unless it is sticky', async () => {
    const folder = join(tempFolder(), 'open');
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    const to = join(folder, 'events.jsonl');
    await expectRefusal(to, 'everybody may rename and delete files in its directory');
    expect(existsSync(to)).toBe(false);
    chmodSync(folder, 0o1777);
    expect((await runCli(['record', '--to', to, '--event', 'x'])).code).toBe(0);
  });

  const isRoot = process.geteuid?.() === 0;
  if (!isRoot) process.stderr.write('skipped: only root can give a file away\n');

  test.skipIf(!isRoot)('row 112: to a file of another user', async () => {
    const to = tempFile('events.jsonl', EVENT);
    chownSync(to, 65_534, 65_534);
    await expectRefusal(to, 'it belongs to another user');
    expect(readFileSync(to, 'utf8')).toBe(EVENT);
  });

  test.each([
    ['an access log', '192.0.2.7 - - [22/Sep/2023:10:00:00 +0000] "GET / HTTP/1.1" 200 1\n'],
    ['other JSON', '{"level":"info"}\n'],
    ['a binary', '\u007FELF\0\0\0'],
    ['an empty line', '\n'],
    ['one endless line', 'x'.repeat(300_000)],
  ])('row 112: to %s', async (_name, content) => {
    const to = tempFile('other', content);
    await expectRefusal(to, 'it holds something else');
    expect(readFileSync(to, 'utf8')).toBe(content);
  });

  test('row 112: to the log of another format, or a chained one without --chain', async () => {
    const folder = tempFolder();
    const record = (name: string, ...more: string[]): ReturnType<typeof runCli> =>
      runCli(['record', '--to', join(folder, name), '--event', 'x', '-q', ...more]);
    const kinds: Record<string, string[]> = {
      'events.jsonl': [],
      'chained.jsonl': ['--chain'],
      'auth.log': ['--format', 'text'],
    };
    for (const [name, flags] of Object.entries(kinds)) {
      expect((await record(name, ...flags)).code).toBe(0);
      expect((await record(name, ...flags)).code).toBe(0);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      const others = Object.values(kinds).filter((other) => other !== flags);
      for (const other of others) expect((await record(name, ...other)).code).toBe(2);
    }
  });

  test('row 112: to standard output, or to a folder that is not there', async () => {
    for (const [to, reason] of [
      ['-', 'events are recorded to a file'],
      [join(tempFolder(), 'none', 'events.jsonl'), 'no such file or directory'],
    ] as const) {
      await expectRefusal(to, reason);
    }
    expect((await runCli(['record', '--event', 'x'])).code).toBe(2);
    const chained = ['--to', join(tempFolder(), 'a.log'), '--format', 'text', '--chain'];
    expect((await runCli(['record', '--event', 'x', ...chained])).code).toBe(2);
  });
});

test('row 112: a file that others can read is remarked on and recorded to', async () => {
  const to = tempFile('events.jsonl', EVENT);
  chmodSync(to, 0o644);
  const { code, stderr } = await runCli(['record', '--to', to, '--event', 'x']);
  expect(code).toBe(0);
  expect(stderr).toBe(`authlog: other users can read ${to}: chmod 600 ${to}\n`);
  expect(readFileSync(to, 'utf8').split('\n')).toHaveLength(3);
});
