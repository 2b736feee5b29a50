import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compileKernel } from '../../src/kernel/module.ts';
import { ROOT, runCli, spawnCli } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { compiledKernel } from '../support/kernel.ts';
import { shell } from '../support/shell.ts';
import { NOW } from '../support/tokens.ts';

const BUILT = `${ROOT}dist/kernel/authlog.wasm`;
const MOST_BYTES = 64 << 10;
const MOST_RSA_BYTES = 8 << 10;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.doUnmock('node:fs');
  vi.resetModules();
});

const built = (name: string): readonly Buffer[] => {
  const folder = join(tempFolder(), name);
  execFileSync(process.execPath, [`${ROOT}scripts/build-kernel.js`, folder], { stdio: 'pipe' });
  return ['authlog.wasm', 'rsa.wasm'].map((file) => readFileSync(join(folder, file)));
};

const argsOf = ([...words]: readonly string[]): readonly string[] => [
  'analyze',
  ...words.map((word) => (/\.(?:log|jsonl)$/.test(word) ? `fixtures/logs/${word}` : word)),
  '--secret-file',
  'fixtures/keys/secret',
  '--now',
  NOW,
];

const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { readonly Module: { imports(module: object): readonly unknown[] } };
};

describe('the kernel as it is built', () => {
  test('is the same bytes each time', () => {
    const [first, second] = [built('a'), built('b/c')];
    expect(first).toEqual(second);
    expect(first[0]!.length).toBeLessThan(MOST_BYTES);
    expect(first[1]!.length).toBeLessThan(MOST_RSA_BYTES);
  });

  test('is small, and asks nothing of whoever loads it', () => {
    expect(statSync(BUILT).size).toBeLessThan(MOST_BYTES);
    expect(WebAssembly.Module.imports(compiledKernel())).toEqual([]);
  });
});

describe('without it', () => {
  test('AUTHLOG_NO_WASM=1 says so, and nothing else does', () => {
    vi.stubEnv('AUTHLOG_NO_WASM', '1');
    expect(compileKernel()).toBeNull();
    for (const other of ['0', '', 'true']) {
      vi.stubEnv('AUTHLOG_NO_WASM', other);
      expect(compileKernel(), other).not.toBeNull();
    }
  });

  test.each([
    [
      'missing',
      () => {
        throw new Error('ENOENT');
      },
    ],
    ['empty', () => Buffer.alloc(0)],
    ['damaged', () => Buffer.from('\0asm\x01\0\0\0damaged')],
  ])('a file that is %s is no failure', async (_name, readFile: () => Buffer) => {
    vi.resetModules();
    vi.doMock('node:fs', async (original) => ({
      ...(await original<object>()),
      readFileSync: readFile,
    }));
    const { compileKernel: compile } = await import('../../src/kernel/module.ts');
    expect(compile()).toBeNull();
  });

  const FIXTURES: readonly (readonly string[])[] = [
    ['auth_logs.log'],
    ['access.log'],
    ['app.jsonl'],
    ['every-verdict.log'],
    ['mixed.log'],
    ['python-logging.log'],
    ['syslog.log', '--year', '2023'],
    ['auth_logs.log', '--clock', 'now', '--leeway', '60s'],
    ['every-verdict.log', '--user-claim', 'email', '--tz', 'Europe/Paris'],
    ['auth_logs.log', 'access.log', 'app.jsonl', 'mixed.log', '--max-users', '3'],
  ];

  test.each(FIXTURES.map((words) => [words.join(' '), words] as const))(
    'every format of the report on %s is the same bytes',
    async (_name, words) => {
      for (const format of ['table', 'json', 'ndjson', 'csv', 'markdown']) {
        const args = [...argsOf(words), '--format', format];
        vi.stubEnv('AUTHLOG_NO_WASM', '');
        const fast = await runCli(args, { columns: 100 });
        vi.stubEnv('AUTHLOG_NO_WASM', '1');
        const slow = await runCli(args, { columns: 100 });
        expect(fast).toEqual(slow);
        expect(fast.stdout.length, fast.stderr).toBeGreaterThan(100);
      }
    },
  );

  test('the built program says the same, by one thread and by three', async () => {
    const args = [...argsOf(FIXTURES.at(-1)!), '--format', 'json', '--block-size', '90'];
    const runs = [];
    for (const threads of ['1', '3']) {
      for (const without of ['', '1']) {
        const env = { AUTHLOG_NO_WASM: without, AUTHLOG_THREADS: threads };
        runs.push(await spawnCli(args, { env }));
      }
    }
    expect(runs[0]!.code).toBe(0);
    for (const other of runs.slice(1)) expect(other).toEqual(runs[0]);
  });
});

test('so do programs that may have few addresses (ulimit -v): V8 wants some gigabytes for a kernel', async () => {
  const log = 'fixtures/logs/auth_logs.log';
  const words = tempFile('words', 'secret\npassword\n');
  for (const command of [
    `analyze ${log} --json --threads 2 --block-size 90 --now ${NOW}`,
    `audit ${log} --json --wordlist ${words} --now ${NOW}`,
    `redact ${log}`,
  ]) {
    const key = command.startsWith('redact') ? '' : '--secret-file fixtures/keys/secret';
    const run = `authlog ${command} ${key}`;
    const whole = await shell(run, []);
    expect(whole.stdout.length, command).toBeGreaterThan(1000);
    expect(await shell(`ulimit -v 8000000; ${run}`, []), command).toEqual(whole);
  }
});

test('the built program finds the kernel, and leaves it where it is told to', async () => {
  // Tells of every module that is compiled.
  const spy = `const { Module } = WebAssembly;
    WebAssembly.Module = class extends Module {
      constructor(bytes) { super(bytes); process.stderr.write('compiled ' + bytes.length); }
    };`;
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(spy)}` };
  const args = [...argsOf(['auth_logs.log']), '-q'];
  const { stderr } = await spawnCli(args, { env });
  expect(stderr).toBe(`compiled ${statSync(BUILT).size}`);
  const without = await spawnCli(args, { env: { ...env, AUTHLOG_NO_WASM: '1' } });
  expect(without).toMatchObject({ code: 0, stderr: '' });
});
