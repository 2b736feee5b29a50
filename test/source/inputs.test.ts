import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AuthlogError } from '../../src/errors.ts';
import { resolveInputs } from '../../src/source/inputs.ts';
import type { ResolvedInputs } from '../../src/source/inputs.ts';
import { hasProgram, readAll, tempDir } from './reading.ts';

/** A directory with these files, each holding its own name. */
const dirWith = (...names: readonly string[]): string => {
  const dir = tempDir();
  for (const name of names) writeFileSync(join(dir, name), `${name}\n`);
  return dir;
};

const resolveIn = (cwd: string, ...args: readonly string[]): Promise<ResolvedInputs> =>
  resolveInputs(args, { cwd, stdinIsTTY: false });

const paths = ({ inputs }: ResolvedInputs): string[] => inputs.map(({ path }) => path);

describe('files', () => {
  test('size, time and permissions are those on disk', async () => {
    const dir = dirWith('a.log');
    chmodSync(join(dir, 'a.log'), 0o640);
    utimesSync(join(dir, 'a.log'), 1_700_000_000, 1_700_000_000);
    expect(await resolveIn(dir, 'a.log')).toEqual({
      inputs: [{ path: 'a.log', kind: 'file', size: 6, mtime: 1_700_000_000_000, mode: 0o640 }],
      incomplete: [],
      notices: [],
    });
  });

  test('row 2: what cannot be read is told, and the rest is still found', async () => {
    const dir = dirWith('a.log', 'b.log');
    const found = await resolveIn(dir, 'a.log', 'gone.log', 'b.log', 'a.log/x', '');
    expect(paths(found)).toEqual(['a.log', 'b.log']);
    expect(found.incomplete).toEqual([
      {
        path: 'gone.log',
        reason: 'unreadable',
        detail: 'cannot read gone.log: no such file or directory',
      },
      { path: 'a.log/x', reason: 'unreadable', detail: 'cannot read a.log/x: not a directory' },
      { path: '', reason: 'unreadable', detail: 'cannot read : no such file or directory' },
    ]);
  });

  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.stderr.write('skipped: root may read every file\n');
  test.skipIf(isRoot)('row 2: a file without read permission is unreadable', async () => {
    const dir = dirWith('a.log');
    chmodSync(join(dir, 'a.log'), 0);
    const found = await resolveIn(dir, 'a.log');
    expect(found.inputs).toEqual([]);
    expect(found.incomplete[0]?.detail).toBe('cannot read a.log: permission denied');
  });

  test('row 22: one file by several names is one input', async () => {
    const dir = dirWith('a.log', 'b.log');
    symlinkSync('a.log', join(dir, 'soft.log'));
    linkSync(join(dir, 'a.log'), join(dir, 'hard.log'));
    const found = await resolveIn(
      dir,
      'a.log',
      'a.log',
      './a.log',
      'soft.log',
      'hard.log',
      'b.log',
    );
    expect(paths(found)).toEqual(['a.log', 'b.log']);
    expect(found.notices).toEqual([
      { code: 'duplicate_input', message: 'a.log was named more than once and is read once' },
      ...['./a.log', 'soft.log', 'hard.log'].map((path) => ({
        code: 'duplicate_input',
        message: `${path} is the same file as a.log and is read once`,
      })),
    ]);
  });

  test('row 22: two files of the same content are two inputs', async () => {
    const dir = dirWith('a.log', 'b.log');
    writeFileSync(join(dir, 'b.log'), 'a.log\n');
    expect(paths(await resolveIn(dir, 'a.log', 'b.log'))).toEqual(['a.log', 'b.log']);
  });

  test('row 27: odd names are taken as they are', async () => {
    const names = ['-x', 'a\nb.log', '\u{1b}[2J.log', 'a b.log', '*.log', 'a[1].log', '{a}'];
    expect(paths(await resolveIn(dirWith(...names), ...names))).toEqual(names);
  });

  test('row 28: many files are found, none of them opened', async () => {
    const names = Array.from({ length: 500 }, (_, n) => `${n}.log`);
    expect(paths(await resolveIn(dirWith(...names), ...names))).toEqual(names);
  });
});

describe('patterns', () => {
  test('a quoted pattern gives its matches sorted, with paths that can be opened', async () => {
    const dir = dirWith('b.log', 'a.log', '-x.log', 'c.txt');
    mkdirSync(join(dir, 'd.log'));
    const found = await resolveIn(dir, '*.log');
    expect(paths(found)).toEqual(['-x.log', 'a.log', 'b.log']);
    const texts = await Promise.all(found.inputs.map((input) => readAll(input, { cwd: dir })));
    expect(texts.map(({ bytes }) => bytes.toString())).toEqual(['-x.log\n', 'a.log\n', 'b.log\n']);
  });

  test('absolute patterns give absolute paths, parent patterns relative ones', async () => {
    const dir = dirWith('a.log');
    mkdirSync(join(dir, 'sub'));
    expect(paths(await resolveIn('/', join(dir, '*.log')))).toEqual([join(dir, 'a.log')]);
    expect(paths(await resolveIn(join(dir, 'sub'), '../*.log'))).toEqual(['../a.log']);
  });

  test('row 2: a pattern without match is told as what it is', async () => {
    expect((await resolveIn(tempDir(), '*.log')).incomplete).toEqual([
      {
        path: '*.log',
        reason: 'unreadable',
        detail: 'cannot read *.log: no such file, and as a pattern it matches none',
      },
    ]);
  });

  test('row 22: a file named and matched is one input', async () => {
    const found = await resolveIn(dirWith('a.log', 'b.log'), 'b.log', '*.log');
    expect(paths(found)).toEqual(['b.log', 'a.log']);
    expect(found.notices.map(({ code }) => code)).toEqual(['duplicate_input']);
  });
});

describe('directories', () => {
  test('row 3: a directory of rotated logs is its logs, oldest first', async () => {
    const dir = dirWith('auth.log', 'auth.log.1', 'auth.log.2.gz', 'notes.txt');
    mkdirSync(join(dir, 'old.log'));
    expect(paths(await resolveIn(dir, '.'))).toEqual([
      './auth.log.2.gz',
      './auth.log.1',
      './auth.log',
    ]);
    expect(paths(await resolveIn('/', `${dir}/`))).toEqual([
      `${dir}/auth.log.2.gz`,
      `${dir}/auth.log.1`,
      `${dir}/auth.log`,
    ]);
  });

  test('row 3: a directory without logs is a usage error that says so', async () => {
    const dir = dirWith('notes.txt');
    const thrown: unknown = await resolveIn('/', dir).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(AuthlogError);
    expect(thrown).toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      message: `${dir} is a directory without log files`,
    });
  });

  test('a dangling link among the logs is told, not skipped in silence', async () => {
    const dir = dirWith('a.log');
    symlinkSync('gone', join(dir, 'b.log'));
    const found = await resolveIn(dir, '.');
    expect(paths(found)).toEqual(['./a.log']);
    expect(found.incomplete[0]?.detail).toBe('cannot read ./b.log: no such file or directory');
  });
});

describe('pipes and devices', () => {
  test('row 20: a dash is standard input, once', async () => {
    const found = await resolveIn('/', '-', '-');
    expect(found.inputs).toEqual([
      { path: '-', kind: 'stdin', size: null, mtime: null, mode: null },
    ]);
    expect(found.notices.map(({ code }) => code)).toEqual(['duplicate_input']);
  });

  test('row 21: no argument is no input; a dash at a terminal says that it waits', async () => {
    const host = { cwd: '/', stdinIsTTY: true };
    expect(await resolveInputs([], host)).toEqual({ inputs: [], incomplete: [], notices: [] });
    expect((await resolveInputs(['-'], host)).notices.map(({ code }) => code)).toEqual([
      'stdin_terminal',
    ]);
  });

  test.skipIf(!hasProgram('mkfifo'))('row 20: a FIFO has no size, time or mode', async () => {
    const dir = tempDir();
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    expect((await resolveIn(dir, 'pipe')).inputs).toEqual([
      { path: 'pipe', kind: 'file', size: null, mtime: null, mode: null },
    ]);
  });

  test('row 3: a device is an input of unknown size', async () => {
    expect((await resolveIn('/', '/dev/null')).inputs[0]).toMatchObject({ size: null, mode: null });
  });

  test.skipIf(process.platform === 'win32')('row 3: a socket is unreadable', async () => {
    const dir = tempDir();
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(join(dir, 'sock'), resolve));
    expect((await resolveIn(dir, 'sock')).incomplete[0]?.detail).toBe(
      'cannot read sock: it is a socket',
    );
  });
});

test('a store URL is a store, shown without password; a file of such a name is reached by ./', async () => {
  for (const [url, path] of [
    ['duckdb:events.db', 'duckdb:events.db'],
    ['mongodb://u:hunter2@h/db?x=1', 'mongodb://h/db'],
    ['mongodb+srv://h/db', 'mongodb+srv://h/db'],
    ['clickhouse://h', 'clickhouse://h'],
  ] as const) {
    const { inputs, notices } = await resolveIn('/', url, url);
    expect(inputs).toEqual([{ path, kind: 'store', url, size: null, mtime: null, mode: null }]);
    expect(notices.map(({ code }) => code)).toEqual(['duplicate_input']);
    expect(JSON.stringify(notices)).not.toContain('hunter2');
  }
  expect(paths(await resolveIn(dirWith('duckdb:x'), './duckdb:x'))).toEqual(['./duckdb:x']);
});
