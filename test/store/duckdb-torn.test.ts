import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDbStore } from '../../src/store/duckdb/store.ts';
import { ROOT } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { describeWith } from '../support/servers.ts';
import { batchOf, eventsOf } from './contract.ts';
import { buildChild, startChild, type Child } from './duckdb-children.ts';
import { eventWith } from './random-events.ts';

const SIZE = 50;

const folder = mkdtempSync(join(tmpdir(), 'authlog-test-'));
const library = join(folder, 'torn-write.so');
const before = join(folder, 'before');
let program = '';

/** The ids of the first `batches` batches. */
const idsOf = (batches: number): string[] =>
  Array.from({ length: batches * SIZE }, (_, i) => `k-${Math.floor(i / SIZE)}-${i % SIZE}`);

/** A copy of the store before the checkpoint. */
const newStore = (): string => {
  const to = tempFolder();
  cpSync(before, to, { recursive: true });
  return join(to, 'history.duckdb');
};

/** Appends a batch; the process dies in the middle of a write to the store, if it comes to that one. */
const appendTorn = async (path: string, tornAt: number): Promise<Child> => {
  const env = { LD_PRELOAD: library, TORN_AT: String(tornAt) };
  const child = startChild(program, { path, name: 'k', batches: 1, size: SIZE }, env);
  await child.ended;
  expect(child.stderr()).toBe('');
  return child;
};

/** A store that was left in the middle of a checkpoint. */
const interrupted = async (): Promise<string> => {
  for (let tornAt = 1; tornAt < 50; tornAt++) {
    const path = newStore();
    await appendTorn(path, tornAt);
    if (existsSync(`${path}.journal`)) return path;
  }
  throw new Error('no checkpoint was interrupted');
};

const batchesIn = async (path: string): Promise<number> => {
  const store = await openDuckDbStore(path);
  const batches = Number((await store.checkpoint('k'))?.state ?? 0);
  const ids = (await eventsOf(store)).map(({ event_id: id }) => id);
  expect(ids.toSorted()).toEqual(idsOf(batches).toSorted());
  return batches;
};

describeWith(
  'cc',
  (cc) => {
    beforeAll(async () => {
      const flags = ['-shared', '-fPIC', '-o', library, `${ROOT}test/store/torn-write.c`, '-ldl'];
      const { status, stderr } = spawnSync(cc, flags, { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      program = await buildChild(folder);
      const store = await openDuckDbStore(join(before, 'history.duckdb'));
      for (const batch of [0, 1, 2]) {
        const events = idsOf(3)
          .slice(batch * SIZE, (batch + 1) * SIZE)
          .map((id) => eventWith(id));
        const checkpoint = { source: 'k', state: String(batch + 1) };
        await store.append({ events, checkpoint, counts: null });
      }
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('killed in the middle of any write: the store opens, with all that was acknowledged', async () => {
      let interruptions = 0;
      for (let tornAt = 1; ; tornAt++) {
        const path = newStore();
        const child = await appendTorn(path, tornAt);
        if (existsSync(`${path}.journal`)) interruptions++;
        expect(await batchesIn(path)).toBeGreaterThanOrEqual(Math.max(3, child.acknowledged()));
        await (await openDuckDbStore(path)).append(batchOf(eventWith('last')));
        expect(readdirSync(dirname(path))).toEqual(['history.duckdb']);
        if (child.process.signalCode === null) break;
      }
      expect(interruptions).toBeGreaterThan(1);
    });

    test('three processes meet a checkpoint that was stopped: one takes it back, all append', async () => {
      const path = await interrupted();
      const children = ['a', 'b', 'c'].map((name) =>
        startChild(program, { path, name, batches: 3, size: 20 }),
      );
      for (const child of children) expect(await child.ended, child.stderr()).toBe(0);
      const events = await eventsOf(await openDuckDbStore(path));
      expect(events.length).toBe(4 * SIZE + 3 * 3 * 20);
      expect(readdirSync(dirname(path))).toEqual(['history.duckdb']);
    });

    test('a journal of a checkpoint that was completed later is not played back', async () => {
      const path = await interrupted();
      const journal = `${path}.journal`;
      copyFileSync(journal, `${folder}/journal`);
      await (await openDuckDbStore(path)).append(batchOf(eventWith('k-4-0')));
      copyFileSync(`${folder}/journal`, journal);
      expect((await eventsOf(await openDuckDbStore(path))).length).toBe(4 * SIZE + 1);
      expect(existsSync(journal)).toBe(false);
    });

    test.each([
      ['not whole', (bytes: Buffer) => bytes.subarray(0, 100_000)],
      ['damaged', (bytes: Buffer) => bytes.fill(1, 13_000, 13_001)],
    ])('a journal that is %s says nothing: the store is taken as it is', async (_name, damage) => {
      const path = newStore();
      writeFileSync(`${path}.journal`, damage(readFileSync(`${await interrupted()}.journal`)));
      expect(await batchesIn(path)).toBe(3);
      expect(existsSync(`${path}.journal`)).toBe(false);
    });

    test('a checkpoint that cannot be taken back is one sentence, and nothing is touched: exit 3', async () => {
      const path = newStore();
      mkdirSync(`${path}.journal`);
      const error: unknown = await openDuckDbStore(path).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'INPUT',
        exitCode: 3,
        message: `cannot read ${path}: a process was stopped while it wrote there, which can't be undone: illegal operation on a directory`,
      });
      expect(readdirSync(dirname(path))).toEqual(['history.duckdb', 'history.duckdb.journal']);
    });
  },
  { from: 'gcc' },
);
