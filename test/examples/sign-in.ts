import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../support/cli.ts';
import { ask, start, type Answer, type Running } from '../support/servers.ts';
import { SECRET } from '../support/tokens.ts';
import { analyzed, badTokens, bearer, eventsOf, issue } from './proxied.ts';

const PASSWORD = 'correct horse battery staple';
const JSON_FIELD = 'Content-Type: application/json';

/** Signs in at an example, asks who one is, and looks at what was recorded. */
export const testSignIn = (example: string): void => {
  let folder = '';
  let record = '';
  let secretFile = '';
  let server: Running;
  let port = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'authlog-example-'));
    [record, secretFile] = [join(folder, 'auth.jsonl'), join(folder, 'secret')];
    writeFileSync(secretFile, SECRET, { mode: 0o600 });
    const ready = /listening on http:\/\/127\.0\.0\.1:(\d+)/;
    server = await start(process.execPath, [`${ROOT}${example}`], {
      env: {
        APP_EMAIL: 'ada@example.com',
        APP_PASSWORD: PASSWORD,
        AUTHLOG_RECORD: record,
        AUTHLOG_SECRET_FILE: secretFile,
        NODE_ENV: 'production',
        PORT: '0',
      },
      ready,
    });
    port = Number(ready.exec(server.said())![1]);
  });
  afterAll(async () => {
    await server?.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const signIn = (password: unknown): Promise<Answer> =>
    ask(
      port,
      'POST /sign-in',
      [JSON_FIELD],
      JSON.stringify({ email: 'ada@example.com', password }),
    );

  test('sign in, call, record, analyze', async () => {
    const wrong = await signIn('wrong');
    expect(wrong.status).toBe(401);
    const signedIn = await signIn(PASSWORD);
    expect(signedIn.status).toBe(200);
    expect(signedIn.head).toContain('cache-control: no-store');
    const { token } = JSON.parse(/\{.*\}/.exec(signedIn.body)![0]) as { token: string };

    const me = await ask(port, '/api/me', [bearer(token)]);
    expect(me.status).toBe(200);
    expect(me.body).toContain('{"userId":1,"email":"ada@example.com"}');

    const { expired, forged, unsigned } = badTokens();
    const elsewhere = await issue(secretFile, '--user-id', '1', '--audience', 'another-app');
    for (const fields of [
      [bearer(expired)],
      [bearer(forged)],
      [bearer(unsigned)],
      [bearer(elsewhere)],
      [],
      [bearer(token), bearer(token)],
    ]) {
      const refused = await ask(port, '/api/me', fields);
      expect(refused.status).toBe(401);
      expect(refused.head).toContain('www-authenticate: bearer realm="authlog"');
    }

    const events = eventsOf(record);
    expect(
      events.map(({ event, user_id: user, email, status }) => [event, user ?? email, status]),
    ).toEqual([
      ['login_failed', 'ada@example.com', 401],
      ['login_succeeded', 1, 200],
      ['access_allowed', 1, 204],
      ...events.slice(3).map(({ user_id: user }) => ['access_denied', user, 401]),
    ]);
    expect(events).toHaveLength(9);
    expect(new Set(events.map(({ ip }) => ip))).toEqual(new Set(['127.0.0.1']));
    expect(JSON.stringify(events)).not.toContain(token.split('.')[2]);
    expect(JSON.stringify(events)).not.toContain(PASSWORD);

    const summary = await analyzed(record);
    const user = summary.users.find(({ user_id: id }) => id === 1);
    expect(user).toMatchObject({ email: 'ada@example.com', verdicts: { valid: 2 } });
  });

  test.each([['not JSON'], ['null'], ['[]'], ['{"email":{},"password":[]}'], ['7']])(
    'a sign-in of %s is refused without a trace of the program',
    async (body) => {
      const answer = await ask(port, 'POST /sign-in', [JSON_FIELD], body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body).not.toContain('node_modules');
    },
  );

  test('SIGTERM ends it in order', async () => {
    await server.end('SIGTERM');
    // No body of a request, no error.
    expect(server.said()).toMatch(/^listening on [^\n]+\n$/);
  });
};
