import { execFileSync, spawnSync } from 'node:child_process';
import { ROOT } from '../support/cli.ts';
import { NOW_S } from '../support/tokens.ts';

const PYTHON = process.env['AUTHLOG_PYTHON'] ?? 'python3';

/** Whether the article's program can't be run here; said aloud. */
export const isMissing: boolean = ((): boolean => {
  const missing = spawnSync(PYTHON, ['-c', 'import jwt']).status !== 0;
  if (missing) {
    const how = 'set AUTHLOG_PYTHON to a Python that has it';
    process.stderr.write(`skipped: ${PYTHON} cannot import PyJWT (${how})\n`);
  }
  return missing;
})();

export interface Accepted {
  readonly line: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What the article's own code accepts. */
export const byArticle = (log: string, secretFile: string): Accepted[] =>
  execFileSync(PYTHON, [`${ROOT}test/oracle/article.py`, '--now', String(NOW_S), log, secretFile], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Accepted);
