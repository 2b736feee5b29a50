// Makes dist of src. Made beside it and swapped, so that a program that starts meanwhile finds it whole.
import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundle, bundlePage } from './bundle.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const draft = `${root}dist.${process.pid}`;
const old = `${draft}.old`;

const runNode = (args) => promisify(execFile)(process.execPath, args);

/** Checks the types and writes their declarations. */
const declare = () => {
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const project = `${root}tsconfig.json`;
  return runNode([tsc, '-p', project, '--emitDeclarationOnly', '--outDir', draft]);
};

const kernel = () => runNode([`${root}scripts/build-kernel.js`, `${draft}/kernel`]);

try {
  // All to their end: what still writes would outlive the draft's removal.
  const steps = await Promise.allSettled([declare(), kernel(), bundle(draft), bundlePage(draft)]);
  for (const { reason } of steps) if (reason !== undefined) throw reason;
  if (existsSync(`${root}dist`)) renameSync(`${root}dist`, old);
  renameSync(draft, `${root}dist`);
} catch (error) {
  process.stderr.write(error.stdout || `${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(draft, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
