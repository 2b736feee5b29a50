import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { ROOT, runCli } from '../support/cli.ts';
import { claims, mint, NOW, NOW_S } from '../support/tokens.ts';
import { BEARER, bodyOf, eventAgo, listening, PLACE, serveEvents } from './serving.ts';

const EVENTS = [
  eventAgo(60, { user_id: 'ada', roles: ['admin'], email: 'ada@example.com' }),
  eventAgo(120, { user_id: 'ada', token_id: 'BBBBBBBBBBBBBBBB', ip: '198.51.100.9' }),
  eventAgo(7200, { user_id: 'bob', verdict: 'expired', exp: NOW_S - 9000, status: 401 }),
  eventAgo(90, {
    user_id: 'ada',
    verdict: 'bad_signature',
    key: null,
    token_id: 'CCCCCCCCCCCCCCCC',
  }),
];
const ROUTES = [
  '/',
  '/search?q=ada',
  '/users/string:ada',
  '/api/summary',
  '/api/findings',
  '/api/users/string:ada',
  '/api/search?q=ada',
  '/api/events',
  '/nowhere',
  '/favicon.ico',
];

describe('who may look', () => {
  test('nobody without a token that verifies, at no address, by no method', async () => {
    const { ask } = await serveEvents(EVENTS);
    const bad: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${mint(claims({ exp: NOW_S - 1 }))}` },
      { authorization: `Bearer ${mint(claims(), { secret: 'x'.repeat(64) })}` },
      { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
      { cookie: 'authlog=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
    ];
    for (const headers of bad) {
      for (const route of ROUTES) {
        for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']) {
          const response = await ask(route, { method, headers });
          expect(response.status, `${method} ${route}`).toBe(401);
          const text = await response.text();
          expect(text).not.toContain('ada');
          expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="authlog"/);
        }
      }
    }
  });

  test('a browser is shown the form, with the same status', async () => {
    const { ask } = await serveEvents(EVENTS);
    const response = await ask('/users/string:ada', { headers: { accept: 'text/html,*/*' } });
    expect(response.status).toBe(401);
    const page = await response.text();
    expect(page).toContain('<form method="post" action="/login">');
    expect(page).toContain('value="/users/string:ada"');
  });

  test('a rule can ask for a role, page by page', async () => {
    const rules = { rules: [{ path: '/api', roles: ['auditor'] }], default: 'token' };
    const { ask } = await serveEvents(EVENTS, { rules });
    const plain = { authorization: `Bearer ${mint(claims({ role: 'user' }))}` };
    expect((await ask('/api/summary', { headers: plain })).status).toBe(403);
    expect((await ask('/', { headers: plain })).status).toBe(200);
    expect((await ask('/api/summary')).status).toBe(200);
  });

  test('only under a name of its own', async () => {
    const { app } = await serveEvents(EVENTS, { publicUrls: ['https://authlog.example.org'] });
    const status = async (origin: string): Promise<number> => {
      const request = new Request(`${origin}/api/summary`, { headers: BEARER });
      return (await app.fetch(request, { address: null, target: '/api/summary' })).status;
    };
    expect(await status('http://evil.example')).toBe(421);
    expect(await status('http://127.0.0.1.evil.example')).toBe(421);
    expect(await status('http://authlog.example.org')).toBe(200);
    expect(await status('http://localhost:9999')).toBe(200);
  });
});

describe('what is answered', () => {
  test.each(['', '?since=1h', '?until=2023-09-22T09:00:00Z', '?since=24h&until=10m'])(
    'summary and findings%s are what the commands give',
    async (query) => {
      const { ask, url } = await serveEvents(EVENTS);
      const flags = [...new URLSearchParams(query)].flatMap(([name, value]) => [
        `--${name}`,
        value,
      ]);
      const options = ['--json', '-q', '--now', NOW, '--config', '-', ...flags];
      const summary = await runCli([
        'analyze',
        url,
        ...options.filter((o) => o !== '--config' && o !== '-'),
      ]);
      expect(await (await ask(`/api/summary${query}`)).text()).toBe(summary.stdout);
      const findings = await runCli(['audit', url, ...options]);
      expect(await (await ask(`/api/findings${query}`)).text()).toBe(findings.stdout);
    },
  );

  test.each([
    ['user', '/api/users/string:ada'],
    ['search', '/api/search?q=ada'],
    ['search', '/api/search?q=BBBBBBBBBBBBBBBB'],
    ['search', '/api/search?q=203.0.113.7'],
  ])('what a %s gives fits its schema', async (name, target) => {
    const { ask } = await serveEvents(EVENTS);
    const schema = JSON.parse(
      readFileSync(`${ROOT}schema/authlog.${name}-1.json`, 'utf8'),
    ) as object;
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const answer = await bodyOf(await ask(target));
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
  });

  test('a user by tokens that verified; what only claims to be the user stands apart', async () => {
    const { ask } = await serveEvents(EVENTS);
    const user = await bodyOf(await ask('/api/users/string:ada'));
    const summary = await bodyOf(await ask('/api/summary'));
    const row = (summary['users'] as { user_id: string; tokens: number }[]).find(
      ({ user_id }) => user_id === 'ada',
    );
    expect(user['uses']).toBe(row?.tokens);
    expect(user).toMatchObject({
      email: 'ada@example.com',
      events: 3,
      verdicts: { valid: 2 },
      claimed: { uses: 1, verdicts: { bad_signature: 1 } },
    });
    expect((user['tokens'] as object[]).length).toBe(2);
    expect((user['addresses'] as { ip: string }[]).map(({ ip }) => ip)).toEqual([
      '203.0.113.7',
      '198.51.100.9',
    ]);
    expect((await ask('/api/users/string:nobody')).status).toBe(404);
    expect((await ask('/api/users/string:bob?since=1h')).status).toBe(404);
  });

  test('a search finds part of a user, a whole token_id, a whole address', async () => {
    const { ask } = await serveEvents(EVENTS);
    const found = async (q: string): Promise<Record<string, unknown>> =>
      bodyOf(await ask(`/api/search?q=${q}`));
    expect((await found('AD'))['users']).toMatchObject([
      { user_id: 'ada', tokens: 2, claimed: false },
      { user_id: 'ada', tokens: 1, claimed: true },
    ]);
    expect((await found('CCCCCCCCCCCCCCCC'))['tokens']).toMatchObject([
      { uses: 1, users: [{ user_id: 'ada', claimed: true }] },
    ]);
    expect((await found('203.0.113.7'))['addresses']).toMatchObject([{ uses: 3 }]);
    expect((await found('203.0.113.70'))['addresses']).toEqual([]);
  });

  test('numbers that have not changed are not sent again', async () => {
    const { ask, add } = await serveEvents(EVENTS);
    const etag = (await ask('/api/summary')).headers.get('etag')!;
    const again = (): Promise<Response> =>
      ask('/api/summary', { headers: { ...BEARER, 'if-none-match': etag } });
    expect((await again()).status).toBe(304);
    await add(eventAgo(30, { user_id: 'eve' }));
    // What took long to make is not made again at once.
    await expect.poll(async () => (await again()).status, { timeout: 10_000 }).toBe(200);
  });

  test('every answer has the strict headers, and none lets another site read it', async () => {
    const { ask } = await serveEvents(EVENTS);
    for (const target of [
      ...ROUTES.filter((route) => route !== '/api/events'),
      '/api/summary?x=1',
    ]) {
      const { headers } = await ask(target, {
        headers: { ...BEARER, origin: 'http://evil.example' },
      });
      expect(headers.get('content-security-policy'), target).toMatch(/^default-src 'none'/);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

const HOSTILE = [
  '/api/summary?since=soon',
  '/api/summary?since=1h&since=2h',
  '/api/summary?since[]=1h',
  '/api/summary?since=%00',
  '/api/summary?since=1h%0A',
  '/api/summary?since=%FF',
  '/api/summary?since=%',
  '/api/summary?since=9999999999999999999',
  `/api/summary?since=${'9'.repeat(200)}d`,
  '/api/summary?since=2026-02-02&until=2026-02-01',
  '/api/summary?__proto__=1',
  '/api/summary?constructor=1',
  '/api/summary?limit=1e99',
  `/api/summary?since=${'1'.repeat(3000)}`,
  '/api/findings?rule=AL001',
  '/api/search',
  '/api/search?q=',
  '/api/search?q=%20',
  '/api/search?q=a&q=b',
  '/api/search?q=a%00b',
  `/api/search?q=${'a'.repeat(257)}`,
  '/api/users/ada',
  '/api/users/number:ada',
  '/api/users/json:{',
  '/api/users/json:[1]',
  '/api/users/string:a%00b',
  '/api/users/%ZZ',
  '/api/users/%FF',
  '/api/../etc/passwd',
  '/api/%2e%2e/%2e%2e/etc/passwd',
  '/users/..%2f..',
  '/users\\..\\x',
  '//evil.example/',
  `/${'a'.repeat(5000)}`,
  '/?since=soon',
  '/users/toString',
];

describe('hostile questions', () => {
  test.each(HOSTILE)('%s gets 400 and one sentence', async (target) => {
    const { app, faults } = await serveEvents(EVENTS);
    // As the server does: the request has what a parser made of it.
    const request = new Request(new URL(target.replace(/^\/\//, '/'), PLACE), { headers: BEARER });
    const response = await app.fetch(request, { address: null, target });
    const text = await response.text();
    expect(response.status, text).toBe(400);
    expect((JSON.parse(text) as { error: string }).error).toMatch(/^[A-Z][^\n]*\.$/);
    expect(faults).toEqual([]);
  });

  test('what is not there is 404, what is no question 405', async () => {
    const { ask } = await serveEvents(EVENTS);
    for (const target of ['/nowhere', '/api', '/api/users/', '/api/summary/x', '/login']) {
      expect([400, 404], target).toContain((await ask(target)).status);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await ask('/api/summary', { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    }
  });

  test('over the wire too: dots, two hosts, no host, a long header', async () => {
    const served = await serveEvents(EVENTS);
    const origin = await listening(served);
    const { talk, statuses } = await import('../guard/serving.ts');
    const port = Number(new URL(origin).port);
    const say = async (first: string, ...fields: readonly string[]): Promise<number[]> =>
      statuses(await talk(port, [first, ...fields, 'Connection: close', '', ''].join('\r\n')));
    const host = `Host: 127.0.0.1:${port}`;
    const bearer = `Authorization: ${BEARER.authorization}`;
    expect(await say('GET /api/summary HTTP/1.1', host, bearer)).toEqual([200]);
    expect(await say('GET /api/summary HTTP/1.1', host)).toEqual([401]);
    expect(await say('GET /api/summary HTTP/1.1', host, bearer, bearer)).toEqual([401]);
    expect(await say('GET /users/../../etc/passwd HTTP/1.1', host, bearer)).toEqual([400]);
    expect(await say('GET /api/summary HTTP/1.1', bearer)).toEqual([400]);
    expect(await say('GET /api/summary HTTP/1.1', 'Host: evil.example', bearer)).toEqual([421]);
    expect(await say('GET http://evil.example/api/summary HTTP/1.1', host, bearer)).toEqual([421]);
    expect(await say('GET / HTTP/1.1', host, `X: ${'a'.repeat(40_000)}`)).toEqual([431]);
  });
});
