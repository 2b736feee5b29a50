import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { has, openTerminal, type Terminal } from '../manual/terminal.ts';
import { BIN, ROOT } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';

const PATH = process.env['PATH'] ?? '';
const MORE_THAN_A_SCREEN = 20;

/** Runs `analyze` in a real terminal; then the exit code stands on a line of its own. */
const open = (
  env: Readonly<Record<string, string>>,
  flags = '',
  rows = MORE_THAN_A_SCREEN,
): Terminal => {
  const cwd = tempFolder();
  const log = `${ROOT}fixtures/logs/auth_logs.log`;
  const command = `${process.execPath} ${BIN} analyze ${log} --secret-file ${ROOT}fixtures/keys/secret --now 2023-09-22T10:00:00Z --no-findings ${flags}`;
  writeFileSync(join(cwd, 'run.sh'), `trap : INT\n${command}\necho "exit $?"\nsleep 60\n`);
  const base = { PATH, HOME: cwd, TERM: 'screen', LANG: 'C.UTF-8' };
  return openTerminal('sh run.sh', { ...base, ...env }, { cwd, rows });
};

describe('a report that no screen holds', { timeout: 60_000 }, () => {
  test('is shown by less: the first screen first, q ends it with 0', async () => {
    if (!has('tmux', 'less')) return;
    const terminal = open({});
    expect(await terminal.until(/valid +97[^]*:$/)).not.toContain('exit');
    expect(terminal.screen()).toContain('249 lines');
    terminal.type('q');
    await terminal.until(/^exit 0$/m);
  });

  test('Ctrl-C stays with the pager, and --fail-on counts after it', async () => {
    if (!has('tmux', 'less')) return;
    const terminal = open({}, '--fail-on alg_none');
    await terminal.until(/:$/);
    terminal.type('C-c', 'q');
    expect(await terminal.until(/^exit 1$/m)).toContain('--fail-on: 3 alg_none');
  });

  test('$AUTHLOG_PAGER beats $PAGER, which a shell runs', async () => {
    if (!has('tmux')) return;
    await open({ PAGER: "sed -n '1s/^/shown: /p'" }).until(/^shown: .*\nexit 0$/m);
    const both = { PAGER: 'false', AUTHLOG_PAGER: "grep -c ''" };
    await open(both).until(/^\d\d\n+exit 0$/m);
  });

  test.each([
    ['cat', { PAGER: 'cat' }, ''],
    ['nothing', { PAGER: '' }, ''],
    ['a program that is not there', { PAGER: 'no-such-pager' }, ''],
    ['less, which is not there', { PATH: '/nonexistent' }, ''],
    ['--no-pager', { PAGER: "echo 'not wanted'" }, '--no-pager'],
    ['AUTHLOG_NO_PAGER', { PAGER: 'echo not wanted', AUTHLOG_NO_PAGER: '1' }, ''],
    ['a format for programs', { PAGER: 'echo not wanted' }, '--format csv --color never'],
    ['a dumb terminal', { PAGER: 'echo not wanted', TERM: 'dumb' }, ''],
  ])('%s: all of it runs through', async (_name, env, flags) => {
    if (!has('tmux')) return;
    const lessPath = 'PATH' in env ? { PATH: bare() } : {};
    const screen = await open({ ...env, ...lessPath }, flags).until(/^exit 0$/m);
    expect(screen).not.toContain('not wanted');
    expect(screen).toMatch(/7 tokens never expire|^yes,/m);
  });

  test('a report that fits is printed', async () => {
    if (!has('tmux')) return;
    const screen = await open({ PAGER: 'echo not wanted' }, '', 80).until(/^exit 0$/m);
    expect(screen).toContain('249 lines');
    expect(screen).not.toContain('not wanted');
  });
});

/** A folder with the shell and `sleep`, but without less. */
const bare = (): string => {
  const folder = tempFolder();
  for (const name of ['sh', 'sleep', 'env']) {
    const found = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    execFileSync('ln', ['-s', found, join(folder, name)]);
  }
  return folder;
};
