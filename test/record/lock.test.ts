import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock } from '../../src/record/lock.ts';
import { tempFolder } from '../support/folder.ts';
import { buildChild, startChild } from './children.ts';
import { readLog, writersWithGaps } from './events.ts';
import { checkLog } from '../../src/record/check-log.ts';
import { openEventLog } from '../../src/record/open.ts';
import { eventOf } from './events.ts';

const lockPath = (): string => join(tempFolder(), 'events.jsonl.lock');

test('a lock has one holder, and is free after it', async () => {
  const path = lockPath();
  const lock = await acquireLock(path, 0);
  await expect(acquireLock(path, 0)).rejects.toMatchObject({ code: 'LOCKED', exitCode: 75 });
  const waits = acquireLock(path, 5000);
  lock.release();
  (await waits).release();
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('a lock is taken from a holder that is dead beyond doubt, and only from such', async () => {
  const path = lockPath();
  const lock = await acquireLock(path, 0);
  const self = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  lock.release();
  const dead = spawnSync('true').pid;
  const refused = [
    { ...self },
    { ...self, pid: dead, boot: 'another', machine: 'another' },
    { ...self, pid: dead, namespace: 'pid:[1]' },
    { ...self, pid: dead, host: 'elsewhere' },
    { ...self, pid: dead, boot: null },
    { ...self, pid: -1 },
    'no JSON',
  ];
  for (const holder of refused) {
    writeFileSync(path, typeof holder === 'string' ? holder : JSON.stringify(holder));
    await expect(acquireLock(path, 0), JSON.stringify(holder)).rejects.toMatchObject({
      code: 'LOCKED',
    });
  }
  for (const holder of [
    { ...self, pid: dead },
    { ...self, start: '1' },
  ]) {
    writeFileSync(path, JSON.stringify(holder));
    (await acquireLock(path, 0)).release();
  }
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('many that want the lock of a dead process at once get it one at a time', async () => {
  const path = lockPath();
  const lock = await acquireLock(path, 0);
  const self = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  lock.release();
  writeFileSync(path, JSON.stringify({ ...self, pid: spawnSync('true').pid }));
  let holders = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const held = await acquireLock(path, 30_000);
      most = Math.max(most, (holders += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      holders -= 1;
      held.release();
    }),
  );
  expect(most).toBe(1);
});

test('a chain goes on where a process was killed, and where others had it before', async () => {
  const folder = tempFolder();
  const to = join(folder, 'events.jsonl');
  const program = await buildChild(folder);
  const options = { to, chain: true, count: 1e6, lengths: [100, 30_000], acknowledges: true };
  const killed = [];
  for (let n = 0; n < 8; n++) {
    const child = startChild(program, { ...options, name: `k${n}` });
    await child.opened;
    child.process.kill('SIGKILL');
    await child.ended;
    killed.push(child);
  }
  const log = await openEventLog(to, { chain: true });
  await log.append(eventOf('after'));
  await log.close();
  const { events } = readLog(to);
  const found = new Set(events.map(({ event_id }) => event_id));
  expect(killed.flatMap((child) => child.acknowledged()).filter((id) => !found.has(id))).toEqual(
    [],
  );
  expect(writersWithGaps(events)).toEqual([]);
  expect(new Set(events.map(({ writer }) => writer)).size).toBe(1);
  const check = await checkLog([to]);
  expect(check).toMatchObject({ intact: true, chains: 1, records: events.length });
});
