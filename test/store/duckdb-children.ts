import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { onTestFinished } from 'vitest';
import { ROOT } from '../support/cli.ts';
import type { ChildOptions } from './duckdb-child-program.ts';

const DUCKDB = '@duckdb/node-api';

/** Makes the program that children run, in `folder`; its path. */
export const buildChild = async (folder: string): Promise<string> => {
  const file = join(folder, 'child.mjs');
  const id = pathToFileURL(createRequire(import.meta.url).resolve(DUCKDB)).href;
  const build = await rolldown({
    input: `${ROOT}test/store/duckdb-child-program.ts`,
    platform: 'node',
    plugins: [
      {
        name: 'duckdb',
        resolveId: (name) => (name === DUCKDB ? { id, external: 'absolute' } : null),
      },
    ],
  });
  await build.write({ file, format: 'esm', codeSplitting: false });
  await build.close();
  return file;
};

export interface Child {
  readonly process: ChildProcess;
  /** Resolves at the first line that the child writes. */
  readonly started: Promise<void>;
  readonly ended: Promise<number | null>;
  /** The newest checkpoint of which the child was told that it is durable. */
  acknowledged(): number;
  stderr(): string;
}

/** Starts a process that appends; it ends with the test at the latest. */
export const startChild = (
  program: string,
  options: ChildOptions,
  env: Readonly<Record<string, string>> = {},
): Child => {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const started = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      resolve();
    });
    child.on('close', () => resolve());
  });
  return {
    process: child,
    started,
    ended: new Promise((resolve) => child.on('close', resolve)),
    // A number that was being written when the process was killed is not one.
    acknowledged: () =>
      Math.max(0, ...stdout.split('\n').slice(0, -1).filter(isNumber).map(Number)),
    stderr: () => stderr,
  };
};

const isNumber = (line: string): boolean => /^\d+$/.test(line);
