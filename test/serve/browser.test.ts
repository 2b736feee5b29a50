import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { userPath } from '../../src/serve/user-link.ts';
import { NAUGHTY } from '../report/naughty.ts';
import { BIN, spawnCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { start } from '../support/servers.ts';
import { claims, lineOf, mint, NOW, NOW_S, SECRET } from '../support/tokens.ts';
import { seriousProblems, signIn, startBrowser } from './chromium.ts';
import { eventAgo, listening, serveEvents, VIEWER } from './serving.ts';

const figure = (page: Page, label: string): Promise<string | null> =>
  page.locator('.figure', { hasText: label }).first().locator('.value').textContent();

describe('in a browser', () => {
  test('two see the same numbers change while another process writes to the store', async ({
    skip,
  }) => {
    const folder = tempFolder();
    const [log, secret, store] = ['auth.log', 'secret', 'history.duckdb'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    const line = (sub: string): string => `${lineOf(`Token: ${mint(claims({ sub }))}`)}\n`;
    writeFileSync(secret, SECRET, { mode: 0o600 });
    writeFileSync(log, line('ada'));
    const ingest = async (): Promise<void> => {
      const args = ['ingest', log, '--secret-file', secret, '--store', `duckdb:${store}`, '-q'];
      expect((await spawnCli(args)).code).toBe(0);
    };
    await ingest();
    const ready = /at (http:\/\/127\.0\.0\.1:\d+)/;
    const flags = ['--store', `duckdb:${store}`, '--secret-file', secret, '--now', NOW];
    const args = [BIN, 'serve', ...flags, '--listen', '127.0.0.1:0', '--poll', '200ms'];
    const server = await start(process.execPath, args, { ready });
    onTestFinished(() => server.end());
    const origin = ready.exec(server.said())![1]!;
    const viewer = mint({ sub: 'viewer', exp: Math.floor(Date.now() / 1000) + 600 });
    const browser = await startBrowser(skip);
    const seats = [await signIn(browser, origin, viewer), await signIn(browser, origin, viewer)];
    for (const { page } of seats) expect(await figure(page, 'Tokens')).toBe('1');
    for (let tokens = 2; tokens <= 4; tokens++) {
      appendFileSync(log, line(`user-${tokens}`));
      await ingest();
      for (const { page } of seats) {
        await expect.poll(() => figure(page, 'Tokens'), { timeout: 10_000 }).toBe(String(tokens));
        expect(await page.locator('#users tbody tr').count()).toBe(tokens);
      }
    }
    expect(seats.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  test('user, time and search by the keyboard alone', async ({ skip }) => {
    const served = await serveEvents([
      eventAgo(60, { user_id: 'ada', email: 'ada@example.com' }),
      eventAgo(9000, { user_id: 'bob', token_id: 'BBBBBBBBBBBBBBBB' }),
    ]);
    const seat = await signIn(await startBrowser(skip), await listening(served), VIEWER);
    const { page } = seat;
    const press = (...keys: readonly string[]): Promise<void> =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    // Report, time, search.
    await press('Tab', 'Tab', 'Tab');
    await page.keyboard.type('bob');
    await Promise.all([page.waitForURL('**/search?q=bob'), press('Enter')]);
    for (let tries = 0; tries < 30; tries++) {
      if (await page.evaluate("document.activeElement.matches('#found-users a')")) break;
      await press('Tab');
    }
    await Promise.all([page.waitForURL('**/users/string%3Abob'), press('Enter')]);
    expect(await page.locator('h1').textContent()).toBe('User bob');
    expect(await page.locator('#tokens tbody th').textContent()).toBe('BBBBBBBBBBBBBBBB');
    await press('Tab', 'Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('range');
    expect(seat.complaints).toEqual([]);
    // An hour ago bob was not there, and the page says so instead of ending.
    await Promise.all([page.waitForURL('**since=1h'), press('l', 'Enter')]);
    expect(await page.locator('.stamp').textContent()).toBe('No such user in this window of time.');
    expect(await page.locator('#range').inputValue()).toBe('1h');
  });

  test('naughty user ids are text on the report, on their pages and in a search', async ({
    skip,
  }) => {
    const ids = [...new Set(NAUGHTY)].slice(0, 600);
    const served = await serveEvents(
      ids.flatMap((user_id) => [
        eventAgo(60, { user_id, email: user_id, roles: [user_id], path: user_id, event: user_id }),
        eventAgo(50, { user_id, verdict: 'alg_none', ip: user_id }),
      ]),
    );
    const browser = await startBrowser(skip);
    const seat = await signIn(browser, await listening(served), VIEWER);
    const { page } = seat;
    const more = page.locator('#users-more');
    for (let tries = 0; tries < 5 && (await more.isVisible()); tries++) await more.click();
    const links = await page
      .locator('#users tbody a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
    const pathOf = (id: string): string | null =>
      userPath({ userIdType: 'string', userId: id }, '');
    const paths = ids.map(pathOf).filter((path) => path !== null);
    expect(new Set(links.map((link) => link.split('?')[0]))).toEqual(new Set(paths));
    expect(links.length).toBe(paths.length);
    expect(paths.length).toBeLessThan(ids.length);
    expect(await page.locator('#page img, #page iframe, #page script, #page svg').count()).toBe(0);
    const marked = ids.filter((id) => /[<>"'`&]/.test(id)).map(pathOf);
    const visited = [...paths.slice(0, 12), ...marked.slice(0, 12)].filter((path) => path !== null);
    for (const href of visited) {
      const response = await page.goto(new URL(href, page.url()).href);
      expect(response?.status(), href).toBe(200);
      await page.waitForSelector('#latest tbody tr');
      expect(await page.locator('#page img, #page iframe, #page script').count()).toBe(0);
    }
    await page.goto(new URL('/search?q=%3Cscript%3E', page.url()).href);
    expect(await page.locator('h1').textContent()).toBe('Search: <script>');
    expect(seat.complaints).toEqual([]);
  });

  test('axe finds nothing serious on any page, light or dark', async ({ skip }) => {
    const served = await serveEvents([
      eventAgo(60, { user_id: 'ada' }),
      eventAgo(30, { user_id: 'ada', verdict: 'bad_signature', exp: NOW_S }),
    ]);
    const origin = await listening(served);
    const seat = await signIn(await startBrowser(skip), origin, VIEWER);
    for (const colorScheme of ['light', 'dark'] as const) {
      await seat.page.emulateMedia({ colorScheme });
      for (const path of ['/', '/users/string:ada', '/search?q=203.0.113.7', '/search?q=none']) {
        await seat.page.goto(origin + path);
        await seat.page.waitForSelector('h1');
        expect(await seriousProblems(seat), `${colorScheme} ${path}`).toEqual([]);
      }
    }
    await seat.page.click('#sign-out');
    await seat.page.waitForSelector('form');
    expect(await seriousProblems(seat)).toEqual([]);
    expect(await seat.context.cookies()).toEqual([]);
  });
});
