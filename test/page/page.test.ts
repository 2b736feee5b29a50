import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { startChromium } from '../support/chromium.ts';
import { columnOf, open, reportFile } from './opening.ts';

const browser = await startChromium();
afterAll(() => browser?.close());

const descending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => b - a);

const background = (page: Page): Promise<string> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor');

/** Drags over the timeline, from one part of its width to another. */
const brush = async (page: Page, from: number, to: number): Promise<void> => {
  const chart = page.locator('#activity .u-over');
  await chart.scrollIntoViewIfNeeded();
  const box = (await chart.boundingBox())!;
  const at = (part: number): readonly [number, number] => [
    box.x + box.width * part,
    box.y + box.height / 2,
  ];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at((from + to) / 2));
  await page.mouse.move(...at(to));
  await page.mouse.up();
};

describe.skipIf(browser === null)('the report in a browser', () => {
  test.each(['light', 'dark'] as const)(
    'opens %s without a request or a complaint',
    async (scheme) => {
      for (const command of ['analyze', 'audit'] as const) {
        const { page, requests, complaints } = await open(browser!, await reportFile(command), {
          colorScheme: scheme,
        });
        await page.locator('#findings summary').first().click();
        await page.waitForTimeout(300);
        expect(await page.locator('h1').textContent()).toBe('fixtures/logs/auth_logs.log');
        expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
        expect(await background(page)).toBe(
          scheme === 'dark' ? 'rgb(19, 22, 24)' : 'rgb(251, 251, 249)',
        );
      }
    },
  );

  test('the button switches between light and dark, and the charts follow', async () => {
    const { page } = await open(browser!, await reportFile(), { colorScheme: 'light' });
    const canvas = page.locator('#activity canvas');
    const before = await canvas.screenshot();
    await page.locator('#scheme').click();
    expect(await background(page)).toBe('rgb(19, 22, 24)');
    expect(before.equals(await canvas.screenshot())).toBe(false);
    expect(await page.locator('#scheme').textContent()).toBe('Light');
  });

  test('a head sorts its column, there and back, with keys alone', async () => {
    const { page } = await open(browser!, await reportFile());
    const head = page.locator('#users thead th').nth(5);
    await head.locator('button').focus();
    await page.keyboard.press('Enter');
    const numbers = (await columnOf(page, 'users', 6)).map(Number);
    expect(numbers).toEqual(descending(numbers));
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await page.keyboard.press('Enter');
    expect((await columnOf(page, 'users', 6)).map(Number)).toEqual(
      descending(numbers).toReversed(),
    );
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
  });

  test('the filter leaves the rows that hold its text, and says how many', async () => {
    const { page } = await open(browser!, await reportFile());
    await page.getByRole('searchbox', { name: 'Filter: Users' }).fill('KIM@');
    const status = page.locator('#users [role=status]');
    await expect.poll(() => status.textContent()).toBe('1 row of 13');
    expect(await columnOf(page, 'users', 2)).toEqual(['minji.kim@example.com']);
  });

  test('findings are filtered by level and by text, and open to their evidence', async () => {
    const { page } = await open(browser!, await reportFile('audit'));
    await page.getByRole('combobox', { name: 'Level' }).selectOption('medium');
    expect(await page.locator('.finding').count()).toBe(3);
    await page.getByRole('searchbox', { name: 'Filter: Findings' }).fill('al013');
    expect(await page.locator('.finding').count()).toBe(1);
    await page.locator('.finding summary').focus();
    await page.keyboard.press('Enter');
    const inside = page.locator('.finding .inside');
    await inside.waitFor();
    expect(await inside.textContent()).toContain('fixtures/logs/auth_logs.log:');
    const link = inside.getByRole('link', { name: 'T1098' });
    expect(await link.getAttribute('href')).toBe('https://attack.mitre.org/techniques/T1098/');
  });

  test('a span dragged on the timeline bounds its numbers, the users and the findings', async () => {
    const { page } = await open(browser!, await reportFile());
    const readout = page.locator('#activity .readout');
    expect(await readout.textContent()).toContain('121 tokens, valid 97');
    await brush(page, 0.36, 0.4);
    await expect
      .poll(() => readout.textContent())
      .toMatch(/^Chosen, in steps of 1 minute: 2023-09-21/);
    expect(await readout.textContent()).toContain('bad_signature 5');
    const findings = await page.locator('#findings .count').first().textContent();
    expect(findings).toMatch(/^\d+ of 14 findings$/);
    expect(await page.locator('#users .count[role=status]').textContent()).toMatch(/ of 13$/);
    await page.locator('#activity').getByRole('button', { name: 'All' }).click();
    expect(await readout.textContent()).toContain('121 tokens');
  });

  test('buttons do for keys what dragging does', async () => {
    const { page } = await open(browser!, await reportFile());
    const group = page.getByRole('group', { name: 'Range of time: Verdicts over time' });
    const readout = page.locator('#activity .readout');
    await group.getByRole('button', { name: 'Closer' }).focus();
    await page.keyboard.press('Enter');
    const closer = await readout.textContent();
    expect(closer).toMatch(/^Chosen/);
    await group.getByRole('button', { name: 'Earlier' }).press('Enter');
    expect(await readout.textContent()).not.toBe(closer);
    await group.getByRole('button', { name: 'Wider' }).press('Enter');
    expect(await readout.textContent()).toContain('121 tokens');
  });

  test('the timeline has its numbers as a table', async () => {
    const { page } = await open(browser!, await reportFile());
    await page.getByText('The same in numbers').click();
    await page.locator('#activity table').waitFor();
    expect(await page.locator('#activity thead th').allTextContents()).toContain('bad_signature');
  });

  test('fits a screen of 360 pixels without scrolling sideways', async () => {
    const viewport = { width: 360, height: 740 };
    for (const command of ['analyze', 'audit'] as const) {
      const { page } = await open(browser!, await reportFile(command), { viewport });
      if (command === 'audit') await page.locator('.finding summary').first().click();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    }
  });

  test('on paper it is light, open, and without buttons', async () => {
    const { page } = await open(browser!, await reportFile('audit'), { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await background(page)).toBe('rgb(251, 251, 249)');
    await expect.poll(() => page.locator('.finding .inside').count()).toBe(14);
    expect(await page.locator('#scheme').isVisible()).toBe(false);
  });

  test('another island is shown in place of the first, and what was set stays', async () => {
    const { page } = await open(browser!, await reportFile());
    await page.locator('#users-by-5').click();
    await page.locator('#users-filter').fill('example');
    await expect
      .poll(() => page.locator('#users .count[role=status]').textContent())
      .toContain('of 13');
    await page.evaluate(`{
      const island = JSON.parse(document.getElementById('island').textContent);
      authlogPage.render({ ...island, heading: 'later' });
    }`);
    expect(await page.locator('h1').textContent()).toBe('later');
    expect(await page.locator('#users-filter').inputValue()).toBe('example');
    expect(await page.locator('#users thead th').nth(5).getAttribute('aria-sort')).toBe(
      'descending',
    );
    expect(await page.evaluate('document.activeElement.id')).toBe('users-filter');
    expect(await page.locator('#page').count()).toBe(1);
  });
});
