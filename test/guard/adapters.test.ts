import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { connect, type AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { fastify as createFastify } from 'fastify';
import { Hono } from 'hono';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Auth } from '../../src/guard/adapters/auth.ts';
import { guardFastify } from '../../src/guard/adapters/fastify.ts';
import { checkRequest, guardFetch } from '../../src/guard/adapters/fetch.ts';
import { guardMiddleware, type NodeRequest } from '../../src/guard/adapters/node.ts';
import { createGuard, type Guard } from '../../src/guard/guard.ts';
import { createRules } from '../../src/guard/rules-file.ts';
import { loadKeyRing } from '../../src/keys/ring.ts';
import { nodeKeyIo } from '../../src/keys/io.ts';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import { claims, mint, NOW_S, SECRET } from '../support/tokens.ts';

/** Express has no types of its own; this is what the tests use of it. */
interface ExpressApp extends RequestListener {
  (...args: Parameters<RequestListener>): void;
  use(...handlers: readonly unknown[]): void;
  get(path: string, handler: unknown): void;
}
const express = createRequire(import.meta.url)('express') as {
  (): ExpressApp;
  Router(): ExpressApp;
};

interface Guarded {
  readonly guard: Guard;
  readonly events: RecordedEvent[];
}

const RULES = createRules({
  rules: [
    { path: '/open', public: true },
    { path: '/admin', roles: ['admin'] },
    { path: '/write', scopes: ['files:write'] },
  ],
});

const guarded = async (append?: () => Promise<void>): Promise<Guarded> => {
  const options = { secretFiles: [], keyFiles: [], jwksUrls: [], algs: null };
  const io = nodeKeyIo({ AUTHLOG_SECRET: SECRET }, NOW_S);
  const sources = { ...options, secretEnv: null, secret: null, promptedSecret: null };
  const ring = (await loadKeyRing(sources, io))!;
  const events: RecordedEvent[] = [];
  const guard = createGuard({
    ring,
    rules: RULES,
    now: () => NOW_S * 1000,
    log: {
      append: async (event) => {
        await append?.();
        events.push(event);
      },
      reopen: async () => undefined,
      close: async () => undefined,
    },
  });
  return { guard, events };
};

/** Serves until the test ends; the address. */
const serve = async (listener: RequestListener): Promise<AddressInfo> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address() as AddressInfo;
};

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A request as it is written: a client library would not send two Authorization fields. */
const ask = (
  { port }: AddressInfo,
  path: string,
  fields: readonly string[] = [],
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('error', reject);
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('end', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n');
      resolve({ status: Number(head.slice(9, 12)), head: head.toLowerCase(), body });
    });
    const lines = [`GET ${path} HTTP/1.1`, 'Host: app', 'Connection: close', ...fields];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });

const bearer = (token: string): string => `Authorization: Bearer ${token}`;
const GOOD = mint(
  claims({ sub: 'Zoë', email: 'z@example.com', role: 'user', scope: 'a files:write' }),
);
const EXPIRED = mint(claims({ exp: NOW_S - 1 }));
const NONE = `${mint(claims(), { alg: 'HS256', header: '{"alg":"none"}' }).split('.').slice(0, 2).join('.')}.`;
const FORGED = mint(claims(), { secret: 'another secret, long enough for HS256 ...' });

interface Served {
  readonly address: AddressInfo;
  /** What the application behind the guard saw: who asked, or undefined where it was not set. */
  readonly seen: (Auth | null | undefined)[];
}

type Start = (guard: Guard) => Promise<Served>;

const startHttp: Start = async (guard) => {
  const seen: Served['seen'] = [];
  const protect = guardMiddleware(guard);
  const address = await serve((request, response) => {
    const asking: typeof request & NodeRequest = request;
    void protect(asking, response, () => {
      seen.push(asking.auth);
      response.end('in');
    });
  });
  return { address, seen };
};

const startExpress: Start = async (guard) => {
  const seen: Served['seen'] = [];
  const app = express();
  app.use(guardMiddleware(guard));
  app.use((request: NodeRequest, response: { end(text: string): void }) => {
    seen.push(request.auth);
    response.end('in');
  });
  return { address: await serve(app), seen };
};

const startFetch: Start = async (guard) => {
  const seen: Served['seen'] = [];
  const handler = guardFetch(
    guard,
    (_request, auth) => {
      seen.push(auth);
      return new Response('in');
    },
    { ip: () => '127.0.0.1' },
  );
  const server = createAdaptorServer({ fetch: handler });
  return { address: await serve(server.listeners('request')[0] as RequestListener), seen };
};

const startHono: Start = async (guard) => {
  const seen: Served['seen'] = [];
  const app = new Hono<{ Variables: { auth: Auth | null } }>();
  app.use(async (c, next) => {
    const { auth, response } = await checkRequest(guard, c.req.raw, { ip: '127.0.0.1' });
    if (response !== null) return response;
    c.set('auth', auth);
    return next();
  });
  app.get('*', (c) => {
    seen.push(c.get('auth'));
    return c.text('in');
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  return { address: await serve(server.listeners('request')[0] as RequestListener), seen };
};

const startFastify: Start = async (guard) => {
  const seen: Served['seen'] = [];
  const app = createFastify();
  app.addHook('onRequest', guardFastify(guard));
  app.get('*', (request, reply) => {
    seen.push((request as typeof request & { auth?: Auth | null }).auth);
    void reply.send('in');
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  return { address: app.server.address() as AddressInfo, seen };
};

describe.each([
  ['http', startHttp],
  ['Express', startExpress],
  ['Fetch', startFetch],
  ['Hono', startHono],
  ['Fastify', startFastify],
])('%s', (_name, start) => {
  test('a good token passes, and the application is told whose it is', async () => {
    const { guard, events } = await guarded();
    const { address, seen } = await start(guard);
    const answer = await ask(address, '/a?secret=1', [
      bearer(GOOD),
      'User-Agent: test',
      'X-Request-Id: r1',
      'X-Forwarded-For: 192.0.2.1',
    ]);
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('in') as string });
    expect(seen).toEqual([
      {
        userId: 'Zoë',
        userIdType: 'string',
        email: 'z@example.com',
        roles: ['user'],
        scopes: ['a', 'files:write'],
        tokenId: expect.stringMatching(/^[\w-]{16}$/) as string,
        jti: null,
        issuer: null,
        audience: null,
        expiresAt: NOW_S + 3600,
      },
    ]);
    expect(events).toMatchObject([
      {
        event: 'access_allowed',
        method: 'GET',
        path: '/a',
        ip: '127.0.0.1',
        user_agent: 'test',
        request_id: 'r1',
      },
    ]);
    expect(JSON.stringify(events)).not.toContain(GOOD.split('.')[2]);
  });

  test.each([
    ['no token', '/a', [], 401, 'missing_token'],
    ['an expired token', '/a', [bearer(EXPIRED)], 401, null],
    ['a forged token', '/a', [bearer(FORGED)], 401, null],
    ['a token without signature', '/a', [bearer(NONE)], 401, null],
    ['another scheme', '/a', ['Authorization: Basic YTpi'], 401, 'bad_scheme'],
    ['an oversized token', '/a', [bearer(`${'a'.repeat(9000)}.${'b'.repeat(9000)}.c`)], 0, null],
    ['a role that is missing', '/admin', [bearer(GOOD)], 403, 'insufficient_role'],
    ['a path that is spelt strangely', '/a/%2e%2e/admin', [bearer(GOOD)], 403, null],
    ['bad credentials on a public path', '/open', [bearer(EXPIRED)], 401, null],
  ])('%s is refused before the application', async (_what, path, fields, status, reason) => {
    const { guard, events } = await guarded();
    const { address, seen } = await start(guard);
    const answer = await ask(address, path, fields);
    expect(seen).toEqual([]);
    if (status === 0) {
      // Node's own limit on fields comes first.
      expect(answer.status).toBe(431);
      return;
    }
    expect(answer.status).toBe(status);
    expect(events).toMatchObject([{ event: 'access_denied', status }]);
    if (reason !== null) expect(events[0]!.reason).toBe(reason);
    if (status === 401)
      expect(answer.head).toContain('\r\nwww-authenticate: bearer realm="authlog"');
    expect(answer.body).toContain('access denied');
  });

  test('two Authorization fields are refused, in either order, also where one is empty', async () => {
    const { guard } = await guarded();
    const { address, seen } = await start(guard);
    const pairs = [
      [bearer(GOOD), bearer(FORGED)],
      [bearer(FORGED), bearer(GOOD)],
      [bearer(GOOD), 'authorization:'],
      ['authorization:', bearer(GOOD)],
      [bearer(GOOD), bearer(GOOD)],
    ];
    for (const fields of pairs) {
      expect((await ask(address, '/a', fields)).status).toBe(401);
    }
    expect(seen).toEqual([]);
  });

  test('a public path needs no token, and tells the application so', async () => {
    const { guard } = await guarded();
    const { address, seen } = await start(guard);
    expect((await ask(address, '/open')).status).toBe(200);
    expect(seen).toEqual([null]);
  });

  test('what cannot be recorded is not granted', async () => {
    const { guard } = await guarded(() => Promise.reject(new Error('disk full')));
    const { address, seen } = await start(guard);
    expect((await ask(address, '/a', [bearer(GOOD)])).status).toBe(403);
    expect(seen).toEqual([]);
  });
});

describe('the middleware', () => {
  test('rules hold for the whole path, also below a mount point', async () => {
    const { guard, events } = await guarded();
    const app = express();
    app.use('/admin', guardMiddleware(guard));
    app.use((_request: unknown, response: { end(text: string): void }) => response.end('in'));
    const address = await serve(app);
    expect((await ask(address, '/admin/users', [bearer(GOOD)])).status).toBe(403);
    expect(events).toMatchObject([{ path: '/admin/users', reason: 'insufficient_role' }]);
  });

  test('an error of a handler behind it reaches the handler of errors of Express', async () => {
    const { guard } = await guarded();
    const app = express();
    app.use(guardMiddleware(guard));
    app.get('/a', () => {
      throw new Error('broken');
    });
    app.use(
      (
        error: Error,
        _request: unknown,
        response: { status(code: number): { end(text: string): void } },
        _next: unknown,
      ) => response.status(500).end(error.message),
    );
    const answer = await ask(await serve(app), '/a', [bearer(GOOD)]);
    expect(answer).toMatchObject({ status: 500, body: 'broken' });
  });

  test('the client is whom the option names; an IPv4 address is written as one', async () => {
    const { guard, events } = await guarded();
    const named = guardMiddleware(guard, { ip: () => '192.0.2.7' });
    const plain = guardMiddleware(guard);
    const request = (): NodeRequest => ({
      rawHeaders: ['X-Forwarded-For', '192.0.2.1'],
      socket: { remoteAddress: '::ffff:192.0.2.9' },
    });
    const response = { writeHead: () => undefined, end: () => undefined };
    await named(request(), response, () => undefined);
    await plain(request(), response, () => undefined);
    expect(events.map(({ ip }) => ip)).toEqual(['192.0.2.7', '192.0.2.9']);
  });

  test('who is asked for by the client does not count', async () => {
    const { guard } = await guarded();
    const request: NodeRequest = {
      rawHeaders: ['X-Auth-User', 'root'],
      url: '/open',
      method: 'GET',
      socket: {},
      auth: { userId: 'root' } as Auth,
    };
    await guardMiddleware(guard)(request, { writeHead: () => 0, end: () => 0 }, () => undefined);
    expect(request.auth).toBeNull();
  });
});

describe('Fetch', () => {
  test("an error of the handler is the caller's", async () => {
    const { guard } = await guarded();
    const handler = guardFetch(guard, () => {
      throw new Error('broken');
    });
    const headers = { authorization: `Bearer ${GOOD}` };
    await expect(handler(new Request('http://app/a', { headers }))).rejects.toThrow('broken');
  });

  test('a path is judged as it is written, before a parser makes it another', async () => {
    const { guard, events } = await guarded();
    const headers = new Headers({ authorization: `Bearer ${GOOD}` });
    const request = { headers, method: 'GET', url: 'http://app/a/../admin?x' } as Request;
    expect((await checkRequest(guard, request)).response?.status).toBe(403);
    expect(events).toMatchObject([{ path: '/a/../admin', reason: 'ambiguous_path' }]);
  });

  test('a refusal is not to be stored', async () => {
    const { guard } = await guarded();
    const { response } = await checkRequest(guard, new Request('http://app/a'));
    expect(response!.headers.get('cache-control')).toBe('no-store');
    expect(await response!.text()).toBe('access denied\n');
  });

  test('a scope that a field has to escape arrives as it was', async () => {
    const { guard } = await guarded();
    const token = mint(claims({ scope: 'files:write café 100%' }));
    const headers = { authorization: `Bearer ${token}` };
    const { auth } = await checkRequest(guard, new Request('http://app/write', { headers }));
    expect(auth!.scopes).toEqual(['files:write', 'café', '100%']);
  });
});

describe('Fastify', () => {
  test('rules hold for the path that was asked for, not for what it is rewritten to', async () => {
    const { guard } = await guarded();
    const app = createFastify({ rewriteUrl: () => '/a' });
    onTestFinished(() => app.close());
    app.addHook('onRequest', guardFastify(guard, { ip: (request) => request.originalUrl }));
    app.get('/a', (_request, reply) => void reply.send('in'));
    const headers = { authorization: `Bearer ${GOOD}` };
    expect((await app.inject({ url: '/admin', headers })).statusCode).toBe(403);
    expect((await app.inject({ url: '/b', headers })).statusCode).toBe(200);
  });
});
