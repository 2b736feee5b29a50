import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BIN } from './cli.ts';
import { accepts, freePorts } from './ports.ts';

/** A process that a test started and has to end. */
export interface Running {
  readonly pid: number;
  /** What it has said so far, on both streams. */
  said(): string;
  /** Ends it by this signal and waits. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it says once it answers; else it is taken to be up when `port` accepts connections. */
  readonly ready?: RegExp;
  readonly port?: number;
}

const PATIENCE_MS = 20_000;

/** Starts a program and waits until it is ready. Rejects with what it said where it ends before. */
export const start = async (
  command: string,
  args: readonly string[],
  { env = {}, cwd, ready, port }: StartOptions,
): Promise<Running> => {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const hear = (chunk: Buffer): void => void (text += chunk.toString('utf8'));
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const running: Running = {
    pid: child.pid ?? 0,
    said: () => text,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await closed;
    },
  };
  const isReady = async (): Promise<boolean> =>
    ready === undefined ? await accepts(port!) : ready.test(text);
  for (const until = Date.now() + PATIENCE_MS; !(await isReady()); await sleep(20)) {
    if (hasEnded(child) || Date.now() > until) {
      await running.end('SIGKILL');
      throw new Error(`${command} did not start: ${text}`);
    }
  }
  return running;
};

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

/** The built program as a server; the port is in what it says. */
export const startGuard = async (
  args: readonly string[],
): Promise<Running & { readonly port: number }> => {
  const ready = /listens on 127\.0\.0\.1:(\d+)/;
  const all = [BIN, 'guard', '--listen', '127.0.0.1:0', ...args];
  const running = await start(process.execPath, all, { ready });
  return { ...running, port: Number(ready.exec(running.said())![1]) };
};

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const [port] = await freePorts(1);
  return port!;
};

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface EchoApp {
  readonly port: number;
  readonly arrived: Arrived[];
  close(): void;
}

/** The application behind a proxy: keeps what arrives and answers 200. */
export const startEcho = async (): Promise<EchoApp> => {
  const arrived: Arrived[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      arrived.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
      response.end('from the app');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    arrived,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

export interface Answer {
  readonly status: number;
  /** Status line and fields, in lower case. */
  readonly head: string;
  readonly body: string;
}

/** Sends a request as it is written: no client library sends two `Authorization` fields. */
export const ask = (
  port: number,
  target: string,
  fields: readonly string[] = [],
  body = '',
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const [path, method = 'GET'] = target.split(' ').toReversed();
    let text = '';
    socket.setEncoding('utf8').setTimeout(PATIENCE_MS, () => socket.destroy(new Error('silence')));
    socket.on('error', reject);
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('end', () => {
      const [head = '', ...rest] = text.split('\r\n\r\n');
      const status = Number(head.slice(9, 12));
      resolve({ status, head: head.toLowerCase(), body: rest.join('\r\n\r\n') });
    });
    const has = (name: RegExp): boolean => fields.some((field) => name.test(field));
    const isCounted = body !== '' && !has(/^transfer-encoding:/i);
    const length = isCounted ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
    const connection = has(/^connection:/i) ? [] : ['Connection: close'];
    const lines = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...connection, ...length];
    socket.write(`${[...lines, ...fields].join('\r\n')}\r\n\r\n${body}`);
  });

const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];

/** Where a program is; null where it is not installed. */
export const findProgram = (name: string): string | null => {
  for (const folder of FOLDERS) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // The next folder may have it.
    }
  }
  return null;
};

interface Need {
  /** Debian's name of the package, where it is not the program's. */
  readonly from?: string;
  /** Whether CI, which installs what it can, may do without. */
  readonly isOptional?: boolean;
}

/** Tests that need a program: skipped aloud without it; on CI they fail. */
export const describeWith = (
  program: string,
  tests: (path: string) => void,
  { from = program, isOptional = false }: Need = {},
): void => {
  const path = findProgram(program);
  if (path !== null) {
    describe(program, () => tests(path));
    return;
  }
  const reason = `${program} is not installed (Debian: apt-get install ${from})`;
  if (process.env['CI'] !== undefined && !isOptional) {
    test(program, () => expect.fail(reason));
    return;
  }
  console.warn(`skipped: ${reason}`);
  test.skip(`${program}: ${reason}`);
};
