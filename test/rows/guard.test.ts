import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createRules } from '../../src/guard/rules-file.ts';
import { createPeers } from '../../src/guard/peers.ts';
import { ask, open, serve, statuses, talk } from '../guard/serving.ts';
import { BIN } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { mint, SECRET } from '../support/tokens.ts';

/** Good for an hour of the machine's clock. */
const fresh = (more: object = {}, secret: string = SECRET): string =>
  mint({ sub: 'ada', exp: Math.floor(Date.now() / 1000) + 3600, ...more }, { secret });
const good = fresh();
const bearer = `Authorization: Bearer ${good}`;
const rules = createRules({
  rules: [
    { path: '/', scopes: ['app'] },
    { path: '/open', public: true },
    { path: '/admin', roles: ['admin'] },
  ],
});

test('row 113: no, malformed and duplicated Authorization are 401, with a challenge each', async () => {
  const { port, log } = await serve();
  const reasons = async (...fields: string[]): Promise<unknown> => {
    const answer = await ask(port, fields);
    expect(statuses(answer)).toEqual([401]);
    expect(answer).toContain('\r\nWWW-Authenticate: Bearer realm="authlog"');
    expect(answer.endsWith('\r\n\r\naccess denied\n')).toBe(true);
    return log.events.at(-1)!.reason;
  };
  expect(await reasons()).toBe('missing_token');
  expect(await reasons('Authorization:')).toBe('malformed_authorization');
  expect(await reasons('Authorization: Bearer')).toBe('malformed_authorization');
  expect(await reasons(`Authorization: ${good}`)).toBe('bad_scheme');
  expect(await reasons(`Authorization: Basic eA==`)).toBe('bad_scheme');
  expect(await reasons('Authorization: Bearer a b')).toBe('malformed_authorization');
  // The parser of Node keeps the first of two and says nothing.
  expect(await reasons(bearer, 'Authorization: Bearer x')).toBe('duplicate_authorization');
  expect(await reasons(bearer, 'authorization:')).toBe('duplicate_authorization');
  expect(await reasons(bearer, bearer)).toBe('duplicate_authorization');
  expect(statuses(await ask(port, [bearer]))).toEqual([204]);
});

test('row 114: a header over the limit, a token of 1 MB and 10,000 headers are refused, and the next is served', async () => {
  const { port, log } = await serve();
  const long = `Authorization: Bearer ${'a'.repeat(17_000)}`;
  expect(statuses(await ask(port, [long]))).toEqual([401]);
  expect(log.events.at(-1)!.verdict).toBe('oversized');
  // Larger than what is read at all: there is no event, but an answer that a proxy understands.
  const huge = await ask(port, [`Authorization: Bearer ${'a'.repeat(1 << 20)}`]);
  expect(huge === '' || statuses(huge)[0] === 401).toBe(true);
  const crowd = Array.from({ length: 10_000 }, (_, i) => `X-${i}: 1`);
  const crowded = await ask(port, [bearer, ...crowd]);
  expect(crowded === '' || [401, 403].includes(statuses(crowded)[0]!)).toBe(true);
  // What the parser drops behind its limit may be a second Authorization field.
  const some = crowd.slice(0, 120);
  expect(statuses(await ask(port, [bearer, ...some, 'Authorization: Bearer x']))).toEqual([403]);
  expect(log.events.at(-1)!.reason).toBe('too_many_headers');
  expect(statuses(await ask(port, [bearer, ...crowd.slice(0, 90)]))).toEqual([204]);
});

test('row 115: slow, idle and half-open connections are closed while others are served', async () => {
  const { port } = await serve();
  const start = Date.now();
  const slow = Array.from({ length: 50 }, () => {
    const wire = open(port);
    wire.socket.write('GET /verify HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    return wire;
  });
  const drip = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write('a');
  }, 500);
  const idle = Array.from({ length: 20 }, () => open(port));
  const half = open(port);
  half.socket.end(`GET /verify HTTP/1.1\r\nHost: a\r\n${bearer}\r\n\r\n`);
  expect(statuses(await half.closed)).toEqual([204]);
  let served = 0;
  const over = new AbortController();
  const others = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      expect(statuses(await ask(port, [bearer]))).toEqual([204]);
      served++;
      await sleep(20);
    }
  })();
  const texts = await Promise.all([...slow, ...idle].map(({ closed }) => closed));
  clearInterval(drip);
  over.abort();
  await others;
  expect(served).toBeGreaterThan(10);
  expect(Date.now() - start).toBeLessThan(15_000);
  for (const text of texts) expect([[], [408]]).toContainEqual(statuses(text));
  const request = (token: string): string =>
    `GET /verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n`;
  const pipelined = await talk(
    port,
    `${request(good)}\r\n${request('x')}\r\n${request(good)}Connection: close\r\n\r\n`,
  );
  expect(statuses(pipelined)).toEqual([204, 401, 204]);
}, 40_000);

test('row 116: requests that two parsers may cut differently are refused and end the connection', async () => {
  const { port } = await serve();
  const smuggled = `GET /verify HTTP/1.1\r\nHost: a\r\n${bearer}\r\n\r\n`;
  const send = async (fields: string): Promise<number[]> =>
    statuses(
      await talk(port, `POST /verify HTTP/1.1\r\nHost: a\r\n${bearer}\r\n${fields}${smuggled}`),
    );
  const length = `Content-Length: ${smuggled.length}\r\n`;
  for (const [fields, status] of [
    [`${length}Transfer-Encoding: chunked\r\n\r\n`, 400],
    [`${length}Content-Length: 0\r\n\r\n`, 400],
    ['X: a\nY: b\r\n\r\n', 400],
    ['X: a\r\n b\r\n\r\n', 400],
    ['Transfer-Encoding : chunked\r\n\r\n', 400],
    ['Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 403],
    [`${length}\r\n`, 403],
    [`${length}Expect: 100-continue\r\n\r\n`, 403],
    [`Expect: something\r\n\r\n`, 403],
  ] as const) {
    const found = await send(fields);
    // One answer: what follows is never taken for a request of its own.
    expect([fields, found]).toEqual([fields, [status]]);
  }
  const unknown = await send('Transfer-Encoding: xchunked\r\n\r\n');
  expect([[400], [403]]).toContainEqual(unknown);
  const asked = await ask(port, [bearer, 'Transfer-Encoding: xchunked']);
  expect([[400], [403]]).toContainEqual(statuses(asked));
  expect(statuses(await talk(port, `CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n`))).toEqual([403]);
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', bearer];
  const upgraded = `GET /verify HTTP/1.1\r\nHost: a\r\n${upgrade.join('\r\n')}\r\n\r\n`;
  const last = `GET /verify HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
  // Never upgraded: answered as the plain question that it is, and nothing after it.
  expect(statuses(await talk(port, upgraded + last))).toEqual([204]);
});

test('row 117: fields that anybody can send never grant access', async () => {
  const claimed = ['X-Original-URI: /open', 'X-Original-Method: GET', 'X-Forwarded-For: 127.0.0.1'];
  const identity = ['X-Auth-User: root', 'X-Auth-Roles: admin', 'User-Agent: kube-probe/1.0'];
  const stranger = await serve({ rules, peers: createPeers(['192.0.2.1']) });
  for (const target of ['/verify', '/verify/open', '/readyz', '/open', '/envoy/open', '/metrics']) {
    const answer = await ask(stranger.port, [...claimed, ...identity, bearer], target);
    expect([target, ...statuses(answer)]).toEqual([target, 403]);
    expect(answer.toLowerCase()).not.toContain('x-auth-');
  }
  expect(stranger.log.events.at(-1)).toMatchObject({
    reason: 'untrusted_peer',
    ip: '127.0.0.1',
    path: null,
  });

  const { port, log } = await serve({ rules, envoyPrefix: '/envoy' });
  const status = async (fields: readonly string[], target?: string): Promise<number> =>
    statuses(await ask(port, [...identity, ...fields], target))[0]!;
  expect(await status(['X-Original-URI: /admin'])).toBe(401);
  expect(await status(['X-Original-URI: /admin', bearer])).toBe(403);
  expect(log.events.at(-1)!.reason).toBe('insufficient_role');
  expect(await status(['X-Original-URI: /admin', 'X-Forwarded-Uri: /open'])).toBe(403);
  expect(log.events.at(-1)!.reason).toBe('ambiguous_path');
  expect(await status(['X-Original-URI: /admin', 'X-Original-URI: /open'])).toBe(403);
  expect(await status(['X-Original-URI: /open/../admin'])).toBe(403);
  // No path at all: nothing is public.
  expect(await status([])).toBe(401);
  expect(await status([bearer])).toBe(403);
  expect(log.events.at(-1)!.reason).toBe('no_path');
  // The path that Envoy asks about is its own, whatever the client's fields say.
  expect(await status(['X-Original-URI: /open', 'X-Forwarded-Uri: /open'], '/envoy/admin')).toBe(
    401,
  );
  expect(await status([], '/envoy/open')).toBe(204);
  // Probes are no decision, and no way in.
  expect(await status([], '/healthz')).toBe(200);
  for (const target of ['/healthz', '/readyz', '/healthz?x', '/envoy', '/x', 'http://a/healthz']) {
    expect([target, await status(['X-Original-URI: /admin'], target)]).toEqual([target, 403]);
  }
  const granted = await ask(port, ['X-Original-URI: /open', ...identity, bearer]);
  expect(granted).toContain('\r\nx-auth-user: ada\r\n');
  expect(granted).not.toContain('root');
});

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly stderr: () => string;
  readonly ended: Promise<number | null>;
}

/** The built program as its own process, once it listens. */
const start = async (folder: string, ...flags: string[]): Promise<Running> => {
  const child = spawn(
    process.execPath,
    [BIN, 'guard', '--listen', '127.0.0.1:0', '--secret-file', 'secret', ...flags],
    { cwd: folder, env: { PATH: process.env['PATH'] ?? '' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    text += data;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const port = await until(() => /listens on 127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
  return { child, port: Number(port), stderr: () => text, ended };
};

const until = async <T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> => {
  for (let i = 0; i < 400; i++) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(25);
  }
  throw new Error('waited in vain');
};

/** The status of one question over a kept connection; -1 where a connection that had begun an answer broke, null where none was made. */
const statusOf = (port: number, token: string, agent?: Agent): Promise<number | null> =>
  new Promise((resolve) => {
    const request = get(
      {
        port,
        host: '127.0.0.1',
        path: '/verify',
        agent,
        headers: { authorization: `Bearer ${token}`, 'x-original-uri': '/' },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode!));
      },
    );
    request.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? null : -1),
    );
  });

test('row 118: SIGTERM under load answers what was asked; SIGHUP takes new keys and keeps the old ones where the new are bad', async () => {
  const folder = tempFolder();
  const file = (name: string, text: string): void =>
    writeFileSync(`${folder}/${name}`, text, { mode: 0o600 });
  file('secret', SECRET);
  const record = ['--record', 'events.jsonl', '--rules', 'rules.json'];
  file('rules.json', '{"rules":[]}');
  const guard = await start(folder, ...record);
  const other = `other-${SECRET}`;
  expect(await statusOf(guard.port, good)).toBe(204);

  file('secret', other);
  guard.child.kill('SIGHUP');
  await until(async () => (await statusOf(guard.port, fresh({}, other))) === 204 || undefined);
  expect(await statusOf(guard.port, good)).toBe(401);

  file('rules.json', '{"rules":[{}]}');
  file('secret', SECRET);
  guard.child.kill('SIGHUP');
  await until(() => (guard.stderr().includes('reload failed') ? true : undefined));
  expect(guard.stderr()).toContain('rules[0].path');
  expect(await statusOf(guard.port, fresh({}, other))).toBe(204);
  expect(await statusOf(guard.port, good)).toBe(401);
  const ready = await ask(guard.port, [], '/readyz');
  expect(ready).toContain('ok, stale');

  file('rules.json', '{"rules":[]}');
  guard.child.kill('SIGHUP');
  await until(async () => (await statusOf(guard.port, good)) === 204 || undefined);

  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const counts = { granted: 0, others: [] as (number | null)[], refused: 0 };
  const load = Array.from({ length: 8 }, async () => {
    for (;;) {
      const status = await statusOf(guard.port, good, agent);
      if (status === null) break;
      if (status === 204) counts.granted++;
      else counts.others.push(status);
    }
  });
  await sleep(500);
  guard.child.kill('SIGTERM');
  expect(await guard.ended).toBe(0);
  await Promise.all(load);
  agent.destroy();
  expect(counts.others).toEqual([]);
  expect(counts.granted).toBeGreaterThan(50);
  const lines = readFileSync(`${folder}/events.jsonl`, 'utf8').trimEnd().split('\n');
  const granted = lines.filter((line) => line.includes('"status":204'));
  // Every answer has its record, and nothing was torn off at the end.
  expect(granted.length).toBeGreaterThanOrEqual(counts.granted);
  for (const line of lines) JSON.parse(line);
  expect(guard.stderr()).not.toMatch(/internal error|\n\s+at /);
}, 60_000);
