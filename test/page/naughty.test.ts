import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { htmlDocument } from '../../src/report/html/document.ts';
import { summaryIsland } from '../../src/report/html/summary-page.ts';
import { userLabel } from '../../src/report/label.ts';
import { NAUGHTY } from '../report/naughty.ts';
import { small, user } from '../report/summaries.ts';
import { startChromium } from '../support/chromium.ts';
import { tempFolder } from '../support/folder.ts';
import { columnOf, open } from './opening.ts';

const browser = await startChromium();
afterAll(() => browser?.close());

const extras = { activity: null, findings: null, rules: [], version: '1', tz: 'UTC', top: 0 };

describe.skipIf(browser === null)('names that mean harm', () => {
  test('are shown as text, and run nothing', async () => {
    const users = NAUGHTY.map((text, at) =>
      user({ user_id: text, email: text, roles: [text], tokens: NAUGHTY.length - at }),
    );
    const inputs = [{ path: '</script><script>alert(1)</script>', bytes: 1, lines: 1 }];
    const notices = NAUGHTY.map((message) => ({ code: 'x', message, count: 1 }));
    const summary = { ...small, users, inputs, notices };
    const title = '</title><script>alert(2)</script>';
    const { html } = htmlDocument({ title, island: summaryIsland(summary, extras) });
    const path = `${tempFolder()}/report.html`;
    writeFileSync(path, html);
    const { page, requests, complaints } = await open(browser!, path);
    for (;;) {
      const more = page.locator('#users-more');
      if (!(await more.isVisible())) break;
      await more.click();
    }
    // Line breaks and such are escaped; what a browser shows of a text is that text.
    expect(await columnOf(page, 'users', 1)).toEqual(users.map(userLabel));
    const elements = await page.evaluate<string[]>(
      '[...new Set([...document.querySelectorAll("*")].map((element) => element.localName))]',
    );
    for (const name of ['img', 'iframe', 'svg', 'object', 'embed', 'b', 'base', 'form', 'audio']) {
      expect(elements).not.toContain(name);
    }
    const scripts = await page.evaluate<number>(
      'document.querySelectorAll("script:not([type])").length',
    );
    expect(scripts).toBe(1);
    expect(await page.title()).toBe(title);
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
  });
});
