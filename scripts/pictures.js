// npm run pictures: makes the pictures of README.md, from the logs in fixtures. Needs Chromium (AUTHLOG_CHROMIUM, or
// /usr/bin/chromium), and a font that has Korean letters (fonts-nanum), for there is a user who has them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { terminalPage } from './terminal-page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const images = `${root}docs/images`;
const COLUMNS = 96;
const WIDTH = 1280;

const KEY = ['--secret-file', 'fixtures/keys/secret'];
const ANALYZE = ['analyze', 'fixtures/logs/auth_logs.log', ...KEY, '--now', '2023-09-22T10:00:00Z'];
const AUDIT = ['audit', 'fixtures/logs/access.log', ...KEY, '--now', '2023-09-22T12:00:00Z'];

const authlog = (args) =>
  execFileSync(process.execPath, [`${root}bin/authlog.js`, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: String(COLUMNS), LANG: 'C.UTF-8' },
  });

/** What a person types, and what comes. */
const terminal = (args, shown = args) => ({
  command: `authlog ${shown.join(' ')}`,
  output: authlog([...args, '--color', 'always', '-q']),
});

const folder = mkdtempSync(`${tmpdir()}/authlog-pictures-`);
const browser = await chromium.launch({
  executablePath: process.env.AUTHLOG_CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});

const report = async (name, args, colorScheme, height, prepare = async () => {}) => {
  const path = `${folder}/${name}.html`;
  authlog([...args, '--format', 'html', '-o', path, '-q']);
  const page = await browser.newPage({ colorScheme, viewport: { width: WIDTH, height } });
  await page.goto(pathToFileURL(path).href);
  await prepare(page);
  await page.screenshot({ path: `${images}/${name}.png` });
  await page.close();
};

const screen = async (name, shot) => {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 } });
  await page.setContent(terminalPage(shot));
  await page.locator('main').screenshot({ path: `${images}/${name}.png` });
  await page.close();
};

try {
  mkdirSync(images, { recursive: true });
  await report('report-light', ANALYZE, 'light', 860);
  await report('report-dark', ANALYZE, 'dark', 860);
  await report('report-audit', AUDIT, 'light', 760, async (page) => {
    await page.locator('.finding summary').first().click();
    await page.locator('.finding .inside').waitFor();
    await page.mouse.move(0, 0);
  });
  await screen('terminal-analyze', terminal([...ANALYZE, '--top', '6'], ANALYZE.slice(0, 4)));
  await screen('terminal-audit', terminal([...AUDIT, '--level', 'critical'], AUDIT.slice(0, 4)));
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
