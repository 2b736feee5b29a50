import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from '../support/cli.ts';
import type { ChildOptions } from './child-program.ts';

/** Makes the program that children run, in `folder`; its path. */
export const buildChild = async (folder: string): Promise<string> => {
  const file = join(folder, 'child.mjs');
  const build = await rolldown({
    input: `${ROOT}test/record/child-program.ts`,
    platform: 'node',
  });
  await build.write({ file, format: 'esm' });
  await build.close();
  return file;
};

export interface Child {
  readonly process: ChildProcess;
  /** Resolves when the log is open. */
  readonly opened: Promise<void>;
  readonly ended: Promise<number | null>;
  /** Ids of the events that the child was told were recorded. */
  acknowledged(): string[];
  stderr(): string;
}

/** Starts a process that records. */
export const startChild = (program: string, options: ChildOptions): Child => {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const opened = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      resolve();
    });
    child.on('close', () => resolve());
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    process: child,
    opened,
    ended,
    // A number that was being written when the process was killed is not one.
    acknowledged: () =>
      stdout
        .split('\n')
        .slice(1, -1)
        .map((number) => `${options.name}-${number}`),
    stderr: () => stderr,
  };
};
