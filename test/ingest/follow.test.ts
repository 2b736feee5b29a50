import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { BIN } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { lines, upTo } from './simulator/scripted.ts';
import { untilStored } from './support.ts';

interface Following {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string }>;
}

const follow = (log: string, store: string): Following => {
  const args = ['ingest', log, '--no-verify', '--store', store, '--follow', '--poll', '50ms'];
  const child = spawn(process.execPath, [BIN, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const ended = new Promise<{ code: number | null; stdout: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout }));
  });
  return { child, ended };
};

test('--follow sees a log appear, grow, be renamed, truncated and made anew; SIGTERM ends it with 0', async () => {
  const folder = tempFolder();
  const log = join(folder, 'app.log');
  const store = `duckdb:${join(folder, 'h.duckdb')}`;
  const { child, ended } = follow(log, store);
  await sleep(300);
  writeFileSync(log, lines(1, 3));
  await untilStored(store, 3);
  appendFileSync(log, lines(4, 5).subarray(0, -20));
  await untilStored(store, 4);
  appendFileSync(log, lines(5, 5).subarray(-20));
  await untilStored(store, 5);
  renameSync(log, `${log}.1`);
  appendFileSync(`${log}.1`, lines(6, 6));
  writeFileSync(log, lines(7, 8));
  await untilStored(store, 8);
  renameSync(`${log}.1`, `${log}.2`);
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
  appendFileSync(log, lines(9, 9));
  expect(await untilStored(store, 9)).toEqual(upTo(9));
  child.kill('SIGTERM');
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  expect(stdout.split('\n')).toHaveLength(2);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'authlog.ingest/1',
    totals: { lines: 9, events_added: 9, lines_held: 0 },
    incomplete: null,
  });
});

test.each([
  ['create, compress', 'create 0600\ncompress'],
  ['create, delaycompress', 'create 0600\ncompress\ndelaycompress'],
  ['copytruncate', 'copytruncate'],
  ['copytruncate, compress, dateext', 'copytruncate\ncompress\ndateext\ndateformat -%Y%m%d-%s'],
])('logrotate with %s while --follow reads: every line once', async (_name, directives) => {
  if (spawnSync('logrotate', ['--version']).status !== 0) {
    process.stderr.write('skipped: there is no logrotate\n');
    return;
  }
  const folder = tempFolder();
  const log = join(folder, 'app.log');
  const store = `duckdb:${join(folder, 'h.duckdb')}`;
  const config = join(folder, 'logrotate.conf');
  writeFileSync(config, `"${log}" {\nrotate 9\n${directives}\n}\n`, { mode: 0o600 });
  writeFileSync(log, '');
  const { child, ended } = follow(log, store);
  for (let turn = 0; turn < 4; turn++) {
    appendFileSync(log, lines(turn * 10 + 1, turn * 10 + 10));
    await sleep(turn % 2 === 0 ? 0 : 120);
    const done = spawnSync('logrotate', ['-f', '-s', join(folder, 'state'), config]);
    expect(done.status, done.stderr.toString()).toBe(0);
    // Two files of one second would get one name.
    if (directives.includes('%s')) await sleep(1000);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('app.log')).length).toBe(5);
  expect(await untilStored(store, 40)).toEqual(upTo(40));
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
});
