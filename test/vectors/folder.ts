import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** Third-party test vectors; they are no part of the project. */
const VECTORS =
  process.env['AUTHLOG_VECTORS'] ??
  fileURLToPath(new URL('../../../shared/vectors', import.meta.url));

const NORMALIZED = join(VECTORS, 'normalized');

export const vectorPath = (...names: readonly string[]): string => join(NORMALIZED, ...names);

export const readVector = (...names: readonly string[]): string =>
  readFileSync(vectorPath(...names), 'utf8');

/** Whether the vectors are missing; says so, because a silent skip looks like a pass. */
export const areMissing = (): boolean => {
  const missing = !existsSync(NORMALIZED);
  if (missing) {
    process.stderr.write(`skipped: no test vectors in ${NORMALIZED} (set AUTHLOG_VECTORS)\n`);
  }
  return missing;
};
