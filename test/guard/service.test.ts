import { existsSync, statSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen, parsePlace } from '../../src/guard/listen.ts';
import { createPeers } from '../../src/guard/peers.ts';
import { tempFolder } from '../support/folder.ts';
import { mint } from '../support/tokens.ts';
import { ringOf } from './making.ts';
import { ask, open, serve, statuses } from './serving.ts';

const good = mint({ sub: 'ada', exp: Math.floor(Date.now() / 1000) + 3600 });
const bearer = `Authorization: Bearer ${good}`;

describe('a place to listen', () => {
  test.each([
    ['127.0.0.1:8787', { host: '127.0.0.1', port: 8787, path: null }],
    ['[::1]:0', { host: '::1', port: 0, path: null }],
    ['localhost:1', { host: 'localhost', port: 1, path: null }],
    ['unix:/run/a.sock', { host: null, port: null, path: '/run/a.sock' }],
  ])('%s', (text, place) => expect(parsePlace(text, '--listen')).toEqual(place));

  test.each(['', '8787', ':8787', '127.0.0.1', '127.0.0.1:65536', '[1.2.3.4]:1', 'unix:', 'a b:1'])(
    '%j is none',
    (text) => {
      expect(() => parsePlace(text, '--listen')).toThrow('is no place to listen');
    },
  );

  test('that is taken is said in one sentence', async () => {
    const taken = createNetServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const place = parsePlace(`127.0.0.1:${port}`, '--listen');
    await expect(listen(createServer(), place, '--listen')).rejects.toMatchObject({
      code: 'USAGE',
      message: `cannot listen on 127.0.0.1:${port}: EADDRINUSE`,
    });
  });

  test('a unix socket has mode 0660, its peer is trusted, and a dead one is replaced', async () => {
    const path = `${tempFolder()}/guard.sock`;
    // A process that is killed leaves its socket behind.
    spawnSync(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    expect(existsSync(path)).toBe(true);
    const place = parsePlace(`unix:${path}`, '--listen');
    const { service } = await serve({ listen: place, peers: createPeers([]) });
    expect(statSync(path).mode & 0o777).toBe(0o660);
    const status = await new Promise((resolve) => {
      const headers = { authorization: `Bearer ${good}` };
      get({ socketPath: path, path: '/verify', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });
    expect(status).toBe(204);
    await expect(listen(createServer(), place, '--listen')).rejects.toThrow('EADDRINUSE');
    await service.stop();
    expect(existsSync(path)).toBe(false);
  });
});

describe('probes', () => {
  test('ready says what is missing', async () => {
    const { port } = await serve();
    expect(await ask(port, [], '/healthz')).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nok\n$/);
    expect(await ask(port, [], '/readyz')).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nok\n$/);
    const keyless = await serve({ ring: { keys: [], notices: [] } });
    expect(await ask(keyless.port, [], '/readyz')).toMatch(/^HTTP\/1\.1 503 [^]*no keys\n$/);
    expect(statuses(await ask(keyless.port, [bearer]))).toEqual([401]);
  });

  test('a record that fails is refused, said once and shown', async () => {
    const { port, log, alarms } = await serve();
    log.isBroken = true;
    expect(statuses(await ask(port, [bearer]))).toEqual([403]);
    expect(statuses(await ask(port, [bearer]))).toEqual([403]);
    expect(alarms).toEqual(['a decision could not be recorded']);
    expect(await ask(port, [], '/readyz')).toMatch(/^HTTP\/1\.1 503 [^]*recorder failed\n$/);
  });
});

test('a drain answers what is under way, and ends kept connections', async () => {
  const { port, service, log } = await serve();
  const question = `GET /verify HTTP/1.1\r\nHost: a\r\n${bearer}\r\n\r\n`;
  const kept = open(port);
  kept.socket.write(question);
  await sleep(100);
  expect(statuses(kept.text())).toEqual([204]);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  log.append = () => held;
  const busy = open(port);
  busy.socket.write(question);
  await sleep(100);
  const stopped = service.stop();
  await sleep(800);
  expect(statuses(await ask(port, [bearer]))).toEqual([]);
  expect(busy.text()).toBe('');
  release();
  expect(statuses(await busy.closed)).toEqual([204]);
  expect(statuses(await kept.closed)).toEqual([204]);
  await stopped;
});

test('metrics have a listener of their own and count by fixed words', async () => {
  const { port, service } = await serve({ metricsListen: parsePlace('127.0.0.1:0', '--metrics') });
  await ask(port, [bearer, 'X-Original-URI: /a']);
  await ask(port, [`Authorization: Bearer ${good}x`]);
  await ask(port, []);
  await service.reload(() => Promise.reject(new Error('bad')));
  await service.reload(() => Promise.resolve({ ring: ringOf() }));
  const response = await fetch(`http://${service.metricsAddress}/metrics`);
  const text = await response.text();
  const total = 'authlog_guard_decisions_total';
  expect(text).toContain(`${total}{status="204",verdict="valid",reason="none"} 1`);
  expect(text).toContain(
    `${total}{status="401",verdict="bad_signature",reason="signature_length"} 1`,
  );
  expect(text).toContain(`${total}{status="401",verdict="none",reason="missing_token"} 1`);
  expect(text).toContain('authlog_guard_decision_duration_seconds_count 3');
  expect(text).toContain('authlog_guard_reload_failures_total 1');
  expect(text).toContain('authlog_guard_keys 1');
  expect(text).toContain('authlog_build_info{version="1.2.3"');
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  expect((await fetch(`http://${service.metricsAddress}/verify`)).status).toBe(404);
});
