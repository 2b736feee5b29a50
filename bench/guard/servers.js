// Starts the servers that are compared, each as a process of its own on a free loopback port.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const answers = async (url) => {
  for (let tries = 0; tries < 200; tries++) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${url} does not answer`);
};

const start = async (name, args, env = {}) => {
  const port = await freePort();
  const child = spawn(process.execPath, args(port), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PORT: String(port), ...env },
  });
  const url = `http://127.0.0.1:${port}/verify`;
  await answers(url);
  return {
    name,
    url,
    /** Resident memory in MiB. */
    memory: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    stop: () =>
      new Promise((resolve) => {
        child.on('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
};

/** What Node can do at all: answers 204 to everything. */
export const startBare = () => start('bare node:http', () => [`${ROOT}bench/guard/bare.mjs`]);

/** The usual way: jose verifies each request in an Express middleware; nothing is recorded. */
export const startExpress = (secret) =>
  start('Express and jose', () => [`${ROOT}bench/guard/express-jose.mjs`], { SECRET: secret });

/** The guard as it is meant to run: every decision recorded. */
export const startGuard = (keyFlags, log) =>
  start('authlog guard', (port) => [
    `${ROOT}bin/authlog.js`,
    'guard',
    '--listen',
    `127.0.0.1:${port}`,
    ...keyFlags,
    '--record',
    log,
  ]);
