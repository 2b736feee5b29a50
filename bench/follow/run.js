// What following costs: npm run bench:follow [lines/s] [seconds]. Writes bench/follow/RESULTS.md.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { hmacSigner, linesOf, SECRET } from '../lines.js';
import { describeMachine } from '../machine.js';
import { fixed, grouped, table } from '../markdown.js';

const rate = Number(process.argv[2] ?? 50_000);
const seconds = Number(process.argv[3] ?? 12);
const IDLE_SECONDS = 10;
const TICKS_PER_SECOND = 100;
const DISTINCT_LINES = 200_000;
const bin = join(import.meta.dirname, '../../bin/authlog.js');
const machine = describeMachine();
const folder = mkdtempSync(join(tmpdir(), 'authlog-bench-'));
const file = (name) => join(folder, name);

/** Seconds of processor time of a process, and its resident memory in MiB. */
const usage = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    memory: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
  };
};

/** A run of the program in a pipe, with the lines of its newest report. */
const start = (command, log) => {
  const args = [bin, command, '--follow', log, '--secret-file', file('secret'), '-q'];
  // Else the writing and parsing of ten thousand users, or a thousand findings, would be measured too, and the wait
  // for late lines.
  const more = command === 'analyze' ? ['--top', '1'] : ['--level', 'critical', '--lateness', '0s'];
  const child = spawn(process.execPath, [...args, '--interval', '200ms', ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const run = { child, lines: 0 };
  createInterface({ input: child.stdout }).on('line', (text) => {
    const { inputs } = JSON.parse(text);
    run.lines = inputs.reduce((sum, input) => sum + input.lines, 0);
  });
  run.ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  return run;
};

const until = async (isSo, milliseconds) => {
  const from = performance.now();
  while (!isSo()) {
    if (performance.now() - from > milliseconds) throw new Error('it takes too long');
    await sleep(10);
  }
  return performance.now() - from;
};

const isMet = (met) => (met ? 'met' : 'not met');

const measure = async (command) => {
  const log = file(`${command}.log`);
  writeFileSync(log, '');
  const run = start(command, log);
  await sleep(2000);
  const before = usage(run.child.pid);
  await sleep(IDLE_SECONDS * 1000);
  const idle = usage(run.child.pid).cpu - before.cpu;
  const writer = spawn(
    process.execPath,
    [join(import.meta.dirname, 'writer.js'), file('lines'), log, String(rate), String(seconds)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const busy = usage(run.child.pid);
  let told = '';
  writer.stdout.on('data', (data) => (told += data));
  await new Promise((resolve) => {
    writer.on('close', resolve);
  });
  const [written, took] = told.split(' ').map(Number);
  const lag = await until(() => run.lines >= written, 60_000);
  const after = usage(run.child.pid);
  run.child.kill('SIGTERM');
  await run.ended;
  return {
    command,
    idle: idle / IDLE_SECONDS,
    written: written / (took / 1000),
    lag,
    load: (after.cpu - busy.cpu) / ((took + lag) / 1000),
    memory: after.memory,
  };
};

try {
  writeFileSync(file('secret'), SECRET, { mode: 0o600 });
  const lines = linesOf(
    { shape: 'access', tokens: DISTINCT_LINES, distinct: 20_000 },
    hmacSigner(),
  );
  const text = [];
  for (const line of lines) text.push(line.text);
  writeFileSync(file('lines'), text.join(''));
  const results = [];
  for (const command of ['analyze', 'audit']) results.push(await measure(command));
  const report = `# Following a log

${machine.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${process.version}, commit ${machine.commit}, load before ${fixed(machine.load, 2)}.
A report every 200 ms into a pipe. Idle: ${IDLE_SECONDS} s in which nothing is written. Under load: another process on the same
machine appends access log lines with tokens (20,000 different ones) for ${seconds} s. Lag: from the last line written until a report
counts it; audit waits for no late lines here (--lateness 0s). CPU in cores.

${table(
  ['command', 'idle CPU', 'lines/s', 'lag ms', 'CPU under load', 'MiB'],
  results.map(({ command, idle, written, lag, load, memory }) => [
    `\`${command} --follow\``,
    `${fixed(idle * 100, 1)} %`,
    grouped(Math.round(written)),
    grouped(Math.round(lag)),
    fixed(load, 2),
    grouped(Math.round(memory)),
  ]),
)}
## Goals

${table(
  ['goal', 'demanded', 'measured', ''],
  results.flatMap(({ command, idle, lag }) => [
    [`\`${command}\`, idle`, 'under 5 %', `${fixed(idle * 100, 1)} %`, isMet(idle < 0.05)],
    [
      `\`${command}\`, lag at ${grouped(rate)} lines/s`,
      'under 1 s',
      `${fixed(lag / 1000, 2)} s`,
      isMet(lag < 1000),
    ],
  ]),
)}`;
  writeFileSync(join(import.meta.dirname, 'RESULTS.md'), report);
  process.stdout.write(report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
