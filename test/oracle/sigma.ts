import { execFileSync, spawnSync } from 'node:child_process';
import type { AuthEvent } from '../../src/event/event.ts';
import { ROOT } from '../support/cli.ts';

const SIGMA = `${ROOT}sigma`;
const PYTHON = process.env['AUTHLOG_PYTHON'] ?? 'python3';
const RSIGMA = process.env['AUTHLOG_RSIGMA'] ?? 'rsigma';

const missing = (command: string, args: readonly string[], how: string): boolean => {
  if (spawnSync(command, args).status === 0) return false;
  process.stderr.write(`skipped: ${how}\n`);
  return true;
};

/** Whether there is no pySigma here; said aloud. */
export const isPySigmaMissing: boolean = missing(
  PYTHON,
  ['-c', 'import sigma.collection'],
  `${PYTHON} cannot import pySigma (set AUTHLOG_PYTHON to a Python that has it)`,
);

/** Whether there is no rsigma here; said aloud. */
export const isRsigmaMissing: boolean = missing(
  RSIGMA,
  ['--version'],
  `${RSIGMA} does not run (cargo install rsigma, or name it in AUTHLOG_RSIGMA)`,
);

/** What pySigma says of all our files. */
export const checkedByPySigma = (): unknown =>
  JSON.parse(
    execFileSync(PYTHON, [`${ROOT}test/oracle/sigma-check.py`, SIGMA], { encoding: 'utf8' }),
  );

/** Exit code and text of `rsigma rule`, which validates or lints our files. */
export const checkedByRsigma = (
  how: 'lint' | 'validate',
): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync(RSIGMA, ['rule', how, SIGMA], { encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
};

/** What an engine says of one event, or of many that are counted. */
export interface SigmaMatch {
  readonly rule_id: string;
  /** The event that matched; not there where many did. */
  readonly event?: AuthEvent;
}

const EVALUATE =
  'engine eval --timestamp-field time --include-event --input-format json --output-format ndjson --quiet';

/** All matches of our Sigma rules in events, by rsigma. */
export const matchesOf = (events: readonly AuthEvent[]): readonly SigmaMatch[] =>
  execFileSync(RSIGMA, [...EVALUATE.split(' '), '--rules', SIGMA], {
    encoding: 'utf8',
    input: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SigmaMatch);
