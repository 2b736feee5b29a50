import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { BIN, ROOT } from './cli.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts the built program with an input that never ends, waits until it has read `text` (more than
 * a pipe holds), lets `act` do something to it, and waits for its end.
 */
export const runEndless = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  text: string,
  act: (child: ChildProcess) => void,
): Promise<Ended> => {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (texts.stdout += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (texts.stderr += piece));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  await new Promise((resolve) => child.stdin.write(text, resolve));
  act(child);
  return { ...(await ended), ...texts };
};
