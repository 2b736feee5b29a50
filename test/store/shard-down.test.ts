import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Summary } from '../../src/summarize/summary.ts';
import { BIN, spawnCli } from '../support/cli.ts';
import { startClickHouse } from '../support/clickhouse.ts';
import { tempFolder } from '../support/folder.ts';
import { NOW, SECRET } from '../support/tokens.ts';
import { everyVerdictLog } from './every-verdict.ts';

const LINES = 60_000;

const summaryOf = (json: string): Summary => JSON.parse(json) as Summary;

test('a shard killed during ingest and during a report: nothing is lost, and what is missing is said', async () => {
  const service = await startClickHouse({ shards: 2 });
  if (service === null) return;
  onTestFinished(() => service.stop());
  const folder = tempFolder();
  const log = join(folder, 'auth.log');
  writeFileSync(log, everyVerdictLog(LINES));
  const env = { AUTHLOG_SECRET: SECRET, HOME: folder };
  const url = service.url(service.database());
  const ingest = ['ingest', log, '--store', url, '--now', NOW, '-q'];

  // The first batches are stored, then a shard dies under the run.
  const child = spawn(process.execPath, [BIN, ...ingest], { env, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => void child.on('close', resolve));
  const stored = async (): Promise<boolean> => {
    const result = await spawnCli(['analyze', url, '--now', NOW, '--json', '-q'], { env });
    return result.code === 0 && summaryOf(result.stdout).totals.tokens > 0;
  };
  while (child.exitCode === null && !(await stored())) await setTimeout(50);
  await service.kill(1);
  expect(await ended, 'the run was over before the shard died').toBe(4);

  const partial = await spawnCli(['analyze', url, '--now', NOW, '--json'], { env });
  expect(partial.code).toBe(3);
  expect(partial.stderr).toContain('did not answer');
  const { incomplete } = summaryOf(partial.stdout);
  expect(incomplete?.map(({ path }) => path)).toEqual([url.replace(/\?.*/, '')]);
  expect(incomplete?.[0]?.detail).toContain(service.address(1));

  // The shard is back: the next run goes on exactly there.
  await service.restart(1);
  const again = await spawnCli(ingest, { env });
  expect(again, again.stderr).toMatchObject({ code: 0 });
  const whole = await spawnCli(['analyze', url, '--now', NOW, '--json', '-q'], { env });
  expect(whole.code).toBe(0);
  const ofLog = await spawnCli(['analyze', log, '--now', NOW, '--json', '-q', '--no-findings'], {
    env,
  });
  const { totals, users, expiry } = summaryOf(whole.stdout);
  const expected = summaryOf(ofLog.stdout);
  expect({ totals, users, expiry }).toEqual({
    totals: expected.totals,
    users: expected.users,
    expiry: expected.expiry,
  });
});
