import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { runCli } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';

const LOG = 'fixtures/logs/auth_logs.log';
const FLAGS = ['--secret-file', 'fixtures/keys/secret', '--now', '2023-09-22T10:00:00Z'];

/** What `authlog analyze`, or `audit`, says of the log of the fixtures, as a file. */
export const reportFile = async (
  command: 'analyze' | 'audit' = 'analyze',
  more: readonly string[] = [],
): Promise<string> => {
  const path = `${tempFolder()}/report.html`;
  const args = [command, LOG, ...FLAGS, '--format', 'html', '-o', path, ...more];
  const { code, stderr } = await runCli(args);
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return path;
};

export interface Opened {
  readonly page: Page;
  /** Whatever the page asked for beside itself. */
  readonly requests: string[];
  /** Messages of the console, uncaught errors, dialogs. */
  readonly complaints: string[];
}

/** Opens a file as a person does who clicks on it. */
export const open = async (
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Opened> => {
  const context = await browser.newContext(options);
  // A machine that runs much beside the tests is slow, not wrong.
  context.setDefaultTimeout(90_000);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const url = pathToFileURL(path).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return { page, requests, complaints };
};

/** The texts of a column of a table, from the top. */
export const columnOf = (page: Page, section: string, column: number): Promise<string[]> =>
  page.locator(`#${section} tbody tr > :nth-child(${column})`).allTextContents();
