import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDbStore } from '../../src/store/duckdb/store.ts';
import { tempFolder } from '../support/folder.ts';
import { batchOf, eventsOf } from './contract.ts';
import { buildChild, startChild } from './duckdb-children.ts';
import { eventWith, randomFrom } from './random-events.ts';

const folder = mkdtempSync(join(tmpdir(), 'authlog-test-'));
let program = '';
beforeAll(async () => {
  program = await buildChild(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a DuckDB store and its processes', () => {
  test('20 times killed while it appends: what was acknowledged is there once, with its checkpoint', async () => {
    const path = join(tempFolder(), 'history.duckdb');
    const random = randomFrom(20);
    const size = 300;
    let reached = 0;
    for (let kill = 0; kill < 20; kill++) {
      const child = startChild(program, { path, name: 'k', batches: 1000, size });
      await child.started;
      // Every other one has come further first, however slow the machine is.
      for (let isFar = kill % 2 === 0; !isFar; await sleep(5)) {
        isFar = child.acknowledged() > reached || child.stderr() !== '';
      }
      await sleep(Math.floor(random() * 250));
      child.process.kill('SIGKILL');
      await child.ended;
      expect(child.stderr()).toBe('');
      const store = await openDuckDbStore(path);
      const checkpoint = Number((await store.checkpoint('k'))?.state ?? 0);
      expect(checkpoint).toBeGreaterThanOrEqual(child.acknowledged());
      expect(checkpoint).toBeGreaterThanOrEqual(reached);
      reached = checkpoint;
      const ids = (await eventsOf(store)).map(({ event_id: id }) => id);
      const expected = Array.from({ length: checkpoint * size }, (_, i) =>
        ['k', Math.floor(i / size), i % size].join('-'),
      );
      expect(ids.toSorted()).toEqual(expected.toSorted());
      expect((await store.counts())?.lines ?? 0).toBe(checkpoint * size);
      const modes = readdirSync(join(path, '..')).map(
        (name) => statSync(join(path, '..', name)).mode & 0o077,
      );
      expect(modes.every((mode) => mode === 0)).toBe(true);
    }
    expect(reached).toBeGreaterThanOrEqual(10);
    await (await openDuckDbStore(path)).append(batchOf(eventWith('last')));
    expect(readdirSync(join(path, '..')), 'nothing is left lying about').toEqual([
      'history.duckdb',
    ]);
  });

  test('three processes append at once, the first of them makes the file: all is there', async () => {
    const path = join(tempFolder(), 'deep', 'er', 'history.duckdb');
    const children = ['a', 'b', 'c'].map((name) =>
      startChild(program, { path, name, batches: 8, size: 100 }),
    );
    for (const child of children) {
      expect(await child.ended, child.stderr()).toBe(0);
    }
    const store = await openDuckDbStore(path);
    expect((await eventsOf(store)).length).toBe(3 * 8 * 100);
    expect(await store.counts()).toMatchObject({ lines: 2400, notices: { a: 8, b: 8, c: 8 } });
    for (const name of ['a', 'b', 'c']) expect((await store.checkpoint(name))?.state).toBe('8');
  });

  test('a writer and a reader wait while another process writes', async () => {
    const path = join(tempFolder(), 'history.duckdb');
    const child = startChild(program, { path, name: 'h', batches: 1, size: 1, hold: 1000 });
    await child.started;
    const store = await openDuckDbStore(path);
    const [appended] = await Promise.all([
      store.append(batchOf(eventWith('mine'))),
      eventsOf(store),
    ]);
    expect(appended).toEqual({ added: 1, known: 0 });
    expect(await child.ended).toBe(0);
    expect((await eventsOf(store)).length).toBe(2);
  });

  test('a reader waits for a checkpoint that is under way, and writes nothing: it may have no right to', async () => {
    const path = join(tempFolder(), 'history.duckdb');
    const child = startChild(program, { path, name: 'h', batches: 1, size: 1, hold: 1500 });
    await child.started;
    writeFileSync(`${path}.journal`, '');
    const reading = openDuckDbStore(path).then((store) => store.checkpoint('h'));
    const seen = new Set<string>();
    for (let look = 0; look < 50; look++) {
      for (const name of readdirSync(join(path, '..'))) seen.add(name);
      await sleep(10);
    }
    rmSync(`${path}.journal`);
    expect([...seen].filter((name) => name.includes('.lock'))).toEqual([]);
    await reading;
    expect(await child.ended).toBe(0);
  });

  test('when a process holds the file for too long, it is named to all who wait: exit 75', async () => {
    const path = join(tempFolder(), 'history.duckdb');
    const stores = await Promise.all(Array.from({ length: 12 }, () => openDuckDbStore(path)));
    const child = startChild(program, { path, name: 'h', batches: 0, size: 0, hold: 60_000 });
    await child.started;
    const waited = await Promise.allSettled(
      stores.flatMap((store) => [store.append(batchOf(eventWith('mine'))), store.counts()]),
    );
    const message = `process ${child.process.pid} holds ${path}`;
    const reason = { code: 'LOCKED', exitCode: 75, message };
    for (const result of waited) expect(result).toMatchObject({ status: 'rejected', reason });
    child.process.kill('SIGKILL');
    await child.ended;
    expect(await stores[0]!.append(batchOf(eventWith('mine')))).toEqual({ added: 1, known: 0 });
  });
});
