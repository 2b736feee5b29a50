import { spawn } from 'node:child_process';
import { BIN, type Result, ROOT } from './cli.ts';

export interface ShellOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Runs as this user; only root may say so. */
  readonly uid?: number;
}

const PRELUDE = 'authlog() { "$NODE" "$BIN" "$@"; }\n';

/**
 * Runs a script in bash, where `authlog` is the built program (`$NODE $BIN`) and `$1`, `$2` …
 * are `args`: for what only a shell can do (pipes, redirections, limits). The exit code is the script's.
 */
export const shell = async (
  script: string,
  args: readonly string[] = [],
  options: ShellOptions = {},
): Promise<Result> => {
  const child = spawn('bash', ['-c', PRELUDE + script, 'bash', ...args], {
    cwd: options.cwd ?? ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      LANG: 'C.UTF-8',
      NODE: process.execPath,
      BIN,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid !== undefined && { uid: options.uid }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number>((resolve) => {
    child.on('close', (status) => resolve(status ?? -1));
  });
  return { code, stdout, stderr };
};
