import { describe, expect, test } from 'vitest';
import { claims, mint, NOW_S } from '../support/tokens.ts';
import { eventAgo, serveEvents, VIEWER, type Served } from './serving.ts';

const EVENTS = [eventAgo(60, { user_id: 'ada' })];

const post = (
  { ask }: Served,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  ask(path, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });

const signedIn = async (served: Served, token = VIEWER): Promise<string> => {
  const response = await post(served, '/login', { token });
  expect(response.status).toBe(303);
  return response.headers.get('set-cookie')!.split(';')[0]!;
};

describe('signing in', () => {
  test('gives a random id in the place of the token, out of reach of scripts and other sites', async () => {
    const served = await serveEvents(EVENTS);
    const response = await post(served, '/login', {
      token: ` Bearer ${VIEWER}\n`,
      next: '/users/string:ada',
    });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/users/string:ada');
    const cookie = response.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^authlog=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    for (const part of VIEWER.split('.')) expect(cookie).not.toContain(part);
    const cookies = { cookie: cookie.split(';')[0]! };
    expect((await served.ask('/api/summary', { headers: cookies })).status).toBe(200);
    expect(await signedIn(served)).not.toBe(cookies.cookie);
  });

  test('behind https the cookie is bound to it', async () => {
    const served = await serveEvents(EVENTS, { publicUrls: ['https://authlog.example.org'] });
    const response = await post(served, '/login', { token: VIEWER });
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-authlog=.*; Secure$/);
  });

  test('a session ends with its token, and when somebody signs out', async () => {
    const served = await serveEvents(EVENTS);
    const short = await signedIn(served, mint(claims({ exp: NOW_S + 60 })));
    const long = await signedIn(served);
    const status = async (cookie: string): Promise<number> =>
      (await served.ask('/api/summary', { headers: { cookie } })).status;
    expect(await status(short)).toBe(200);
    served.clock.now += 61_000;
    expect(await status(short)).toBe(401);
    expect(await status(long)).toBe(200);
    expect(await status(`${long}; ${short}`)).toBe(401);
    await post(served, '/logout', {}, { cookie: long });
    expect(await status(long)).toBe(401);
  });

  test('another site can neither sign in nor sign out', async () => {
    const served = await serveEvents(EVENTS);
    const foreign = [
      { 'sec-fetch-site': 'cross-site', origin: 'null' },
      { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8788' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect((await post(served, '/login', { token: VIEWER }, headers)).status).toBe(403);
      expect((await post(served, '/logout', {}, headers)).status).toBe(403);
    }
    const own = { 'sec-fetch-site': 'same-origin', origin: 'null' };
    expect((await post(served, '/login', { token: VIEWER }, own)).status).toBe(303);
  });

  test.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/api/summary',
    'javascript:1',
  ])('never leads to %s', async (next) => {
    const served = await serveEvents(EVENTS);
    const response = await post(served, '/login', { token: VIEWER, next });
    expect(response.headers.get('location')).toBe('/');
  });

  test('a bad token is refused without being shown; after ten the form is closed for a minute', async () => {
    const served = await serveEvents(EVENTS);
    const token = mint(claims(), { secret: '<script>alert(1)</script>'.repeat(3) });
    for (let tries = 0; tries < 10; tries++) {
      const response = await post(served, '/login', { token });
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain(token.slice(0, 40));
    }
    const closed = await post(served, '/login', { token: VIEWER });
    expect(closed.status).toBe(429);
    expect(Number(closed.headers.get('retry-after'))).toBeGreaterThan(0);
    // Who is in already is not concerned.
    expect((await served.ask('/api/summary')).status).toBe(200);
  });

  test('a form that is none, or too long, is refused', async () => {
    const served = await serveEvents(EVENTS);
    const json = { 'content-type': 'application/json' };
    expect((await post(served, '/login', { token: VIEWER }, json)).status).toBe(400);
    expect((await post(served, '/login', { token: 'x'.repeat(70_000) })).status).toBe(413);
  });
});
