import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { htmlDocument } from '../../src/report/html/document.ts';
import { summaryIsland } from '../../src/report/html/summary-page.ts';
import { small, user } from '../report/summaries.ts';
import { startChromium } from '../support/chromium.ts';
import { tempFolder } from '../support/folder.ts';
import { columnOf, open } from './opening.ts';

const browser = await startChromium();
afterAll(() => browser?.close());

const extras = { activity: null, findings: null, rules: [], version: '1', tz: 'UTC' };
const USERS = 100_000;
const users = Array.from({ length: USERS }, (_, at) =>
  user({
    user_id: `user-${String(at).padStart(6, '0')}`,
    email: `user-${at}@example.com`,
    tokens: USERS - at,
  }),
);

const written = (top: number): string => {
  const island = summaryIsland({ ...small, users }, { ...extras, top });
  const path = `${tempFolder()}/report.html`;
  writeFileSync(path, htmlDocument({ title: 'many', island }).html);
  return path;
};

describe.skipIf(browser === null)('a report of 100 k users', () => {
  test('is open in under a second with all of them inside; a few rows are made, the rest when asked for', async () => {
    const path = written(0);
    const times: number[] = [];
    // The first opening of a new browser pays for the browser.
    for (let run = 0; run < 3; run++) {
      const { page } = await open(browser!, path);
      times.push(
        await page.evaluate<number>('performance.getEntriesByType("navigation")[0].loadEventEnd'),
      );
    }
    console.log(
      `100 k users: loaded to the end after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`,
    );
    expect(Math.min(...times)).toBeLessThan(1000);
    const { page } = await open(browser!, path);
    expect(await page.locator('#users tbody tr').count()).toBe(20);
    const status = page.locator('#users .count[role=status]');
    expect(await status.textContent()).toBe('20 of 100,000 rows');
    await page.locator('#users-filter').fill('user-099999');
    await expect.poll(() => status.textContent()).toBe('1 row of 100,000');
    await page.locator('#users-filter').fill('');
    await page.locator('#users-by-3').click();
    await page.locator('#users-by-3').click();
    expect((await columnOf(page, 'users', 1))[0]).toBe('user-099999');
    expect(await page.locator('#users tbody tr').count()).toBe(20);
  });

  test('with the first thousand inside it says how many are left out', async () => {
    const { page } = await open(browser!, written(1000));
    expect(await page.locator('#users .left').textContent()).toBe(
      '99,000 more rows not in this file: --top 0 has all.',
    );
  });
});
