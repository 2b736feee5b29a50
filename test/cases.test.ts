import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Result, ROOT, runCli } from './support/cli.ts';

/*
 * fixtures/cases/NAME holds a command line (`cmd`, run in that folder) and what it must give:
 * `stdout`, `exit`, and `stderr` unless that is empty. UPDATE_CASES=1 writes these anew; with
 * CI=true a difference is a failure even then.
 */
const CASES = join(ROOT, 'fixtures/cases');
const update = process.env['UPDATE_CASES'] === '1';
const mayChange = update && process.env['CI'] !== 'true';

/** A copy with the permissions that reports speak of, whatever those of the checkout are. */
const copy = mkdtempSync(join(tmpdir(), 'authlog-cases-'));
cpSync(join(ROOT, 'fixtures'), copy, { recursive: true });
for (const name of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
  if (/\.(?:log|jsonl)$/.test(name)) chmodSync(join(copy, name), 0o644);
  if (/^keys\/(?:secret|other-secret|.*\.private\.pem)$/.test(name))
    chmodSync(join(copy, name), 0o600);
}
const home = process.cwd();
afterAll(() => {
  process.chdir(home);
  rmSync(copy, { recursive: true, force: true });
});

interface Command {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** Name of the file that is standard input. */
  readonly stdin: string | null;
}

/** `NAME=VALUE… authlog WORD… [< FILE]`, words quoted as in a shell. */
const parseCommand = (text: string): Command => {
  const words = [...text.trim().matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll(
      /'([^']*)'|"([^"]*)"/g,
      (_, single: string, double: string) => single ?? double,
    ),
  );
  const program = words.indexOf('authlog');
  const redirect = words.indexOf('<');
  return {
    env: Object.fromEntries(words.slice(0, program).map((word) => word.split('=', 2))),
    args: words.slice(program + 1, redirect < 0 ? words.length : redirect),
    stdin: redirect < 0 ? null : words[redirect + 1]!,
  };
};

const run = async (name: string): Promise<Result> => {
  const folder = join(copy, 'cases', name);
  const { env, args, stdin } = parseCommand(readFileSync(join(folder, 'cmd'), 'utf8'));
  process.chdir(folder);
  return await runCli(args, {
    env,
    cwd: folder,
    ...(stdin !== null && { stdin: readFileSync(join(folder, stdin)) }),
  });
};

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

const write = (path: string, text: string): void => {
  if (text !== '') writeFileSync(path, text);
  else rmSync(path, { force: true });
};

test.each(readdirSync(CASES).toSorted())('%s', async (name) => {
  const folder = join(CASES, name);
  const found = await run(name);
  const { stdout, stderr } = found;
  const exit = `${found.code}\n`;
  const expected = {
    stdout: read(join(folder, 'stdout')),
    stderr: read(join(folder, 'stderr')),
    exit: read(join(folder, 'exit')),
  };
  if (update) {
    writeFileSync(join(folder, 'stdout'), stdout);
    writeFileSync(join(folder, 'exit'), exit);
    write(join(folder, 'stderr'), stderr);
  }
  if (!mayChange) expect({ stdout, stderr, exit }).toEqual(expected);
});
