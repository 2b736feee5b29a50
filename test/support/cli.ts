import { spawn } from 'node:child_process';
import { PassThrough, Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Host } from '../../src/cli/host.ts';
import { main } from '../../src/cli/main.ts';
import type { Summary } from '../../src/summarize/summary.ts';

/** The project's root, with a slash at the end. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** The built program: what users run. `npm test` builds it first. */
export const BIN = `${ROOT}bin/authlog.js`;

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly stdinIsTTY?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Makes stdout a terminal of this many columns. */
  readonly columns?: number;
}

const collector = (columns?: number): Writable & { text(): string } => {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  if (columns !== undefined) Object.assign(stream, { isTTY: true, columns });
  return Object.assign(stream, { text: () => Buffer.concat(chunks).toString('utf8') });
};

/** Runs the program in this process (from `src`, one thread) with a made-up process around it. */
export const runCli = async (
  args: readonly string[],
  options: RunOptions = {},
): Promise<Result> => {
  const stdout = collector(options.columns);
  const stderr = collector();
  const stdin =
    options.stdinIsTTY === true
      ? new PassThrough()
      : Readable.from([Buffer.from(options.stdin ?? '')]);
  if (options.stdinIsTTY === true) Object.assign(stdin, { isTTY: true });
  const host: Host = {
    argv: ['node', 'authlog', ...args],
    env: { AUTHLOG_THREADS: '1', LANG: 'C.UTF-8', ...options.env },
    stdin,
    stdout,
    stderr,
    cwd: () => options.cwd ?? ROOT,
  };
  const code = await main(host);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
};

/** Runs `analyze … --json` in this process and parses what it prints. */
export const summaryOf = async (
  args: readonly string[],
  options: RunOptions = {},
): Promise<Summary> => {
  const { stdout, stderr, code } = await runCli(['analyze', ...args, '--json', '-q'], options);
  if (stdout === '') throw new Error(`exit ${code}: ${stderr}`);
  return JSON.parse(stdout) as Summary;
};

/** Runs the built program as its own process. */
export const spawnCli = async (
  args: readonly string[],
  options: RunOptions = {},
): Promise<Result> => {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const code = await new Promise<number>((resolve) => {
    child.on('close', (status) => resolve(status ?? -1));
  });
  return {
    code,
    stdout: Buffer.concat(out).toString('utf8'),
    stderr: Buffer.concat(err).toString('utf8'),
  };
};
