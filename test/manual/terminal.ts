import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tempFolder } from '../support/folder.ts';

/** Whether these programs are there; where not, says how to have them, and with `CI` set it throws. */
export const has = (...programs: readonly string[]): boolean => {
  const missing = programs.filter(
    (name) => spawnSync('sh', ['-c', 'command -v "$0"', name]).status !== 0,
  );
  if (missing.length === 0) return true;
  const how = `${missing.join(' ')} not installed: apt-get install tmux zsh fish groff man-db less`;
  if (process.env['CI'] !== undefined) throw new Error(how);
  console.warn(`skipped: ${how}`);
  return false;
};

/** A real terminal of 100 columns, typed into and looked at. */
export interface Terminal {
  /** Keys as tmux names them (`Tab`, `Enter`, `q`), or a text as it is. */
  type(...keys: readonly string[]): void;
  /** What the screen shows, without blanks at its end. */
  screen(): string;
  /** The screen once it fits; throws with the screen that there is after 15 seconds. */
  until(what: RegExp): Promise<string>;
}

/** Starts a command in tmux; the server is its own and ends with the test. */
export const openTerminal = (
  command: string,
  env: Readonly<Record<string, string>>,
  { cwd, rows = 30 }: { readonly cwd: string; readonly rows?: number },
): Terminal => {
  const socket = join(tempFolder(), 'tmux');
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', cwd });
  const pairs = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  const size = ['-x', '100', '-y', String(rows)];
  tmux('new-session', '-d', ...size, 'env', '-i', ...pairs, ...command.split(' '));
  onTestFinished(() => {
    tmux('kill-server');
  });
  const screen = (): string => tmux('capture-pane', '-p').trimEnd();
  return {
    type: (...keys) => {
      for (const key of keys) {
        tmux('send-keys', ...(/^(?:Tab|Enter|C-c|C-u|q)$/.test(key) ? [key] : ['-l', key]));
      }
    },
    screen,
    until: async (what) => {
      const end = Date.now() + 15_000;
      while (!what.test(screen())) {
        if (Date.now() > end) throw new Error(`not ${String(what)} in:\n${screen()}`);
        await sleep(50);
      }
      return screen();
    },
  };
};
