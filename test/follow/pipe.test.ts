import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditReport } from '../../src/audit/audit-report.ts';
import type { Summary } from '../../src/summarize/summary.ts';
import { runCli, summaryOf } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { followInPipe, linesIn, logText, NOW, SECRET, until } from './support.ts';

const FLAGS = ['--secret-file', SECRET, '--now', NOW];

/** What a summary says but for the names of files. */
const numbersOf = ({ inputs, notices, ...rest }: Summary): object => ({
  ...rest,
  bytes: inputs.reduce((sum, { bytes }) => sum + bytes, 0),
  notices: notices.map(({ code, count }) => ({ code, count })),
});

test.each([
  ['renamed', false],
  ['copied and truncated', true],
])('a log that is %s twice: the last report is that of all its parts', async (_how, copied) => {
  const folder = tempFolder();
  const log = join(folder, 'app.log');
  writeFileSync(`${log}.9`, logText('mixed.log'));
  const parts = [logText('auth_logs.log'), logText('every-verdict.log'), logText('access.log')];
  const rotate = (to: string): void => {
    if (copied) {
      copyFileSync(log, to);
      truncateSync(log);
    } else {
      renameSync(log, to);
      writeFileSync(log, '');
    }
  };
  writeFileSync(log, parts[0]!);
  const run = followInPipe(['analyze', 'app.log'], folder);
  const seen = (): number => linesIn(run);
  await until(() => seen() === lineCount(parts[0]!), seen);
  rotate(`${log}.1`);
  appendFileSync(log, parts[1]!.subarray(0, -10));
  const beforeLast = lineCount(parts[0]!) + lineCount(parts[1]!) - 1;
  await until(() => seen() === beforeLast, seen);
  appendFileSync(log, parts[1]!.subarray(-10));
  await until(() => seen() === beforeLast + 1, seen);
  renameSync(`${log}.1`, `${log}.2`);
  rotate(`${log}.1`);
  appendFileSync(log, parts[2]!);
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
  const last = JSON.parse(run.lines.at(-1)!) as Summary;
  const whole = await summaryOf([`${log}.2`, `${log}.1`, log, ...FLAGS, '--no-findings'], {});
  expect(numbersOf(last)).toEqual(numbersOf(whole));
  expect(last.inputs.map(({ path }) => path)).toEqual(['app.log']);
});

const lineCount = (text: Buffer): number => text.toString('latin1').split('\n').length - 1;

test('a folder of logs with their rotated parts, and standard input beside: all of them, and what comes', async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'logs/a.log'), logText('auth_logs.log'));
  writeFileSync(join(folder, 'logs/a.log.1'), logText('every-verdict.log'));
  writeFileSync(join(folder, 'logs/b.log'), '');
  const run = followInPipe(['analyze', 'logs', '-'], folder);
  const there = lineCount(logText('auth_logs.log')) + lineCount(logText('every-verdict.log'));
  await until(
    () => linesIn(run) === there,
    () => linesIn(run),
  );
  appendFileSync(join(folder, 'logs/b.log'), 'one\ntwo\nthr');
  run.child.stdin!.write('three\nfour\nfi');
  await until(
    () => linesIn(run) === there + 4,
    () => linesIn(run),
  );
  run.child.stdin!.end();
  await until(
    () => linesIn(run) === there + 5,
    () => linesIn(run),
  );
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(0);
  const last = JSON.parse(run.lines.at(-1)!) as Summary;
  expect(last.inputs.map(({ path, lines }) => `${path} ${lines}`)).toEqual([
    `logs/a.log ${there}`,
    'logs/b.log 2',
    '- 3',
  ]);
  expect(last.notices.find(({ code }) => code === 'line_not_ended')?.count).toBe(1);
});

test('standard input alone: its end is the end, with the summary of analyze', async () => {
  const stdin = logText('auth_logs.log');
  const { code, stdout } = await runCli(['analyze', '-', '--follow', '--json', '-q', ...FLAGS], {
    stdin,
  });
  expect(code).toBe(0);
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Summary;
  const whole = await summaryOf(['-', ...FLAGS, '--no-findings'], { stdin });
  expect(last).toEqual(whole);
});

test('audit: findings come while the log grows, and the last report is that of audit', async () => {
  const folder = tempFolder();
  const log = join(folder, 'app.log');
  writeFileSync(log, '');
  const run = followInPipe(['audit', 'app.log'], folder);
  const findings = (): number =>
    run.lines.length === 0 ? -1 : (JSON.parse(run.lines.at(-1)!) as AuditReport).findings.length;
  await until(() => findings() === 0, findings);
  appendFileSync(log, logText('every-verdict.log'));
  await until(() => findings() > 0, findings);
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
  const last = JSON.parse(run.lines.at(-1)!) as AuditReport;
  const args = ['audit', 'app.log', '--json', '-q', '--disable', 'AL018', ...FLAGS];
  const whole = JSON.parse((await runCli(args, { cwd: folder })).stdout) as AuditReport;
  const short = ({ findings: all }: AuditReport): unknown =>
    all.map(({ id, count, level }) => ({ id, count, level }));
  expect(short(last)).toEqual(short(whole));
});

test('a log that is not there is waited for; a reader that goes away ends the run with 0', async () => {
  const folder = tempFolder();
  const run = followInPipe(['analyze', 'late.log'], folder);
  await until(
    () => run.lines.length > 1,
    () => run.lines.length,
  );
  writeFileSync(join(folder, 'late.log'), logText('auth_logs.log'));
  await until(
    () => linesIn(run) > 0,
    () => linesIn(run),
  );
  run.child.stdout!.destroy();
  expect(await run.ended).toBe(0);
});

test('logrotate with copytruncate under constant writing loses and doubles nothing that it kept', async () => {
  if (spawnSync('logrotate', ['--version']).status !== 0) {
    process.stderr.write('skipped: there is no logrotate\n');
    return;
  }
  const folder = tempFolder();
  const log = join(folder, 'app.log');
  const config = join(folder, 'logrotate.conf');
  writeFileSync(config, `"${log}" {\nrotate 9\ncopytruncate\ncompress\n}\n`, { mode: 0o600 });
  writeFileSync(log, '');
  const run = followInPipe(['analyze', 'app.log'], folder);
  await until(
    () => linesIn(run) === 0,
    () => linesIn(run),
  );
  for (let turn = 1; turn <= 4; turn++) {
    for (let i = 0; i < 50; i++) appendFileSync(log, `turn ${turn}, line ${i}\n`);
    expect(spawnSync('logrotate', ['-f', '-s', join(folder, 'state'), config]).status).toBe(0);
  }
  await until(
    () => linesIn(run) === 200,
    () => linesIn(run),
  );
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
});
