import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { serviceMissing } from './service.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const INSTALL = 'Install it (apt-get install chromium) or name one by AUTHLOG_CHROMIUM.';

/** The program of a browser; null where there is none. */
const programPath = (): string | null => {
  const named = process.env['AUTHLOG_CHROMIUM'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
};

/** A browser that whoever asked ends; null where there is none, which is said aloud. */
export const startChromium = async (): Promise<Browser | null> => {
  const program = programPath();
  if (program === null) return serviceMissing('Chromium', INSTALL);
  const { chromium } = await import('playwright-core');
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: program, args: isRoot ? ['--no-sandbox'] : [] });
};
