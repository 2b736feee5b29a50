import axe from 'axe-core';
import { afterAll, describe, expect, test } from 'vitest';
import { startChromium } from '../support/chromium.ts';
import { open, reportFile } from './opening.ts';

const browser = await startChromium();
afterAll(() => browser?.close());

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

describe.skipIf(browser === null)('axe finds nothing serious', () => {
  test.each([
    ['analyze', 'light', 1280],
    ['analyze', 'dark', 360],
    ['audit', 'light', 360],
    ['audit', 'dark', 1280],
  ] as const)('%s, %s, %i pixels', async (command, colorScheme, width) => {
    const { page } = await open(browser!, await reportFile(command), {
      colorScheme,
      viewport: { width, height: 800 },
      bypassCSP: true,
    });
    for (const summary of (await page.locator('summary').all()).slice(0, 6)) await summary.click();
    await page.evaluate(axe.source);
    const violations = await page.evaluate<Violation[]>(
      'axe.run().then((found) => found.violations)',
    );
    const told = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
    expect(told.filter((text) => /^(?:serious|critical)/.test(text))).toEqual([]);
    // What remains is worth a look, and must not grow unseen.
    expect(told).toEqual([]);
  });
});
