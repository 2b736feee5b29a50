import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadDuckDb } from '../../src/store/duckdb/load.ts';
import { openDuckDbStore } from '../../src/store/duckdb/store.ts';
import { openStore } from '../../src/store/open.ts';
import { EVERYTHING } from '../../src/store/store.ts';
import { tempFolder } from '../support/folder.ts';
import { batchOf, canonical, eventsOf } from './contract.ts';
import { inOrder } from './memory-store.ts';
import { eventWith, randomEvents } from './random-events.ts';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const newPath = (): string => join(tempFolder(), 'history.duckdb');
const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing failed',
    (error: unknown) => error,
  );

/** Runs SQL on a file as another program would. */
const runSql = async (path: string, sql: string): Promise<unknown[][]> => {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};

describe('the file of a DuckDB store', () => {
  test('is made by the first write, with folders, for its owner alone', async () => {
    const path = join(tempFolder(), 'a', 'b', 'history.duckdb');
    const store = await openStore(`duckdb:${path}`);
    expect(await eventsOf(store)).toEqual([]);
    expect(existsSync(dirname(path))).toBe(false);
    await store.append(batchOf(eventWith('a')));
    expect(modeOf(path)).toBe('600');
    expect([modeOf(dirname(path)), modeOf(dirname(dirname(path)))]).toEqual(['700', '700']);
    expect(readdirSync(dirname(path))).toEqual(['history.duckdb']);
  });

  test('that is missing is no empty history where it is to be read only: exit 3', async () => {
    const path = newPath();
    expect(await failure(openStore(`duckdb:${path}`, { create: false }))).toMatchObject({
      code: 'INPUT',
      message: `cannot read ${path}: no such file or directory`,
    });
  });

  test.each([
    ['a log', Buffer.from('2026-01-01 line of a log\n'.repeat(1000))],
    ['one byte', Buffer.from('x')],
    ['empty', Buffer.alloc(0)],
  ])('that is %s and no database is refused and left as it is', async (_name, bytes) => {
    const path = newPath();
    writeFileSync(path, bytes);
    const error = await failure(openDuckDbStore(path));
    expect(error).toMatchObject({ code: 'USAGE', message: `${path} is not a DuckDB database` });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(['history.duckdb']);
  });

  test('of another program, or of a newer authlog, is refused and left as it is', async () => {
    const path = newPath();
    await runSql(path, 'CREATE TABLE theirs AS SELECT 1 AS one');
    expect(await failure(openDuckDbStore(path))).toMatchObject({
      code: 'USAGE',
      message: `${path} is a database of another program`,
    });
    const newer = newPath();
    const store = await openDuckDbStore(newer);
    await store.append(batchOf(eventWith('a')));
    await runSql(newer, 'UPDATE authlog_schema SET version = 99');
    const error = await failure(store.append(batchOf(eventWith('b'))));
    expect(error).toMatchObject({ code: 'USAGE', hint: 'Update authlog.' });
    expect(await runSql(newer, 'SELECT event_id FROM events')).toEqual([['a']]);
  });

  test('is not written through a symbolic link, nor where everybody may replace it', async () => {
    const path = newPath();
    await (await openDuckDbStore(path)).append(batchOf(eventWith('a')));
    const link = join(tempFolder(), 'link.duckdb');
    symlinkSync(path, link);
    const store = await openDuckDbStore(link);
    expect((await eventsOf(store)).length).toBe(1);
    expect(await failure(store.append(batchOf(eventWith('b'))))).toMatchObject({ code: 'USAGE' });
    chmodSync(dirname(path), 0o777);
    const open = await openDuckDbStore(path);
    expect(await failure(open.append(batchOf(eventWith('b'))))).toMatchObject({ code: 'USAGE' });
    expect((await eventsOf(open)).length).toBe(1);
  });

  test('that is a folder, or in a place where none can be made, is one sentence', async () => {
    const folder = newPath();
    mkdirSync(folder);
    expect(await failure(openDuckDbStore(folder))).toMatchObject({ name: 'AuthlogError' });
    const store = await openDuckDbStore('/proc/authlog/history.duckdb');
    const error = await failure(store.append(batchOf(eventWith('a'))));
    expect(error).toMatchObject({ code: 'OUTPUT' });
    expect((error as Error).message).toMatch(
      /^cannot write \/proc\/authlog\/history.duckdb: no such/,
    );
  });

  test('on a full disk keeps what it had, and goes on when there is room', async ({ skip }) => {
    const folder = tempFolder();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder]);
    if (mounted.status !== 0) {
      console.warn('not tested: a full disk (only root can mount one)');
      skip();
    }
    onTestFinished(() => void spawnSync('umount', ['-l', folder]));
    const path = join(folder, 'history.duckdb');
    const store = await openDuckDbStore(path);
    await store.append({ ...batchOf(eventWith('a')), checkpoint: { source: 's', state: '1' } });
    const filler = join(folder, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']);
    const batch = { ...batchOf(...randomEvents(9, 3000)), checkpoint: { source: 's', state: '2' } };
    const error = await failure(store.append(batch));
    expect(error).toMatchObject({
      code: 'OUTPUT',
      message: `cannot write ${path}: no space left on device`,
    });
    spawnSync('rm', [filler]);
    expect(await store.checkpoint('s')).toEqual({ source: 's', state: '1' });
    expect((await eventsOf(store)).length).toBe(1);
    expect(await store.append(batch)).toEqual({ added: 3000, known: 0 });
  });

  test('forgets so that nothing of a user is left in it, and stays private', async () => {
    const path = newPath();
    const store = await openDuckDbStore(path);
    const others = randomEvents(11, 4000, 'other');
    const email = 'secret-person@example.org';
    const theirs = Array.from({ length: 500 }, (_, i) =>
      eventWith(`theirs-${i}`, { user_id: 'user-to-forget', email, path: `/p${i}` }),
    );
    for (let i = 0; i < 4; i++) {
      const part = theirs.slice(i * 125, (i + 1) * 125);
      await store.append(batchOf(...part, ...others.slice(i * 1000, (i + 1) * 1000)));
    }
    await store.append({ events: [], checkpoint: { source: 's', state: '7' }, counts: null });
    const traces = [email, 'secret-person', 'user-to-forget', 'theirs-1'];
    const before = readFileSync(path);
    expect(
      traces.some((trace) => before.includes(trace)),
      'not all is compressed',
    ).toBe(true);
    expect(await store.forget({ userId: 'user-to-forget' })).toBe(500);
    expect(readdirSync(dirname(path))).toEqual(['history.duckdb']);
    const bytes = readFileSync(path);
    for (const trace of traces) {
      expect(bytes.includes(trace), trace).toBe(false);
    }
    expect(modeOf(path)).toBe('600');
    expect(await store.checkpoint('s')).toEqual({ source: 's', state: '7' });
    const found = await eventsOf(store);
    expect(found.map(canonical)).toEqual(others.toSorted(inOrder).map(canonical));
    expect(await store.append(batchOf(others[0]!, theirs[0]!))).toEqual({ added: 1, known: 1 });
  });
});

describe('events as Parquet', () => {
  test('have plain columns and the whole event, and only those of the window', async () => {
    const store = await openDuckDbStore(newPath());
    const events = randomEvents(13, 500);
    await store.append(batchOf(...events));
    const file = join(tempFolder(), "it's.parquet");
    await store.exportParquet(file, EVERYTHING);
    expect(modeOf(file)).toBe('600');
    expect(readdirSync(dirname(file))).toEqual(["it's.parquet"]);
    const from = `read_parquet('${file.replaceAll("'", "''")}')`;
    const rows = await runSql(':memory:', `SELECT event_id, token_id, json, user_id FROM ${from}`);
    const expected = events;
    expect(rows.map(([id]) => id)).toEqual(expected.map((event) => event.event_id));
    const told = rows.map(([event_id, token_id, json]) =>
      canonical({ ...(JSON.parse(json as string) as object), event_id, token_id }),
    );
    expect(told).toEqual(expected.map(canonical));
    expect(rows.map(([, , , user]) => user)).toEqual(
      expected.map(({ user_id: user }) => (user === null ? null : String(user))),
    );
    const at = Date.UTC(2026, 0, 1, 0, 5);
    await store.exportParquet(file, { since: at, until: null });
    const [count] = await runSql(
      ':memory:',
      `SELECT count(*)::INT, min(time)::VARCHAR FROM ${from}`,
    );
    const within = events.filter(({ time }) => time !== null && Date.parse(time) >= at);
    expect(count![0]).toBe(within.length);
    expect(String(count![1]).startsWith('2026-01-01 00:0')).toBe(true);
  });

  test('never replace what is no file, and name a place that is missing', async () => {
    const store = await openDuckDbStore(newPath());
    await store.append(batchOf(eventWith('a')));
    expect(await failure(store.exportParquet('/dev/null', EVERYTHING))).toMatchObject({
      code: 'USAGE',
    });
    const missing = join(tempFolder(), 'no', 'x.parquet');
    expect(await failure(store.exportParquet(missing, EVERYTHING))).toMatchObject({
      code: 'OUTPUT',
      message: `cannot write ${missing}: no such file or directory`,
    });
  });
});

test('a missing package is one sentence with the command that installs it', async () => {
  const error = await failure(loadDuckDb(() => Promise.reject(new Error('Cannot find module'))));
  expect(error).toMatchObject({
    code: 'USAGE',
    hint: 'Install it: npm install @duckdb/node-api',
  });
});
