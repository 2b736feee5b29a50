import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AuthlogError } from '../../src/errors.ts';
import { bearerText } from '../../src/store/bearer.ts';
import { GroupTally } from '../../src/store/mongodb/group-tally.ts';
import { openMongoStore } from '../../src/store/mongodb/open.ts';
import type { EventStore } from '../../src/store/store.ts';
import { startFerretDb } from '../support/ferretdb.ts';
import { freePorts } from '../support/ports.ts';
import { batchOf, eventsOf, groupsOf, storeContract } from './contract.ts';
import { eventWith, randomEvents } from './random-events.ts';

const service = await startFerretDb();
afterAll(() => service?.stop());

const opened = async (url: string, onNotice?: (text: string) => void): Promise<EventStore> => {
  const store = await openMongoStore(url, onNotice === undefined ? {} : { onNotice });
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

if (service !== null) {
  storeContract('MongoDB', async () => {
    const url = service.url(service.database());
    return { store: await openMongoStore(url), reopen: () => openMongoStore(url) };
  });
}

if (service !== null)
  describe('MongoDB', () => {
    const { url, database } = service;

    /** The database itself, as another program sees it. */
    const raw = async (name: string): Promise<ReturnType<MongoClient['db']>> => {
      const client = new MongoClient(url(name));
      onTestFinished(() => client.close());
      return client.db(name);
    };

    test('reads the documents {user_id, event} of another program as events', async () => {
      const name = database();
      const collection = (await raw(name)).collection('접근로그');
      await collection.insertMany([
        { user_id: 12345, event: 'User logged in' },
        { user_id: '12345', event: '"quoted" \\ 😀' },
        { user_id: null, event: { action: 'read', count: 2 } },
        { event: 'nobody' },
        { user_id: ['a'], event: 7 },
        { _id: 'own id' as never, user_id: 'zoe', event: 'no time' },
      ]);
      const store = await opened(url(name, `?collection=${encodeURIComponent('접근로그')}`));
      const events = await eventsOf(store);
      expect(events.map((e) => [e.user_id, e.user_id_type, e.event, e.verdict])).toEqual([
        [12345, 'number', 'User logged in', null],
        ['12345', 'string', '"quoted" \\ 😀', null],
        [null, 'none', '{"action":"read","count":2}', null],
        [null, 'none', 'nobody', null],
        [null, 'non_string', '7', null],
        ['zoe', 'string', 'no time', null],
      ]);
      const documents = await collection.find().sort({ _id: 1 }).toArray();
      const first = documents.find(({ user_id: id }) => id === 12345)!['_id'];
      expect(events[0]!.event_id).toBe(first.toHexString());
      expect(events[0]!.time).toBe(first.getTimestamp().toISOString());
      expect(events[5]).toMatchObject({ event_id: '"own id"', time: null });
      const time = first.getTimestamp().getTime();
      expect((await eventsOf(store, { since: time, until: time + 60_000 })).length).toBe(5);
      expect(await eventsOf(store, { since: null, until: time })).toEqual([]);
      expect(await eventsOf(store, { since: time + 60_000, until: null })).toEqual([]);
      const judged = { since: null, until: null, verdicts: ['valid' as const] };
      expect(await eventsOf(store, judged)).toEqual([]);
      expect((await eventsOf(store, { ...judged, verdicts: [null, 'valid'] })).length).toBe(6);
      expect(await groupsOf(store)).toEqual([]);
      expect((await failureOf(store.append(batchOf(eventWith('a'))))).code).toBe('USAGE');
      expect((await failureOf(store.forget({ userId: 1 }))).code).toBe('USAGE');
      expect(await collection.countDocuments()).toBe(6);
    });

    test('a live token in a document of another program loses its signature', async () => {
      const name = database();
      const token = `eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9.${'A'.repeat(43)}`;
      const collection = (await raw(name)).collection('log');
      await collection.insertOne({ user_id: token, event: { note: `Token: ${token}` } });
      const text = JSON.stringify(await eventsOf(await opened(url(name, '?collection=log'))));
      expect(text).toContain('eyJ');
      expect(text).not.toContain('A'.repeat(43));
    });

    test('documents that authlog did not write are not taken for its own', async () => {
      const name = database();
      await (await raw(name)).collection('events').insertOne({ user_id: 1, event: 'x' });
      const error = await failureOf(eventsOf(await opened(url(name))));
      expect([error.code, error.hint]).toEqual(['INPUT', expect.stringContaining('?collection=')]);
    });

    test('its documents show user and event as plain members, found by an index of time', async () => {
      const name = database();
      const store = await opened(url(name));
      await store.append(
        batchOf(eventWith('a', { time: '2026-01-01T00:00:00Z', user_id: 7, event: 'in' })),
      );
      const events = (await raw(name)).collection('events');
      expect(await events.findOne({ user_id: 7 })).toMatchObject({
        _id: 'a',
        event: 'in',
        time: new Date('2026-01-01T00:00:00Z'),
      });
      expect((await events.indexes()).map((index) => index['key'])).toContainEqual({
        time: 1,
        _id: 1,
      });
    });

    test('where the server deletes nothing by itself, retentionDays is answered by one sentence', async () => {
      const notices: string[] = [];
      const name = database();
      const store = await opened(url(name, '?retentionDays=90'), (text) => notices.push(text));
      await store.append(batchOf(eventWith('a')));
      const indexes = await (await raw(name)).collection('events').indexes();
      const days = indexes.map((i) => (i['expireAfterSeconds'] ?? 0) / 86_400);
      if (days.includes(90)) expect(notices).toEqual([]);
      else
        expect(notices).toEqual([
          expect.stringMatching(/^mongodb:.* authlog forget --before 90d$/),
        ]);
    });

    test('an append that was cut off is completed by its repeat', async () => {
      const name = database();
      const store = await opened(url(name));
      const events = randomEvents(9, 500);
      await store.append(batchOf(...events.slice(0, 200)));
      const batch = { events, checkpoint: { source: 's', state: '1' }, counts: null };
      expect(await store.append(batch)).toEqual({ added: 300, known: 200 });
      expect((await eventsOf(store)).length).toBe(500);
    });

    test.skipIf(service.restart === null)(
      'a server that dies is OUTPUT when written, INPUT when read, and all is there after it is back',
      async () => {
        const store = await opened(url(database()));
        await store.append(batchOf(eventWith('a')));
        await service.kill();
        const written = await failureOf(store.append(batchOf(eventWith('a'), eventWith('b'))));
        expect([written.code, written.message]).toEqual([
          'OUTPUT',
          expect.stringMatching(/^no MongoDB server answers at mongodb:\/\/127/),
        ]);
        expect((await failureOf(eventsOf(store))).code).toBe('INPUT');
        await service.restart!();
        expect((await store.append(batchOf(eventWith('a'), eventWith('b')))).known).toBeGreaterThan(
          0,
        );
        expect((await eventsOf(store)).map((event) => event.event_id)).toEqual(['a', 'b']);
      },
    );

    test('a wrong password is one sentence without it', async () => {
      const wrong = url('authlog').replace(/\/\/(?:[^@/]*@)?/, '//alice:pass%40word@');
      const error = await failureOf(openMongoStore(wrong));
      expect(error.code).toBe('USAGE');
      expect(error.message).toMatch(/^mongodb:\/\/[^ ]* does not accept this user and password$/);
      expect(`${error.message}${error.hint}${error.stack}`).not.toMatch(/alice|pass(?:%40|@)word/);
    });
  });

test('nobody listening is one sentence, without the password, within seconds', async () => {
  const [port] = await freePorts(1);
  const error = await failureOf(openMongoStore(`mongodb://bob:hush@127.0.0.1:${port}/db`));
  expect(error.code).toBe('INPUT');
  expect(error.message).toBe(`no MongoDB server answers at mongodb://127.0.0.1:${port}/db`);
});

test.each([
  ['mongodb://', 'no URL'],
  ['mongodb://u:p@ss@host/db', 'no URL'],
  ['mongodb://u:p/ss@host/db', 'no URL'],
  ['mongodb://host/a.b', 'name of a database'],
  ['mongodb://host/%24where', 'name of a database'],
  ['mongodb://host/db%00', 'name of a database'],
  ['mongodb://host/db?collection=', 'no name of a collection'],
  ['mongodb://host/db?collection=system.users', 'no name of a collection'],
  ['mongodb://host/db?collection=a%24b', 'no name of a collection'],
  ['mongodb://host/db?retentionDays=0', 'whole number of days'],
  ['mongodb://host/db?retentionDays=1e3', 'whole number of days'],
  ['mongodb://u:secretword@host/db?nosuch=1', 'does not understand'],
  ['mongodb://u:secretword@host/db?nosuch', 'does not understand'],
])('%s is refused', async (text, message) => {
  const error = await failureOf(openMongoStore(text));
  expect(error.code).toBe('USAGE');
  expect(error.message).toContain(message);
  expect(`${error.message}${error.hint}`).not.toMatch(/secretword|ss@|u:p/);
});

test('more groups than memory is meant for are refused, not cut off', () => {
  const tally = new GroupTally(2);
  const bearer = bearerText(eventWith('a'));
  const use = { verdict: 'valid', bearer, time: Number.NaN, isAccepted: true } as const;
  for (const tokenId of ['A', 'B', 'A']) tally.add({ ...use, tokenId: tokenId.repeat(16) });
  expect([...tally.chunks()].flat().map((group) => group.uses)).toEqual([2, 1]);
  expect(() => tally.add({ ...use, tokenId: 'C'.repeat(16) })).toThrow(
    'the database holds more than 2 different tokens of this time',
  );
});

test('a missing package is one sentence: which, what for, how to get it', async () => {
  vi.resetModules();
  vi.doMock('mongodb', () => {
    throw new Error('not here');
  });
  onTestFinished(() => vi.doUnmock('mongodb'));
  const fresh = await import('../../src/store/mongodb/open.ts');
  await expect(fresh.openMongoStore('mongodb://host/db')).rejects.toMatchObject({
    code: 'USAGE',
    message: 'a store at mongodb:// needs the package mongodb, which is not installed',
    hint: 'Install it: npm install mongodb',
  });
});
