import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { fillIn } from '../examples/proxied.ts';
import { batchOf } from '../store/contract.ts';
import { BIN, ROOT } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { startCaddy, startNginx } from '../support/proxies.ts';
import { describeWith, freePort, start, type Running } from '../support/servers.ts';
import { mint, SECRET } from '../support/tokens.ts';
import { eventAgo } from './serving.ts';

const NAME = 'authlog.example.org';

/** The block of the documentation behind a heading such as `nginx:`. */
const example = (heading: string): string =>
  new RegExp(`\n${heading}:\n\n\`\`\`\\w*\n([^]*?)\`\`\``).exec(
    readFileSync(`${ROOT}docs/SERVE.md`, 'utf8'),
  )![1]!;

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Ask = (path: string, asked?: Asked) => Promise<IncomingMessage>;

/** The page behind a proxy that `startProxy` starts before the port, with a certificate in `folder`. */
const proxied = async (
  startProxy: (page: number, port: number, folder: string) => Promise<Running>,
): Promise<Ask> => {
  const folder = tempFolder();
  const url = `duckdb:${join(folder, 'history.duckdb')}`;
  const store = await openStore(url);
  await store.append(batchOf(eventAgo(60)));
  await store.close();
  const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
  const files = ['-keyout', join(folder, 'authlog.key'), '-out', join(folder, 'authlog.pem')];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  execFileSync('openssl', [...args, ...subject, ...files], { stdio: 'ignore' });
  const ready = /at http:\/\/127\.0\.0\.1:(\d+)/;
  const flags = ['--listen', '127.0.0.1:0', '--public-url', `https://${NAME}`];
  const serve = [BIN, 'serve', '--store', url, '--secret-file', tempFile('secret', SECRET)];
  const page = await start(process.execPath, [...serve, ...flags], { ready });
  onTestFinished(() => page.end('SIGKILL'));
  const port = await freePort();
  const proxy = await startProxy(Number(ready.exec(page.said())![1]), port, folder);
  // Caddy waits for who listens to events: the page ends before it.
  onTestFinished(async () => {
    await page.end('SIGKILL');
    await proxy.end();
  });
  const ca = readFileSync(join(folder, 'authlog.pem'));
  return (path, { method = 'GET', headers = {}, body = '' } = {}) =>
    new Promise((resolve, reject) => {
      const fields = { host: NAME, ...headers };
      const options = { host: '127.0.0.1', port, servername: NAME, ca, path, method, agent: false };
      request({ ...options, headers: fields }, resolve)
        .on('error', reject)
        .end(body);
    });
};

const PROXIES = {
  nginx: (nginx: string, page: number, port: number, folder: string) => {
    const site = fillIn(example('nginx'), {
      'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
      '/etc/ssl/authlog.pem': join(folder, 'authlog.pem'),
      '/etc/ssl/authlog.key': join(folder, 'authlog.key'),
      '127.0.0.1:8788': `127.0.0.1:${page}`,
    });
    return startNginx(nginx, folder, site, port);
  },
  caddy: (caddy: string, page: number, port: number, folder: string) => {
    const site = fillIn(example('Caddy'), {
      [`${NAME} {`]: `https://${NAME}:${port} {\n\tbind 127.0.0.1\n\ttls ${folder}/authlog.pem ${folder}/authlog.key`,
      '127.0.0.1:8788': `127.0.0.1:${page}`,
    });
    return startCaddy(caddy, folder, site, port);
  },
} as const;

describe.each(Object.entries(PROXIES))(
  'behind %s as the documentation sets it up',
  (name, startProxy) => {
    describeWith(name, (program) => {
      test('the page signs in over https, and events come when they are sent', async () => {
        const ask = await proxied((...where) => startProxy(program, ...where));
        const exp = Math.floor(Date.now() / 1000) + 600;
        const token = mint({ sub: 'ops', exp });
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const signedIn = await ask('/login', { method: 'POST', headers, body: `token=${token}` });
        expect(signedIn.statusCode).toBe(303);
        const [cookie] = signedIn.headers['set-cookie']!;
        expect(cookie).toMatch(/^__Host-authlog=.*; Secure$/);
        const page = await ask('/', { headers: { cookie: cookie!.split(';')[0]! } });
        expect(page.statusCode).toBe(200);
        expect(await text(page)).toContain('authlog.page/1');
        const events = await ask('/api/events', { headers: { authorization: `Bearer ${token}` } });
        // A proxy that gathers them would hold back the first for as long as the stream is open.
        const first = await new Promise<string>((resolve) => {
          events.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
        });
        events.destroy();
        expect(first).toContain('retry:');
      });

      test('under another name nobody is served', async () => {
        const ask = await proxied((...where) => startProxy(program, ...where));
        const formOf = async (host: string): Promise<boolean> =>
          (await text(await ask('/', { headers: { host, accept: 'text/html' } }))).includes(
            '<form',
          );
        expect(await formOf('other.example.org')).toBe(false);
        expect(await formOf(NAME)).toBe(true);
      });
    });
  },
);
