import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openEventLog } from '../../src/record/open.ts';
import type { SyncFile } from '../../src/record/syncer.ts';
import { tempFolder } from '../support/folder.ts';
import { eventOf, readLog } from './events.ts';

/** A disk that answers when the test says so. */
const slowDisk = (): { syncFile: SyncFile; waiting: ((error: Error | null) => void)[] } => {
  const waiting: ((error: Error | null) => void)[] = [];
  return { waiting, syncFile: (_fd, done) => void waiting.push(done) };
};

const pathOf = (): string => join(tempFolder(), 'events.jsonl');
const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await setImmediate();
};

describe('durability always', () => {
  test('events that wait together share one sync, and none counts before it', async () => {
    const { syncFile, waiting } = slowDisk();
    const log = await openEventLog(pathOf(), { durability: 'always', syncFile });
    const done: string[] = [];
    const append = (id: string): Promise<unknown> =>
      log.append(eventOf(id)).then(() => done.push(id));
    const first = Array.from({ length: 50 }, (_, n) => append(`a${n}`));
    await turns();
    expect(waiting).toHaveLength(1);
    // Came while the disk was busy: it may have missed it.
    const late = append('late');
    await turns();
    expect({ syncs: waiting.length, done }).toEqual({ syncs: 1, done: [] });
    waiting.shift()!(null);
    await Promise.all(first);
    await turns();
    expect(done).toHaveLength(50);
    expect(waiting).toHaveLength(1);
    waiting.shift()!(null);
    await late;
    const closed = log.close();
    await turns();
    waiting.shift()!(null);
    await closed;
  });

  test('a disk that did not keep what it took is not asked again', async () => {
    const { syncFile, waiting } = slowDisk();
    const log = await openEventLog(pathOf(), { durability: 'always', syncFile });
    const lost = log.append(eventOf('lost'));
    await turns();
    waiting.shift()!(Object.assign(new Error('EIO'), { code: 'EIO', errno: -5 }));
    await expect(lost).rejects.toMatchObject({ code: 'OUTPUT' });
    await expect(log.append(eventOf('next'))).rejects.toMatchObject({ code: 'OUTPUT' });
    expect(waiting).toEqual([]);
    const closed = log.close();
    await turns();
    waiting.shift()?.(null);
    await expect(closed).rejects.toMatchObject({ code: 'OUTPUT' });
  });
});

test('durability interval: synced within a second after a write, and not without one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let syncs = 0;
  const syncFile: SyncFile = (_fd, done) => {
    syncs += 1;
    done(null);
  };
  const log = await openEventLog(pathOf(), { syncFile });
  await log.append(eventOf('a'));
  await log.append(eventOf('b'));
  expect(syncs).toBe(0);
  vi.advanceTimersByTime(1000);
  await turns();
  expect(syncs).toBe(1);
  vi.advanceTimersByTime(10_000);
  await turns();
  expect(syncs).toBe(1);
  await log.reopen();
  expect(syncs).toBe(2);
  await log.append(eventOf('c'));
  await log.close();
  expect(syncs).toBe(3);
});

test('durability none: never synced', async () => {
  const { syncFile, waiting } = slowDisk();
  const log = await openEventLog(pathOf(), { durability: 'none', syncFile });
  await log.append(eventOf('a'));
  await log.reopen();
  await log.close();
  expect(waiting).toEqual([]);
});

describe('a file that was renamed', () => {
  const openWithClock = async (): Promise<{
    to: string;
    log: Awaited<ReturnType<typeof openEventLog>>;
  }> => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const to = pathOf();
    return { to, log: await openEventLog(to) };
  };
  const ids = (path: string): string[] => readLog(path).events.map(({ event_id }) => event_id);
  const tick = (): void => void vi.setSystemTime(Date.now() + 1001);

  test('is left for the one that has its name now, without a signal', async () => {
    const { to, log } = await openWithClock();
    await log.append(eventOf('a'));
    renameSync(to, `${to}.1`);
    writeFileSync(to, '', { mode: 0o600 });
    await log.append(eventOf('still within the second'));
    tick();
    await log.append(eventOf('b'));
    await log.close();
    expect(ids(`${to}.1`)).toEqual(['a', 'still within the second']);
    expect(ids(to)).toEqual(['b']);
  });

  test('is replaced where nobody makes a new one', async () => {
    const { to, log } = await openWithClock();
    await log.append(eventOf('a'));
    renameSync(to, `${to}.1`);
    tick();
    await log.append(eventOf('b'));
    expect(existsSync(to)).toBe(false);
    tick();
    await log.append(eventOf('c'));
    await log.close();
    expect([ids(`${to}.1`), ids(to)]).toEqual([['a', 'b'], ['c']]);
  });

  test('and replaced by something else stops the recording until that is mended', async () => {
    const { to, log } = await openWithClock();
    await log.append(eventOf('a'));
    renameSync(to, `${to}.1`);
    writeFileSync(to, 'root:x:0:0\n');
    tick();
    for (const id of ['b', 'c']) {
      await expect(log.append(eventOf(id))).rejects.toMatchObject({ code: 'USAGE' });
    }
    renameSync(to, `${to}.other`);
    await log.append(eventOf('d'));
    await log.close();
    expect([ids(`${to}.1`), ids(to)]).toEqual([['a'], ['d']]);
  });
});

test('a record that is too long is cut, and stays one line of 64 KiB at most', async () => {
  const to = pathOf();
  const log = await openEventLog(to);
  const long = '\u0001'.repeat(3e6);
  await log.append({ ...eventOf('a', 3e6), user_agent: long, roles: Array(5000).fill(long) });
  const names = Array.from({ length: 40 }, (_, n) => `${n}${long}`);
  await log.append({
    ...eventOf('b'),
    fields: Object.fromEntries(names.map((name) => [name, long])),
  });
  await log.append({
    ...eventOf('c'),
    email: '\u20AC'.repeat(60_000),
    path: '\uD83D\uDE00'.repeat(9e4),
  });
  await log.close();
  const { events, torn } = readLog(to);
  expect(torn).toEqual([]);
  expect(events.map(({ event_id }) => event_id)).toEqual(['a', 'b', 'c']);
  for (const event of events) expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(65_536);
  expect(events[0]!.event).toMatch(/^x+…\[cut\]$/);
  expect(events[2]!.email!.length).toBeGreaterThan(1000);
});
