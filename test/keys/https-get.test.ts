import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpsGet } from '../../src/keys/https-get.ts';
import { makeCertificate } from './certificate.ts';

const HOST = 'keys.example.test';

const tls = makeCertificate(HOST);
if (tls === null)
  process.stderr.write('skipped: https-get.test.ts needs openssl for a certificate\n');

describe.skipIf(tls === null)('an HTTPS GET to a pinned address', () => {
  let server: Server;
  let port = 0;
  const seen: (string | undefined)[] = [];
  const loopback = [{ address: '127.0.0.1', family: 4 }];
  const url = (path: string, host = HOST): URL => new URL(`https://${host}:${port}${path}`);

  beforeAll(async () => {
    server = createServer({ key: tls!.key, cert: tls!.cert }, (request, response) => {
      seen.push(request.url);
      if (request.url === '/moved') response.writeHead(302, { location: '/set' }).end();
      else if (request.url === '/stuck') response.writeHead(200).write('{');
      else response.end('{"keys":[]}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address === 'object') port = address?.port ?? 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = (target: URL, ca: string | undefined, signal = new AbortController().signal) =>
    httpsGet(target, loopback, signal, ca);

  test('reaches the address that it was given, whatever the name would resolve to', async () => {
    const answer = await get(url('/set'), tls!.cert);
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body ?? []) chunks.push(chunk);
    expect([answer.status, Buffer.concat(chunks).toString()]).toEqual([200, '{"keys":[]}']);
  });

  test('a redirect comes back as it is', async () => {
    const before = seen.length;
    expect((await get(url('/moved'), tls!.cert)).status).toBe(302);
    expect(seen.slice(before)).toEqual(['/moved']);
  });

  test('a certificate that is not trusted, or is for another name, ends the connection', async () => {
    const before = seen.length;
    await expect(get(url('/set'), undefined)).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    await expect(get(url('/set', 'other.example.test'), tls!.cert)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(seen.length).toBe(before);
  });

  test('an abort in the middle of the body ends the reading', async () => {
    const late = new AbortController();
    const answer = await get(url('/stuck'), tls!.cert, late.signal);
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) if (chunk.length > 0) late.abort();
    })();
    await expect(reading).rejects.toThrow();
  });

  test('an abort with the body left unread disturbs nobody', async () => {
    const late = new AbortController();
    await get(url('/stuck'), tls!.cert, late.signal);
    late.abort();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  });
});
