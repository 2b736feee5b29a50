import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { BIN, ROOT } from '../support/cli.ts';

/** Runs a script in a Node process of its own, whose arguments start as those of `authlog` do. */
const runScript = (
  script: string,
  args: readonly string[] = [],
): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['-e', script, '--', BIN, ...args], { cwd: ROOT, encoding: 'utf8' });

describe('the built program', () => {
  test('starts from compiled code that V8 accepts', () => {
    const { stdout } = runScript(`
      const { readdirSync, readFileSync } = require('node:fs');
      const { Script } = require('node:vm');
      for (const name of readdirSync('dist/chunks')) {
        if (!name.endsWith('.cache')) continue;
        const cachedData = readFileSync('dist/chunks/' + name);
        const code = readFileSync('dist/chunks/' + name.replace(/cache$/, 'body.cjs'), 'utf8');
        console.log(name, new Script(code, { cachedData }).cachedDataRejected);
      }
    `);
    const caches = stdout.trim().split('\n');
    expect(caches.map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['analyze.cache', 'command.cache', 'judge.cache']),
    );
    for (const line of caches) expect(line).toMatch(/ false$/);
  });

  test('loads nothing to analyse a plain log that it does not need', () => {
    const { stderr, stdout, status } = runScript(
      `process.on('exit', () => console.error(JSON.stringify(Object.keys(require.cache))));
       require(process.argv[1]);`,
      [
        'analyze',
        'fixtures/logs/auth_logs.log',
        '--secret-file',
        'fixtures/keys/secret',
        '--json',
        '--no-findings',
        '--quiet',
      ],
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\{\n/);
    const loaded = JSON.parse(stderr.trim().split('\n').at(-1)!) as string[];
    expect(loaded.map((path) => path.slice(ROOT.length)).toSorted()).toEqual([
      'bin/authlog.js',
      'dist/chunks/analyze.cjs',
      'dist/chunks/command.cjs',
      'dist/chunks/commander.cjs',
      'dist/chunks/judge.cjs',
      'dist/chunks/package-version.cjs',
      'dist/chunks/rolldown-runtime.cjs',
      'dist/chunks/start.cjs',
      'dist/cli/main.cjs',
    ]);
  });

  test('row 89: says where in it a fault was', () => {
    const { stdout } = runScript(`
      const { main } = require('./dist/cli/main.cjs');
      const stdout = process.stdout;
      const cwd = () => { throw new TypeError('x'); };
      const env = { AUTHLOG_SECRET: 'x' };
      void main({ argv: ['node', 'authlog', 'analyze', '-'], env, stdin: process.stdin, stdout, stderr: stdout, cwd });
    `);
    expect(stdout).toMatch(
      /^authlog: internal error \(TypeError at dist\/chunks\/\S+\.cjs:\d+\)\n/,
    );
  });
});
