import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeProgram } from '../../src/cli/describe.ts';
import { createProgram } from '../../src/cli/program.ts';
import { placedCommands } from '../../src/manual/description.ts';
import { ROOT, runCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';

const host = {
  argv: [],
  env: {},
  stdin: Readable.from([]),
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: () => ROOT,
};
const commands = placedCommands(await describeProgram(host));
const named = commands.map(
  ({ words, command }) => [['authlog', ...words].join(' '), words, command] as const,
);

/** The arguments of each `authlog` that a shell starts for a line, in a folder where all others do nothing. */
const argumentsOf = (example: string): readonly (readonly string[])[] => {
  const folder = tempFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const record = `#!/bin/bash\nprintf '%s\\0' "$@" >> "${folder}/args"; printf '\\n' >> "${folder}/args"\n`;
  writeFileSync(join(bin, 'authlog'), record, { mode: 0o755 });
  for (const name of 'jq journalctl grep gzip ssh tail parallel mail'.split(' ')) {
    writeFileSync(join(bin, name), '#!/bin/bash\nexit 0\n', { mode: 0o755 });
  }
  const text = example.replace(/^source /, 'cat ').replace(/^parallel '(.*)'.*$/, '$1');
  const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: folder, NOW: '2026-11-27' };
  execFileSync('bash', ['-c', `mkdir -p ~/.zfunc ~/.config/fish/completions\n${text}`], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = readFileSync(join(folder, 'args'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.split('\0').slice(0, -1));
};

describe.each(named)('%s', (_name, words, command) => {
  test('shows examples before anything else, and fits the terminal', async () => {
    for (const [columns, most] of [
      [undefined, 80],
      [80, 80],
      [60, 80],
      [200, 100],
    ] as const) {
      const options = columns === undefined ? {} : { columns };
      const { code, stdout, stderr } = await runCli([...words, '--help'], options);
      expect([code, stderr]).toEqual([0, '']);
      const example = stdout.indexOf('\nExamples:\n  authlog ');
      const found = example < 0 ? stdout.indexOf('\nExamples:\n') : example;
      expect(found).toBeGreaterThan(0);
      expect(found).toBeLessThan(stdout.indexOf('\nUsage: '));
      const long = stdout.split('\n').filter((line) => line.length > most);
      expect(long).toEqual([]);
    }
  });

  test('has two examples that parse', async () => {
    expect(command.examples.length).toBeGreaterThanOrEqual(2);
    for (const example of command.examples) {
      const all = argumentsOf(example);
      expect(all.length, example).toBeGreaterThan(0);
      for (const args of all) {
        const program = await createProgram(args[0], host, '', () => undefined);
        const one = program.commands.find((each) => each.name() === args[0]);
        for (const each of [one!, ...one!.commands]) each.action(() => undefined);
        await expect(program.parseAsync([...args], { from: 'user' }), example).resolves.toBe(
          program,
        );
      }
    }
  });
});

test('help COMMAND is COMMAND --help', async () => {
  const help = await runCli(['help', 'analyze']);
  expect(help).toEqual(await runCli(['analyze', '--help']));
  expect(help.code).toBe(0);
});

test.each([
  ['a command', ['analize'], 'analyze'],
  ['a subcommand', ['config', 'chek'], 'check'],
  ['a flag', ['analyze', '-', '--secret-fil', 'x'], '--secret-file'],
  ['a choice', ['analyze', '-', '--format', 'jsn'], 'json'],
  ['a word of a list', ['analyze', '-', '--fail-on', 'alg_non'], 'alg_none'],
  ['a level', ['audit', '-', '--fail-on', 'hihg'], 'high'],
])('%s that was mistyped is told', async (_what, args, meant) => {
  const { code, stderr } = await runCli(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(new RegExp(`Did you mean ${meant}\\?`));
});
