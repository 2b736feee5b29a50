import type { Browser, BrowserContext, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { startChromium } from '../support/chromium.ts';

/** A browser of its own, ended with the test, which is skipped where there is none. */
export const startBrowser = async (skip: () => never): Promise<Browser> => {
  const browser = await startChromium();
  if (browser === null) return skip();
  onTestFinished(() => browser.close());
  return browser;
};

export interface Seat {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the console, the policy and the scripts complained about since somebody signed in. */
  readonly complaints: string[];
}

/** Somebody who has signed in at `origin` by typing a token, and looks at the report. */
export const signIn = async (browser: Browser, origin: string, token: string): Promise<Seat> => {
  const context = await browser.newContext();
  // A machine that runs much beside the tests is slow, not wrong.
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  await page.goto(origin);
  // The form comes with a 401, which the console tells of.
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  // The field has the focus already, as soon as the browser has drawn it.
  await page.waitForSelector('#token:focus');
  await page.keyboard.insertText(token);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('nav.live');
  return { page, context, complaints };
};

/** What axe finds that is serious or worse. */
export const seriousProblems = async ({ page }: Seat): Promise<readonly string[]> => {
  const { default: scripts } = await import('axe-core');
  // Not as an element: the page's policy runs no script but its own.
  await page.evaluate(scripts.source);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as Record<string, { run(): Promise<Outcome> }>)['axe']!;
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
};

interface Outcome {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
