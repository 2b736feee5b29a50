import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, type Running } from '../support/servers.ts';
import {
  analyzed,
  badTokens,
  bearer,
  issue,
  startProxied,
  type Ports,
  type Proxied,
} from './proxied.ts';

/** Where proxies differ. */
export interface Proxy {
  readonly start: (ports: Ports, port: number, folder: string) => Promise<Running>;
  readonly port: () => Promise<number>;
  /** The answer to two Authorization fields, and whether the guard was asked. */
  readonly doubled: { readonly status: number; readonly isRecorded: boolean };
  /** The answer without a guard. */
  readonly unguarded: number;
}

const IDENTITY = ['user', 'user-type', 'email', 'roles', 'scopes', 'token-id', 'truncated'].map(
  (name) => `x-auth-${name}`,
);

/** The whole way, through a proxy as the example sets it up. */
export const testWalk = (proxy: Proxy): void => {
  let at: Proxied;
  let port = 0;
  let good = '';

  beforeAll(async () => {
    port = await proxy.port();
    at = await startProxied((ports, folder) => proxy.start(ports, port, folder));
    good = await issue(
      at.secretFile,
      '--user-id',
      'Zoë',
      '--email',
      'zoe@example.com',
      '--role',
      'user',
    );
  });
  afterAll(() => at?.end());

  /** The status of an answer, and what was recorded and arrived meanwhile. */
  const tell = async (target: string, fields: readonly string[], body?: string) => {
    const [recorded, arrived] = [at.events().length, at.app.arrived.length];
    const answer = await ask(port, target, fields, body);
    return {
      ...answer,
      events: at.events().slice(recorded),
      arrived: at.app.arrived.slice(arrived),
    };
  };

  test('issue, call, record, analyze: each token gets its answer and its event', async () => {
    const { expired, forged, unsigned, large } = badTokens();
    const granted = await tell('/a?secret=1', [bearer(good), 'User-Agent: test']);
    expect(granted).toMatchObject({ status: 200, body: 'from the app' });
    expect(granted.arrived).toMatchObject([
      {
        url: '/a?secret=1',
        headers: {
          'x-auth-user': 'Zo%C3%AB',
          'x-auth-user-type': 'string',
          'x-auth-email': 'zoe@example.com',
          'x-auth-roles': 'user',
        },
      },
    ]);
    expect(granted.events).toMatchObject([
      {
        event: 'access_allowed',
        verdict: 'valid',
        reason: null,
        user_id: 'Zoë',
        status: 204,
        method: 'GET',
        path: '/a',
        ip: '127.0.0.1',
        user_agent: 'test',
      },
    ]);

    expect(large.length).toBeGreaterThan(20_000);
    const refusals = [
      [[bearer(expired)], 'expired', null],
      [[bearer(forged)], 'bad_signature', null],
      [[bearer(unsigned)], 'alg_none', null],
      [[bearer(large)], 'oversized', null],
      [[], null, 'missing_token'],
      [['Authorization: Basic YTpi'], null, 'bad_scheme'],
    ] as const;
    for (const [fields, verdict, reason] of refusals) {
      const refused = await tell('/a', fields);
      expect(refused, verdict ?? reason).toMatchObject({
        status: 401,
        arrived: [],
        events: [{ event: 'access_denied', status: 401, path: '/a', verdict }],
      });
      if (reason !== null) expect(refused.events[0]!.reason).toBe(reason);
      expect(refused.head).toContain('\r\nwww-authenticate: bearer realm="authlog"');
      expect(refused.head.includes('error="invalid_token"')).toBe(verdict !== null);
    }

    const { status, isRecorded } = proxy.doubled;
    for (const fields of [
      [bearer(good), bearer(forged)],
      [bearer(forged), bearer(good)],
      [bearer(good), bearer(good)],
    ]) {
      const doubled = await tell('/a', fields);
      expect(doubled).toMatchObject({ status, arrived: [] });
      expect(doubled.events).toMatchObject(
        isRecorded ? [{ status: 401, reason: 'duplicate_authorization' }] : [],
      );
    }

    const summary = await analyzed(at.record);
    expect(summary.users).toMatchObject([
      { user_id: 'Zoë', tokens: 1, verdicts: { valid: 1 }, email: 'zoe@example.com' },
      { user_id: 'zoe', tokens: 1, verdicts: { expired: 1 } },
    ]);
    const file = JSON.stringify(at.events());
    for (const token of [good, expired, forged]) expect(file).not.toContain(token.split('.')[2]);
    expect(file).not.toContain('secret=1');
  });

  test('a user that a client makes up never reaches the application', async () => {
    const names = [...IDENTITY, 'x_auth_user', 'X-Auth_User', 'X_Auth-Roles', 'x-auth-anything'];
    const spoofed = names.map((name) => `${name}: root`);
    for (const fields of [[bearer(good)], []]) {
      const told = await tell('/open/door', [...fields, ...spoofed]);
      expect(told.status).toBe(200);
      const { headers } = told.arrived[0]!;
      for (const name of names) {
        if (name !== 'x-auth-anything') expect(headers[name.toLowerCase()], name).not.toBe('root');
      }
      expect(headers['x-auth-user'] || null).toBe(fields.length > 0 ? 'Zo%C3%AB' : null);
      expect(headers['x-auth-scopes'] || null).toBeNull();
    }
    // A field that the client calls one of its connection's is lost, or is not.
    const lost = await tell('/a', [bearer(good), 'Connection: close, X-Auth-User', ...spoofed]);
    expect(lost.status).toBe(200);
    expect([undefined, 'Zo%C3%AB']).toContain(lost.arrived[0]!.headers['x-auth-user']);
  });

  test('the path and method that count are those of the request', async () => {
    const lies = [
      ['X-Original-URI: /a', 'X-Original-Method: GET'],
      ['X-Original-URI: /open'],
      ['X_Original_URI: /open'],
      ['X-Forwarded-Uri: /a', 'X-Forwarded-Method: GET'],
      ['X-Forwarded-Uri: /open', 'X-Original-URI: /open', 'X-Forwarded-Method: GET'],
      ['X-Rewrite-Url: /open', 'X-Original-Url: /open'],
      ['Connection: close, X-Forwarded-Uri, X-Original-URI, X-Original-Method'],
    ];
    for (const lie of lies) {
      for (const target of ['/admin/users', 'DELETE /files/1']) {
        const told = await tell(target, [bearer(good), ...lie]);
        expect(told, `${target} ${lie.join()}`).toMatchObject({ status: 403, arrived: [] });
        expect(told.head).toContain('www-authenticate: bearer');
        expect(told.events).toMatchObject([
          { reason: 'insufficient_role', path: target.split(' ').at(-1) },
        ]);
      }
    }
    const spellings = ['/a/../admin', '//admin', '/%61dmin', '/admin%2f', '/ADMIN', '/admin;a=1'];
    for (const target of [...spellings, '/./admin/', '/open/%2e%2e/admin', '/admin?x=/open']) {
      const told = await tell(target, [bearer(good)]);
      expect(told, target).toMatchObject({ status: 403, arrived: [] });
    }
    expect((await tell('/files/1', [bearer(good)])).status).toBe(200);
  });

  test('who may, gets there, with the body that was sent', async () => {
    const admin = await issue(at.secretFile, '--user-id', '1', '--role', 'admin');
    const body = JSON.stringify({ text: 'ë'.repeat(40_000) });
    const told = await tell('POST /admin/users', [bearer(admin)], body);
    expect(told.status).toBe(200);
    expect(told.arrived).toMatchObject([{ method: 'POST', url: '/admin/users' }]);
    expect(told.arrived[0]!.body).toBe(body);
    const pieces = '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n';
    const chunked = ['Transfer-Encoding: chunked', bearer(admin)];
    const streamed = await tell('POST /admin/users', chunked, pieces);
    expect(streamed).toMatchObject({ status: 200, arrived: [{ body: 'hello world' }] });
  });

  test('with the guard killed, nothing passes', async () => {
    await at.guard.end('SIGKILL');
    for (const [target, fields] of [
      ['/a', [bearer(good)]],
      ['/open', []],
      ['POST /a', [bearer(good)]],
    ] as const) {
      const answer = await ask(port, target, fields);
      expect(answer.status).toBe(proxy.unguarded);
    }
    expect(at.app.arrived.filter(({ url }) => url === '/open')).toEqual([]);
  });
};
