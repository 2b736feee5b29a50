import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { BIN, ROOT } from '../support/cli.ts';

export const SECRET = `${ROOT}fixtures/keys/secret`;
export const NOW = '2023-09-22T10:00:00Z';
export const logText = (name: string): Buffer => readFileSync(`${ROOT}fixtures/logs/${name}`);

/** The program in a pipe, and the lines that it has written. */
export interface Followed {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<number | null>;
}

export const followInPipe = (args: readonly string[], cwd: string): Followed => {
  const all = [BIN, ...args, '--follow', '--secret-file', SECRET, '--now', NOW, '-q'];
  const child = spawn(process.execPath, [...all, '--interval', '100ms'], { cwd });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { child, lines, ended };
};

/** Waits until something is so; fails with what is seen then. */
export const until = async (isSo: () => boolean, seen: () => unknown): Promise<void> => {
  for (let i = 0; i < 200; i++) {
    if (isSo()) return;
    await sleep(50);
  }
  throw new Error(`not in time; seen last: ${String(seen())}`);
};

/** Lines counted by the newest report. */
export const linesIn = ({ lines }: Followed): number =>
  lines.length === 0 ? -1 : (JSON.parse(lines.at(-1)!) as Summary).totals.lines;

/** Whether there is tmux; where there is none it is said how to have it, and under CI that is a failure. */
export const hasTmux = (): boolean => {
  if (spawnSync('tmux', ['-V']).status === 0) return true;
  if (process.env['CI'] !== undefined) throw new Error('no tmux: . .ci/services && install_shells');
  process.stderr.write('skipped: no tmux, which drives the screen (apt-get install tmux)\n');
  return false;
};
