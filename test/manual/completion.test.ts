import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, runCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { has, openTerminal, type Terminal } from './terminal.ts';

const FOLDER = `${ROOT}completions`;

/** What a shell needs to read the script, and its prompt to be `$ `. */
const SHELLS = {
  bash: { command: 'bash --norc', setUp: `PS1='$ '; source ${FOLDER}/authlog.bash` },
  zsh: {
    command: 'zsh -f',
    setUp: `PS1='$ '; fpath=(${FOLDER} $fpath); autoload -U compinit; compinit -u -D; unsetopt automenu`,
  },
  fish: {
    command: 'fish --no-config',
    setUp: `function fish_prompt; echo '$ '; end; function fish_right_prompt; end; source ${FOLDER}/authlog.fish`,
  },
} as const;

type Shell = keyof typeof SHELLS;

const open = async (shell: Shell): Promise<Terminal> => {
  const cwd = tempFolder();
  for (const name of ['secret-of-api', 'my log.txt']) writeFileSync(join(cwd, name), '');
  const { command, setUp } = SHELLS[shell];
  // A shell that ends writes no history into a folder that goes.
  const silent = { HISTFILE: '/dev/null', fish_history: '' };
  const home = { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'screen', LANG: 'C.UTF-8' };
  const env = { ...home, ...silent };
  const terminal = openTerminal(command, env, { cwd });
  await terminal.until(/\S/);
  terminal.type(setUp, 'Enter', 'clear; echo READY', 'Enter');
  await terminal.until(/^READY$/m);
  return terminal;
};

/** Half a line → what Tab makes of it. */
const ONE: readonly (readonly [string, RegExp])[] = [
  ['authlog ana', /authlog analyze$/m],
  ['authlog verify', /authlog verify-log/],
  ['authlog config sh', /authlog config show/],
  ['authlog completion fi', /authlog completion fish/],
  ['authlog audit --no-v', /authlog audit --no-verify/],
  ['authlog analyze --format markd', /--format markdown/],
  ['authlog analyze --format=markd', /--format=markdown/],
  ['authlog audit --fail-on crit', /--fail-on critical/],
  ['authlog analyze --fail-on valid,alg_non', /--fail-on valid,alg_none/],
  ['authlog analyze --secret-file sec', /--secret-file secret-of-api/],
  ['authlog analyze --tz UTC my', /--tz UTC my\\ log\.txt/],
];

describe.each(['bash', 'zsh', 'fish'] as const)('Tab in %s', (shell) => {
  test('goes on with commands, flags, values and files', { timeout: 60_000 }, async () => {
    if (!has('tmux', shell)) return;
    const terminal = await open(shell);
    for (const [half, whole] of ONE) {
      terminal.type(half, 'Tab');
      await terminal.until(whole);
      terminal.type('C-u', 'clear', 'Enter');
      await terminal.until(/^\$\s*$/);
    }
  });

  test('shows what there is, and nothing of another command', { timeout: 60_000 }, async () => {
    if (!has('tmux', shell)) return;
    const terminal = await open(shell);
    terminal.type('authlog config ', 'Tab', 'Tab');
    expect(await terminal.until(/check[^]*show/)).not.toContain('analyze');
    terminal.type('C-u', 'clear', 'Enter');
    await terminal.until(/^\$\s*$/);
    terminal.type('authlog forget --p', 'Tab', 'Tab');
    expect(await terminal.until(/--pseudonym-key/)).not.toContain('--pattern');
  });
});

test('fish and zsh say what a flag does', async () => {
  if (!has('fish')) return;
  const answer = execFileSync(
    'fish',
    [
      '--no-config',
      '-c',
      `source ${FOLDER}/authlog.fish; complete -C 'authlog issue --allow-weak'`,
    ],
    { encoding: 'utf8' },
  );
  expect(answer).toBe('--allow-weak-secret\tsign with a secret that can be guessed\n');
  expect(readFileSync(`${FOLDER}/_authlog`, 'utf8')).toContain(
    "'--allow-weak-secret[sign with a secret that can be guessed]'",
  );
});

test.each([
  ['bash', 'authlog.bash'],
  ['zsh', '_authlog'],
  ['fish', 'authlog.fish'],
])('authlog completion %s prints the script of the package', async (shell, file) => {
  const { code, stdout, stderr } = await runCli(['completion', shell]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(readFileSync(`${FOLDER}/${file}`, 'utf8'));
});

test('another shell is refused with the likely one', async () => {
  const { code, stderr } = await runCli(['completion', 'zhs']);
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean zsh?');
});
