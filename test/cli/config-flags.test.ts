import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ROOT, runCli, type Result, type RunOptions } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';

const LOG = `${ROOT}fixtures/logs/access.log`;
const SECRET = `${ROOT}fixtures/keys/secret`;
const NOW = ['--now', '2023-09-22T12:00:00Z'];

afterEach(() => vi.unstubAllEnvs());

/** Runs in a folder with this configuration. */
const runWith = (
  config: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Result> => {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'authlog.config.yaml'), config);
  return runCli(args, { cwd, ...options });
};

interface Shown {
  readonly commands: readonly {
    readonly command: string;
    readonly flags: readonly {
      readonly flag: string;
      readonly value: unknown;
      readonly origin: string;
      readonly place: string | null;
    }[];
  }[];
}

const show = async (
  config: string,
  args: readonly string[],
  flag: string,
): Promise<unknown[] | undefined> => {
  const { stdout, stderr } = await runWith(config, ['config', 'show', '--json', ...args]);
  expect(stderr).toBe('');
  const { commands } = JSON.parse(stdout) as Shown;
  const found = commands[0]?.flags.find((one) => one.flag === flag);
  return found === undefined ? undefined : [found.value, found.origin, found.place];
};

describe('flags beat variables, variables beat the file, the file beats the default', () => {
  const file = 'flags:\n  tz: Europe/Berlin\ncommands:\n  analyze:\n    tz: Asia/Tokyo\n';

  test('each in its turn', async () => {
    expect(await show('', ['analyze'], '--tz')).toEqual(['UTC', 'default', null]);
    expect(await show(file, ['events'], '--tz')).toEqual([
      'Europe/Berlin',
      'file',
      'authlog.config.yaml:2',
    ]);
    expect(await show(file, ['analyze'], '--tz')).toEqual([
      'Asia/Tokyo',
      'file',
      'authlog.config.yaml:5',
    ]);
    vi.stubEnv('AUTHLOG_TZ', 'Europe/Paris');
    expect(await show(file, ['analyze'], '--tz')).toEqual([
      'Europe/Paris',
      'environment',
      'AUTHLOG_TZ',
    ]);
    expect(await show(file, ['analyze', '--', '--tz', 'UTC'], '--tz')).toEqual([
      'UTC',
      'flag',
      null,
    ]);
  });

  test('the command that runs reads them, and a typed --format beats --json of the file', async () => {
    const config = `flags: { secret-file: ${SECRET} }\ncommands: { analyze: { json: true, no-findings: true } }\n`;
    const json = await runWith(config, ['analyze', LOG, ...NOW]);
    expect(json.code).toBe(0);
    expect(json.stdout).toMatch(/^\{\n/);
    const csv = await runWith(config, ['analyze', LOG, '--format', 'csv', ...NOW]);
    expect(csv.stdout).toMatch(/^verified,user_id/);
    const none = await runWith(config, ['analyze', LOG, '--config', '-', ...NOW]);
    expect(none.code).toBe(2);
  });

  test('a path is relative to the file, a list is several values', async () => {
    const root = tempFolder();
    mkdirSync(join(root, 'etc'));
    const path = join(root, 'etc/my.yaml');
    writeFileSync(path, 'flags:\n  key: [a.pem, b.pem]\n  user-claim: [sub, email]\n');
    const { stdout } = await runCli(['config', 'show', 'analyze', '--config', path], { cwd: root });
    expect(stdout).toContain(`${root}/etc/a.pem, ${root}/etc/b.pem`);
    expect(stdout).toMatch(/--user-claim +sub, email/);
    // The key that signs is another flag, with a variable of its own.
    const issue = await runCli(['config', 'show', 'issue', '--config', path], { cwd: root });
    expect(issue.stdout).toMatch(/--key +-\n/);
  });
});

describe('what no flag takes is refused with its line', () => {
  test.each([
    ['flags: { tzz: UTC }', 'authlog.config.yaml:1: flags.tzz is not known', 'Did you mean tz?'],
    ['commands: { analyse: {} }', 'commands.analyse is not known', 'Did you mean analyze?'],
    ['commands: { analyze: { sort: tokns } }', 'commands.analyze.sort', 'Did you mean tokens?'],
    ['commands: { analyze: { top: many } }', 'commands.analyze.top', 'whole number'],
    ['commands: { analyze: { no-findings: 3 } }', 'must be true or false', ''],
    ['flags: { tz: [UTC, CET] }', 'flags.tz takes one value', ''],
    ['flags: { secret: hunter2-hunter2 }', 'flags.secret does not belong', 'secret-file'],
    ['commands: { record: { token: x } }', 'commands.record.token does not belong', '--token -'],
    ['commands: { forget: { before: 90d } }', 'commands.forget.before is not known', ''],
    ['flags: { store: "mongodb://ada:hunter2@db/x" }', 'holds a password', 'AUTHLOG_STORE'],
    ['flags: 3', 'flags must be an object of flags', ''],
  ])('%s', async (config, message, hint) => {
    const command = config.includes('forget') || config.includes('record') ? 'check' : 'show';
    const named = config.includes('store') ? 'ingest' : 'analyze';
    const args = command === 'check' ? ['config', 'check'] : ['config', 'show', named];
    const { code, stdout, stderr } = await runWith(config, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('hunter2');
    expect((await runWith(config, ['config', 'check'])).code).toBe(2);
  });

  test('a token is no value, and is not repeated', async () => {
    const token = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.${'A'.repeat(43)}`;
    const { code, stderr } = await runWith(`commands: { analyze: { pattern: ${token} } }`, [
      'analyze',
      '-',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('holds a token');
    expect(stderr).not.toContain('AAAA');
  });
});

describe('a file that was found must be one of ours', () => {
  const config = 'flags: { tz: UTC }\n';
  const analyze = ['analyze', LOG, '--secret-file', SECRET, '--no-findings', ...NOW];

  test('not one that everyone, or another user, can write', async () => {
    const cwd = tempFolder();
    const path = join(cwd, 'authlog.config.yaml');
    writeFileSync(path, config);
    chmodSync(path, 0o666);
    const open = await runCli(analyze, { cwd });
    expect([open.code, open.stdout]).toEqual([2, '']);
    expect(open.stderr).toContain('sets flags, but can be written by everyone (0666)');
    expect((await runCli([...analyze, '--config', path], { cwd })).code).toBe(0);
    if (process.getuid?.() !== 0) return;
    chmodSync(path, 0o600);
    chownSync(path, 12_345, 0);
    const foreign = await runCli(analyze, { cwd });
    expect(foreign.stderr).toContain('sets flags, but belongs to another user (12345)');
  });

  test('one in the working directory is told of, unless it was named', async () => {
    const found = await runWith(config, analyze);
    expect(found.code).toBe(0);
    expect(found.stderr).toContain('authlog.config.yaml sets --tz (--config - for none)');
    expect((await runWith(config, [...analyze, '-q'])).stderr).toBe('');
    const quiet = await runWith('flags: { tz: UTC, quiet: true }\n', analyze);
    expect(quiet.stderr).toContain('sets --tz, --quiet');
  });
});

describe('config show', () => {
  test('--json is authlog.flags/1', async () => {
    const schema = JSON.parse(readFileSync(`${ROOT}schema/authlog.flags-1.json`, 'utf8')) as object;
    const config = 'flags: { secret-file: s, user-claim: [a, b] }\n';
    for (const name of ['analyze', 'guard', 'redact', 'issue']) {
      const { stdout } = await runWith(config, ['config', 'show', name, '--json']);
      const check = new Ajv2020({ strictTypes: false }).compile(schema);
      expect(check(JSON.parse(stdout)), JSON.stringify(check.errors)).toBe(true);
    }
  });

  test('without a command lists what is set anywhere', async () => {
    const { stdout } = await runWith('commands: { redact: { anonymize-ip: 1 } }', [
      'config',
      'show',
      '--origin',
    ]);
    expect(stdout).toMatch(/authlog redact\n {2}--anonymize-ip {2}1 {2}authlog\.config\.yaml:1\n/);
  });

  test('never shows a secret', async () => {
    vi.stubEnv('AUTHLOG_STORE', 'mongodb://ada:hunter2@db/x');
    const all = await Promise.all([
      runWith('', ['config', 'show', '--origin']),
      runWith('', ['config', 'show', 'ingest', '--json']),
      runWith('', ['config', 'show', 'analyze', '--', '--secret', 'hunter2']),
    ]);
    for (const { code, stdout } of all) {
      expect(code).toBe(0);
      expect(stdout).toContain('(not shown)');
      expect(stdout).not.toContain('hunter2');
    }
  });

  test('refuses what is no command, and flags that it has not', async () => {
    const wrong = await runWith('', ['config', 'show', 'analyse']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('mean analyze?')]);
    const flag = await runWith('', ['config', 'show', 'analyze', '--', '--tpo', '3']);
    expect([flag.code, flag.stderr]).toEqual([2, expect.stringContaining('--top')]);
  });
});
