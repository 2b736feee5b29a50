import { spawn } from 'node:child_process';
import { BIN, type Result, ROOT } from './cli.ts';

/**
 * Runs the built program with more output than a pipe holds, and `meanwhile` while it is stopped in
 * the middle of its input by nobody reading on; then reads all.
 */
export const runPaused = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  meanwhile: () => void,
): Promise<Result> => {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = new Promise<number>((resolve) => {
    child.on('close', (status) => resolve(status ?? -1));
  });
  await new Promise((resolve) => child.stdout.once('readable', resolve));
  meanwhile();
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { code: await closed, stdout: Buffer.concat(chunks).toString('utf8'), stderr };
};
