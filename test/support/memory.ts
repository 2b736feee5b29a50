import { spawn } from 'node:child_process';
import { BIN, type Result, ROOT } from './cli.ts';

/** On exit, tells file descriptor 3 the most memory that the process ever had (kB). */
const METER = `
import { readFileSync, writeSync } from 'node:fs';
process.on('exit', () => {
  writeSync(3, /^VmHWM:\\s*(\\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
});`;

export interface Measured extends Result {
  /** The peak of its resident memory in MiB. */
  readonly peak: number;
}

/** The built program as its own process, and the most memory it used; Linux only. */
export const measureCli = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Measured> => {
  const meter = `data:text/javascript,${encodeURIComponent(METER)}`;
  const child = spawn(process.execPath, ['--import', meter, BIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const texts = ['', '', '', ''];
  for (const fd of [1, 2, 3]) {
    child.stdio[fd]!.on('data', (chunk: Buffer) => (texts[fd] += chunk.toString('utf8')));
  }
  const code = await new Promise<number>((resolve) => {
    child.on('close', (status) => resolve(status ?? -1));
  });
  return { code, stdout: texts[1]!, stderr: texts[2]!, peak: Number(texts[3]) / 1024 };
};
