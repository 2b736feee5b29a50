// Compiles src to dist. Compiled beside it and swapped, so that a program that starts meanwhile finds it whole.
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = `${root}node_modules/typescript/bin/tsc`;
const draft = `${root}dist.${process.pid}`;
const old = `${draft}.old`;
try {
  execFileSync(process.execPath, [tsc, '-p', `${root}tsconfig.json`, '--outDir', draft], {
    stdio: 'inherit',
  });
  if (existsSync(`${root}dist`)) renameSync(`${root}dist`, old);
  renameSync(draft, `${root}dist`);
} catch {
  // The compiler has said what is wrong.
  process.exitCode = 1;
} finally {
  rmSync(draft, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
