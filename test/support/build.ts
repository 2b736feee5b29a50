import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cli.ts';

const newest = (folder: string): number => {
  const times = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
    (name) => statSync(join(folder, name)).mtimeMs,
  );
  return Math.max(...times);
};

/** Tests that start the real program must not meet an old build. */
export const setup = (): void => {
  const built = statSync(`${ROOT}dist/index.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const folders = ['assembly', 'scripts', 'src'];
  if (folders.every((folder) => newest(`${ROOT}${folder}`) < built)) return;
  execFileSync(process.execPath, [`${ROOT}scripts/build.js`], { stdio: 'inherit' });
};
