import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { BIN } from '../support/cli.ts';
import { NOW, SECRET, until } from './support.ts';

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

const programLine = (args: readonly string[]): string =>
  quoted([process.execPath, BIN, ...args, '--follow', '--secret-file', SECRET, '--now', NOW]);

/** A real terminal with a shell in it. */
export class Tmux {
  readonly #name = `authlog-${randomBytes(6).toString('hex')}`;

  constructor(cwd: string, columns: number, rows: number) {
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#run(
      'new-session',
      '-d',
      ...size,
      '-c',
      cwd,
      'env PS1="$ " NO_COLOR=1 LANG=C.UTF-8 bash --norc',
    );
    this.#run('set-option', '-g', 'status', 'off');
    onTestFinished(() => void this.#run('kill-server'));
  }

  #run(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#name, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, LANG: 'C.UTF-8', TMUX: '' },
    });
  }

  /** Starts the program in the shell, and says `code N` after it. */
  follow(...args: readonly string[]): void {
    this.type(`clear; ${programLine(args)}; echo "code $?"`);
  }

  /** The same with a shell command that writes the log. */
  followOutputOf(source: string, ...args: readonly string[]): void {
    this.type(`clear; ${source} | ${programLine(args)}; echo "code $?"`);
  }

  type(line: string): void {
    this.#run('send-keys', '-l', line);
    this.#run('send-keys', 'Enter');
  }

  press(...keys: readonly string[]): void {
    this.#run('send-keys', ...keys);
  }

  resize(columns: number, rows: number): void {
    this.#run('resize-window', '-x', String(columns), '-y', String(rows));
  }

  screen(): string {
    return this.#run('capture-pane', '-p');
  }

  /** Of the terminal: `alternate_on`, `cursor_flag`, `pane_pid`. */
  state(name: string): string {
    return this.#run('display-message', '-p', `#{${name}}`).trim();
  }

  async sees(pattern: RegExp): Promise<string> {
    await until(
      () => pattern.test(this.screen()),
      () => this.screen(),
    );
    return this.screen();
  }
}

/** A captured screen without what differs from run to run: rates, bars (their room depends on these), the time since the start. */
export const steady = (screen: string): string =>
  screen
    .trimEnd()
    .split('\n')
    .map((line, row) => (row === 1 ? line.replace(/lines?\b.*/, 'lines …') : line))
    .map((line) =>
      line
        .replace(/for \d+ .*$/, 'for <span>')
        .replaceAll(/[\d,.]+\/s/g, '')
        .replaceAll(/[█▏▎▍▌▋▊▉]/g, '')
        .replaceAll(/ {2,}/g, '  ')
        .trimEnd(),
    )
    .join('\n');
