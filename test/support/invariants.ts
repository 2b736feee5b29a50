import { expect } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { VERDICTS, VERIFIED } from '../../src/verify/verdict.ts';
import { type Result, type RunOptions, runCli, spawnCli } from './cli.ts';

const sum = (numbers: Iterable<number | undefined>): number => {
  let total = 0;
  for (const number of numbers) total += number ?? 0;
  return total;
};

/** What is true of every summary of every log. */
export const expectInvariants = (summary: Summary): void => {
  const { totals, users, unverified_users, expiry, expiry_dates, inputs } = summary;
  const { verdicts } = totals;
  const verified = sum(VERDICTS.map((verdict) => (VERIFIED.has(verdict) ? verdicts[verdict] : 0)));
  expect(totals.lines_with_token + totals.lines_without_token + totals.lines_skipped).toBe(
    totals.lines,
  );
  expect(sum(Object.values(verdicts))).toBe(totals.tokens);
  expect(sum(inputs.map(({ lines }) => lines))).toBe(totals.lines);
  expect(sum(users.map(({ tokens }) => tokens))).toBe(verified);
  expect(sum(expiry.map(({ tokens }) => tokens))).toBe(verified);
  const never = expiry.find(({ bucket }) => bucket === 'never')?.tokens ?? 0;
  expect(sum(expiry_dates.map(({ tokens }) => tokens))).toBeLessThanOrEqual(verified - never);
  for (const user of [...users, ...unverified_users]) {
    expect(sum(Object.values(user.verdicts))).toBe(user.tokens);
  }
};

/** The numbers of a summary: what must not depend on where the log lay. */
export const numbersOf = (summary: Summary): Partial<Summary> => {
  const { totals, users, unverified_users, expiry, expiry_dates } = summary;
  return { totals, users, unverified_users, expiry, expiry_dates };
};

export interface Analyzed extends Omit<Result, 'stdout'> {
  readonly summary: Summary;
}

const parsed = ({ stdout, stderr, code }: Result): Analyzed => {
  if (stdout === '') throw new Error(`no report, exit ${code}: ${stderr}`);
  const summary = JSON.parse(stdout) as Summary;
  expectInvariants(summary);
  return { summary, stderr, code };
};

/** `analyze … --json` in this process: the summary, whose invariants hold, and what was said. */
export const analyzed = async (
  args: readonly string[],
  options: RunOptions = {},
): Promise<Analyzed> =>
  parsed(await runCli(['analyze', ...args, '--json', '--no-findings'], options));

/** The same with the built program as its own process. */
export const spawnAnalyzed = async (
  args: readonly string[],
  options: RunOptions = {},
): Promise<Analyzed> =>
  parsed(await spawnCli(['analyze', ...args, '--json', '--no-findings'], options));
