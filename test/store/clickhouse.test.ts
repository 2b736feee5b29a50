import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AuthlogError } from '../../src/errors.ts';
import { openClickHouseStore } from '../../src/store/clickhouse/open.ts';
import {
  EVERYTHING,
  type EventFilter,
  type EventStore,
  type MissingPart,
} from '../../src/store/store.ts';
import { PASSWORD, startClickHouse, USER } from '../support/clickhouse.ts';
import { freePorts } from '../support/ports.ts';
import { batchOf, eventsOf, storeContract } from './contract.ts';
import { eventWith } from './random-events.ts';

const single = await startClickHouse({ shards: 1 });
const cluster = await startClickHouse({ shards: 2 });
afterAll(async () => {
  await single?.stop();
  await cluster?.stop();
});

const opened = async (url: string): Promise<EventStore> => {
  const store = await openClickHouseStore(url);
  onTestFinished(() => store.close());
  return store;
};

const failureOf = async (task: Promise<unknown>): Promise<AuthlogError> => {
  const error = await task.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AuthlogError);
  return error as AuthlogError;
};

const uses = async (
  store: EventStore,
  onMissing?: (part: MissingPart) => void,
  filter: EventFilter = EVERYTHING,
): Promise<number> => {
  let sum = 0;
  for await (const chunk of store.groups(filter, onMissing)) {
    for (const group of chunk) sum += group.uses;
  }
  return sum;
};

/** Events of many users, so that each shard has about half of them; one a second. */
const START = Date.UTC(2026, 0, 1);
const usersEvents = (count: number, from = 0): ReturnType<typeof eventWith>[] =>
  Array.from({ length: count }, (_, i) =>
    eventWith(`u${String(from + i).padStart(7, '0')}`, {
      user_id: `user${(from + i) % 500}`,
      time: new Date(START + (from + i) * 1000).toISOString(),
    }),
  );

if (single !== null) {
  storeContract('ClickHouse on one server', async () => {
    const url = single.url(single.database());
    return { store: await openClickHouseStore(url), reopen: () => openClickHouseStore(url) };
  });
}

if (cluster !== null) {
  storeContract('ClickHouse on two shards', async () => {
    const url = cluster.url(cluster.database());
    return { store: await openClickHouseStore(url), reopen: () => openClickHouseStore(url) };
  });
}

if (single !== null)
  describe('ClickHouse on one server', () => {
    const { url, database, query } = single;

    test('what a repeat has inserted once more is never seen twice', async () => {
      const name = database();
      const store = await opened(url(name));
      await store.append(batchOf(...usersEvents(1000)));
      await query(0, `INSERT INTO ${name}.events_local SELECT * FROM ${name}.events_local`);
      expect(await query(0, `SELECT count() FROM ${name}.events_local`)).toBe('2000\n');
      expect((await eventsOf(store)).length).toBe(1000);
      expect(await uses(store)).toBe(1000);
      expect(await store.forget({ before: START + 10_000 })).toBe(10);
      expect(await uses(store)).toBe(990);
    });

    test('more events than a slice holds come in order: spread, crowded into one moment, without a time', async () => {
      const store = await opened(url(database()));
      const crowd = (prefix: string, time: string | null): ReturnType<typeof eventWith>[] =>
        Array.from({ length: 21_000 }, (_, i) => eventWith(`${prefix}${i + 100_000}`, { time }));
      const far = eventWith('far', { time: '9999-12-31T23:59:59.999Z' });
      const old = eventWith('old', { time: '0001-01-01T00:00:00Z' });
      const events = [...usersEvents(25_000), far, old];
      await store.append(batchOf(...events, ...crowd('now', '2026-01-01T00:00:00.500Z')));
      await store.append(batchOf(...crowd('never', null)));
      const found = await eventsOf(store);
      expect(found.length).toBe(25_002 + 42_000);
      expect(new Set(found.map((event) => event.event_id)).size).toBe(found.length);
      const times = found.map(({ time }) => (time === null ? Infinity : Date.parse(time)));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(found[0]!.event_id).toBe('old');
      const window = { since: START, until: START + 1000 };
      expect((await eventsOf(store, window)).length).toBe(21_001);
      expect(await uses(store, undefined, window)).toBe(21_001);
    });

    test('large events come in slices that fit', async () => {
      const store = await opened(url(database()));
      const large = usersEvents(500).map((event) => ({ ...event, path: 'x'.repeat(60_000) }));
      for (let from = 0; from < 500; from += 100) {
        await store.append(batchOf(...large.slice(from, from + 100)));
      }
      let most = 0;
      let count = 0;
      for await (const chunk of store.events(EVERYTHING)) {
        most = Math.max(most, chunk.length);
        count += chunk.length;
      }
      expect(count).toBe(500);
      expect(most).toBeLessThan(300);
    });

    test('long ids that look like SQL are asked for in portions', async () => {
      const store = await opened(url(database()));
      const events = Array.from({ length: 100 }, (_, i) =>
        eventWith(`'); DROP TABLE x; -- \\${i}${"'\\".repeat(15_000)}`),
      );
      expect(await store.append(batchOf(...events))).toEqual({ added: 100, known: 0 });
      expect(await store.append(batchOf(...events))).toEqual({ added: 0, known: 100 });
    });

    test('a user with a password, written as a URL writes it', async () => {
      const name = database();
      const as = (password: string): string =>
        url(name).replace('//', `//${USER}:${encodeURIComponent(password)}@`);
      const store = await opened(as(PASSWORD));
      await store.append(batchOf(eventWith('a')));
      const error = await failureOf(openClickHouseStore(as('wrong-password')));
      expect(error.code).toBe('USAGE');
      expect(error.message).toBe(
        `ClickHouse at ${single.httpAddress(0)} does not accept this user and password`,
      );
      expect(`${error.message}${error.hint}${error.stack}`).not.toMatch(/wrong-password|alice/);
    });

    test('a cluster that the server does not know is USAGE', async () => {
      const error = await failureOf(openClickHouseStore(`${url('db')}?cluster=nosuch`));
      expect([error.code, error.message]).toEqual([
        'USAGE',
        `ClickHouse at ${single.httpAddress(0)} knows no cluster nosuch`,
      ]);
    });
  });

if (cluster !== null)
  describe('ClickHouse on two shards', () => {
    const { url, database, query, kill, restart, address, httpAddress } = cluster;

    test('each user lies on one shard, and both have users', async () => {
      const name = database();
      const store = await opened(url(name));
      await store.append(batchOf(...usersEvents(2000)));
      const users = await Promise.all(
        [0, 1].map(async (shard) =>
          (await query(shard, `SELECT DISTINCT user FROM ${name}.events_local`)).trim().split('\n'),
        ),
      );
      expect(users[0]!.length).toBeGreaterThan(150);
      expect(users[1]!.length).toBeGreaterThan(150);
      expect(new Set([...users[0]!, ...users[1]!]).size).toBe(500);
      expect(users[0]!.length + users[1]!.length).toBe(500);
    });

    test('all servers of the cluster must be named', async () => {
      const error = await failureOf(
        openClickHouseStore(`clickhouse://${httpAddress(0)}/db?cluster=authlog`),
      );
      expect([error.code, error.message]).toEqual([
        'USAGE',
        'the cluster authlog has 2 servers, but the URL names 1',
      ]);
      expect(error.hint).toContain('clickhouse://127.0.0.1:8123,127.0.0.1:8123/db?cluster=authlog');
    });

    test('a shard dies while events are appended: OUTPUT, and a repeat completes what is missing', async () => {
      const store = await opened(url(database()));
      await store.append(batchOf(...usersEvents(1000)));
      const batch = {
        events: usersEvents(2000, 500),
        checkpoint: { source: 's', state: '1' },
        counts: { lines: 2000, linesWithToken: 2000, linesSkipped: 0, notices: {} },
      };
      const dying = Promise.all([
        failureOf(
          (async () => {
            for (let i = 0; i < 1000; i++) {
              await store.append(batchOf(...usersEvents(50, 10_000 + i * 50)));
            }
          })(),
        ),
        kill(1),
      ]);
      const [died] = await dying;
      expect(died.code).toBe('OUTPUT');
      const refused = await failureOf(store.append(batch));
      expect([refused.code, refused.message]).toEqual([
        'OUTPUT',
        'a shard of ClickHouse does not answer, so the store could not be written',
      ]);
      expect(await store.checkpoint('s')).toBeNull();
      await restart(1);
      const { added, known } = await store.append(batch);
      expect(added + known).toBe(2000);
      const found = (await eventsOf(store)).map((event) => event.event_id);
      expect(new Set(found).size).toBe(found.length);
      const expected = usersEvents(2500).map((event) => event.event_id);
      expect(found.filter((id) => id < 'u0010000')).toEqual(expected);
      expect(await uses(store)).toBe(found.length);
      expect(await store.counts()).toEqual(batch.counts);
    });

    test('a shard dies while events are read: the rest is delivered, and the shard is named once', async () => {
      const name = database();
      const store = await opened(url(name));
      for (let from = 0; from < 100_000; from += 25_000) {
        await store.append(batchOf(...usersEvents(25_000, from)));
      }
      const missing: MissingPart[] = [];
      const found: string[] = [];
      const isAlone = new Set<string>();
      for await (const chunk of store.events(EVERYTHING, (part) => missing.push(part))) {
        if (found.length === 0) await kill(1);
        for (const event of chunk) {
          found.push(event.event_id);
          if (missing.length > 0) isAlone.add(String(event.user_id));
        }
      }
      expect(missing).toEqual([
        { name: `shard 2 (${address(1)})`, detail: 'did not answer; its events are missing' },
      ]);
      expect(new Set(found).size).toBe(found.length);
      const there = Number(await query(0, `SELECT count() FROM ${name}.events_local`));
      expect(found.length).toBeGreaterThan(there);
      expect(found.length).toBeLessThan(100_000);
      expect(isAlone.size).toBeGreaterThan(150);
      const again: MissingPart[] = [];
      expect(await uses(store, (part) => again.push(part))).toBe(there);
      expect(again).toEqual(missing);
      // Nobody to tell: then it is no answer at all.
      expect((await failureOf(uses(store))).code).toBe('INPUT');
      expect((await failureOf(eventsOf(store))).code).toBe('INPUT');
      expect((await failureOf(store.forget({ userId: 'user1' }))).code).toBe('OUTPUT');
      await restart(1);
      const told: MissingPart[] = [];
      expect(await uses(store, (part) => told.push(part))).toBe(100_000);
      expect(told).toEqual([]);
    });

    test('the server that is asked dies: another one answers for the rest', async () => {
      const name = database();
      const store = await opened(url(name));
      await store.append(batchOf(...usersEvents(1000)));
      await kill(0);
      onTestFinished(() => restart(0));
      const missing: MissingPart[] = [];
      const there = Number(await query(1, `SELECT count() FROM ${name}.events_local`));
      expect(await uses(store, (part) => missing.push(part))).toBe(there);
      expect(missing.map((part) => part.name)).toEqual([`shard 1 (${address(0)})`]);
      expect((await failureOf(store.checkpoint('s'))).code).toBe('INPUT');
      const late = await opened(url(name));
      expect(await uses(late, () => undefined)).toBe(there);
    });
  });

test('nobody listening is one sentence, without the password', async () => {
  const [port] = await freePorts(1);
  const error = await failureOf(openClickHouseStore(`clickhouse://bob:hush@127.0.0.1:${port}/db`));
  expect(error.code).toBe('INPUT');
  expect(error.message).toBe(`no ClickHouse server answers at 127.0.0.1:${port}`);
  expect(`${error.message}${error.hint}${error.stack}`).not.toMatch(/hush|bob/);
});

test.each([
  ['clickhouse://', 'no URL'],
  ['clickhouse:///db', 'no URL'],
  ['clickhouse://u:p@ss@host/db', 'no URL'],
  ['clickhouse://u:p/ss@host/db', 'no URL'],
  ['clickhouse://host name/db', 'no URL'],
  ['clickhouse://host:1;x/db', 'no URL'],
  ['clickhouse://host/a.b', 'name of a database'],
  ['clickhouse://host/a%3B%20DROP', 'name of a database'],
  ["clickhouse://host/x'y", 'name of a database'],
  ['clickhouse://host/db?cluster=a%27b', 'name of a cluster'],
  ['clickhouse://host/db?cluster=', 'name of a cluster'],
  ['clickhouse://host/db?password=secretword', 'no options but'],
  ['clickhouse://a,b/db', 'only as a cluster'],
])('%s is refused', async (text, message) => {
  const error = await failureOf(openClickHouseStore(text));
  expect(error.code).toBe('USAGE');
  expect(error.message).toContain(message);
  expect(`${error.message}${error.hint}`).not.toMatch(/secretword|ss@|u:p/);
});

test('a missing package is one sentence: which, what for, how to get it', async () => {
  vi.resetModules();
  vi.doMock('@clickhouse/client', () => {
    throw new Error('not here');
  });
  onTestFinished(() => vi.doUnmock('@clickhouse/client'));
  const fresh = await import('../../src/store/clickhouse/open.ts');
  await expect(fresh.openClickHouseStore('clickhouse://host/db')).rejects.toMatchObject({
    code: 'USAGE',
    message:
      'a store at clickhouse:// needs the package @clickhouse/client, which is not installed',
    hint: 'Install it: npm install @clickhouse/client',
  });
});
