import { describe, expect, onTestFinished, test } from 'vitest';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import {
  EVERYTHING,
  type Batch,
  type EventFilter,
  type EventStore,
  type LineCounts,
  type TokenGroup,
} from '../../src/store/store.ts';
import { inOrder, MemoryStore } from './memory-store.ts';
import { eventWith, randomEvents, randomFrom } from './random-events.ts';

/** A store that is empty, and how to open once more what it holds. */
export interface Opened {
  readonly store: EventStore;
  readonly reopen: () => Promise<EventStore>;
}

const TIME = Date.UTC(2026, 0, 1, 0, 1);
const NOTHING = { checkpoint: null, counts: null };
const COUNTS: LineCounts = {
  lines: 10,
  linesWithToken: 4,
  linesSkipped: 1,
  notices: { a: 1, b: 2 },
};

/** Events without counts and checkpoint. */
export const batchOf = (...events: readonly RecordedEvent[]): Batch => ({ events, ...NOTHING });

export const eventsOf = async (
  store: EventStore,
  filter: EventFilter = EVERYTHING,
): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const chunk of store.events(filter)) for (const event of chunk) events.push(event);
  return events;
};

export const groupsOf = async (
  store: EventStore,
  filter: EventFilter = EVERYTHING,
): Promise<TokenGroup[]> => {
  const groups: TokenGroup[] = [];
  for await (const chunk of store.groups(filter)) for (const group of chunk) groups.push(group);
  return groups;
};

/** What JSON makes of a value, with members by name: two events are the same where this text is. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : Number.isNaN(item)
        ? 'NaN'
        : item,
  );

const sortedGroups = (groups: readonly TokenGroup[]): readonly string[] =>
  groups.map(canonical).toSorted();

const ids = (events: readonly RecordedEvent[]): readonly string[] => events.map((e) => e.event_id);

/** The tests that every store passes; `open` is called once for each test. */
export const storeContract = (name: string, open: () => Promise<Opened>, many = 10_000): void => {
  const opened = async (): Promise<Opened> => {
    const { store, reopen } = await open();
    onTestFinished(() => store.close());
    return { store, reopen };
  };

  describe(`${name} keeps the contract`, () => {
    test('an empty store has nothing, and says so', async () => {
      const { store } = await opened();
      expect(await eventsOf(store)).toEqual([]);
      expect(await groupsOf(store)).toEqual([]);
      expect(await store.counts()).toBeNull();
      expect(await store.checkpoint('nowhere')).toBeNull();
      expect(await store.forget({ before: TIME })).toBe(0);
      expect(await store.forget({ userId: 'alice' })).toBe(0);
      expect(await store.append(batchOf())).toEqual({ added: 0, known: 0 });
    });

    test('events of every kind come back as they were, in order, from a store opened again', async () => {
      const { store, reopen } = await opened();
      const events = randomEvents(1, many);
      const shuffled = events.toSorted((a, b) =>
        (a.token_id ?? '').localeCompare(b.token_id ?? ''),
      );
      for (let from = 0; from < many; from += 2500) {
        await store.append(batchOf(...shuffled.slice(from, from + 2500)));
      }
      await store.close();
      const again = await reopen();
      onTestFinished(() => again.close());
      const found = await eventsOf(again);
      expect(found.length).toBe(many);
      const expected = events.toSorted(inOrder);
      expect(ids(found)).toEqual(ids(expected));
      expect(found.map(canonical)).toEqual(expected.map(canonical));
    });

    test('random batches give what the plain store gives: counts, events, groups, windows', async () => {
      const { store } = await opened();
      const plain = new MemoryStore();
      const random = randomFrom(2);
      const pool = randomEvents(3, 600);
      for (let round = 0; round < 12; round++) {
        const events = Array.from({ length: 80 }, () => pool[Math.floor(random() * pool.length)]!);
        const batch: Batch = {
          events,
          checkpoint: { source: `s${round % 3}`, state: `{"round":${round}}` },
          counts: random() < 0.3 ? null : { ...COUNTS, notices: { [`n${round % 4}`]: round } },
        };
        expect(await store.append(batch)).toEqual(await plain.append(batch));
      }
      const start = Date.UTC(2026, 0, 1);
      const filters: readonly EventFilter[] = [
        EVERYTHING,
        { since: start + 200_000, until: start + 700_000 },
        { since: null, until: start + 333_001 },
        { since: start + 999_999, until: null },
        { since: null, until: null, verdicts: ['bad_signature', 'alg_none'] },
        { since: start + 100_000, until: start + 900_000, verdicts: [null, 'valid'] },
        { since: null, until: null, verdicts: [null] },
        { since: null, until: start + 500_000, verdicts: [] },
        ...(['alice', 1, '1', '', null] as const).map((userId) => ({
          ...EVERYTHING,
          about: { userId },
        })),
        { since: start + 100_000, until: null, verdicts: ['valid'], about: { userId: 'ALICE' } },
        { ...EVERYTHING, about: { tokenId: 'token-id_0000007' } },
        { ...EVERYTHING, about: { ip: "it's; DROP TABLE events; --" } },
        { ...EVERYTHING, about: { ip: 'nobody' } },
      ];
      for (const filter of filters) {
        const found = await eventsOf(store, filter);
        expect(found.map(canonical)).toEqual((await eventsOf(plain, filter)).map(canonical));
        const groups = await groupsOf(store, filter);
        expect(sortedGroups(groups)).toEqual(sortedGroups(await groupsOf(plain, filter)));
        expect(groups.reduce((uses, group) => uses + group.uses, 0)).toBe(
          found.filter(({ verdict }) => verdict !== null).length,
        );
      }
      expect(await store.counts()).toEqual(await plain.counts());
      for (const source of ['s0', 's1', 's2']) {
        expect(await store.checkpoint(source)).toEqual(await plain.checkpoint(source));
      }
    });

    test('an event is kept once: in a batch, in the same batch again, in one that overlaps', async () => {
      const { store } = await opened();
      const [a, b, c] = [eventWith('a'), eventWith('b'), eventWith('c')];
      expect(await store.append(batchOf(a, b, a, a))).toEqual({ added: 2, known: 2 });
      expect(await store.append(batchOf(a, b, a, a))).toEqual({ added: 0, known: 4 });
      const changed = { ...b, email: 'other@example.com' };
      expect(await store.append(batchOf(c, changed))).toEqual({ added: 1, known: 1 });
      const found = await eventsOf(store);
      expect(ids(found)).toEqual(['a', 'b', 'c']);
      expect(found[1]!.email).toBeNull();
    });

    test('ids that differ in anything are different events', async () => {
      const { store } = await opened();
      const odd = [
        'A',
        'a',
        'a ',
        ' a',
        'a\0',
        'a\0b',
        'á',
        'a\u0301',
        '\uD800',
        '\uD801',
        '\\u0000',
        '"',
      ];
      const events = odd.map((id) => eventWith(id));
      expect(await store.append(batchOf(...events))).toEqual({ added: odd.length, known: 0 });
      expect(await store.append(batchOf(...events))).toEqual({ added: 0, known: odd.length });
      expect(ids(await eventsOf(store)).toSorted()).toEqual(odd.toSorted());
    });

    test('since is included, until is not, and an event without a time is in no window', async () => {
      const { store } = await opened();
      const at = (id: string, ms: number): RecordedEvent =>
        eventWith(id, { time: new Date(ms).toISOString() });
      await store.append(
        batchOf(at('after', TIME + 1), eventWith('never'), at('at', TIME), at('before', TIME - 1)),
      );
      const found = async (since: number | null, until: number | null): Promise<unknown> => {
        const events = ids(await eventsOf(store, { since, until }));
        const groups = await groupsOf(store, { since, until });
        expect(groups.reduce((uses, group) => uses + group.uses, 0)).toBe(events.length);
        return events;
      };
      expect(await found(null, null)).toEqual(['before', 'at', 'after', 'never']);
      expect(await found(TIME, null)).toEqual(['at', 'after']);
      expect(await found(null, TIME)).toEqual(['before']);
      expect(await found(TIME, TIME + 1)).toEqual(['at']);
      expect(await found(TIME, TIME)).toEqual([]);
    });

    test('times before 1970 and far ahead, with an offset or without milliseconds, are in order', async () => {
      const { store } = await opened();
      const times = [
        '1969-12-31T23:59:59.999Z',
        '2026-01-01T02:00:00+02:00',
        '2026-01-01T00:00:00.001Z',
        '9999-12-31T23:59:59Z',
      ];
      const events = times.map((time, i) => eventWith(`${9 - i}`, { time }));
      await store.append(batchOf(...events.toReversed()));
      expect((await eventsOf(store)).map(({ time }) => time)).toEqual(times);
      const [group] = await groupsOf(store);
      expect(group).toMatchObject({ first: -1, last: Date.parse('9999-12-31T23:59:59Z'), uses: 4 });
    });

    test('a group is one token, verdict, identity, expiry and key; 2xx are the accepted uses', async () => {
      const { store } = await opened();
      const statuses = [199, 200, 299, 300, null];
      await store.append(
        batchOf(
          ...statuses.map((status, i) => eventWith(`s${i}`, { status })),
          eventWith('number', { user_id: 1, user_id_type: 'number' }),
          eventWith('text', { user_id: '1' }),
          eventWith('key', { key: null }),
          eventWith('exp', { exp: 0 }),
          eventWith('exp-text', { exp: '0' }),
          eventWith('roles', { roles: ['admin'] }),
          eventWith('none', { verdict: null, token_id: null }),
          eventWith('unread', { verdict: 'malformed', user_id: null, user_id_type: 'none' }),
        ),
      );
      const groups = await groupsOf(store);
      const alice = groups.find((group) => group.uses === 5);
      expect(alice).toEqual({
        tokenId: 'AAAAAAAAAAAAAAAA',
        verdict: 'valid',
        identity: { userIdType: 'string', userId: 'alice', email: null, roles: [] },
        expiry: Number.NaN,
        key: 'hs:1',
        uses: 5,
        accepted: 2,
        first: Number.NaN,
        last: Number.NaN,
      });
      expect(groups.length).toBe(7);
      expect(groups.find((group) => group.identity === null)?.verdict).toBe('malformed');
      expect(groups.find((group) => group.expiry === 0)?.uses).toBe(2);
    });

    test('groups come by their last use, those without a time first', async () => {
      const { store } = await opened();
      const use = (id: string, email: string, ms: number | null): RecordedEvent =>
        eventWith(id, { email, time: ms === null ? null : new Date(ms).toISOString() });
      await store.append(
        batchOf(use('1', 'c@x', TIME + 9), use('2', 'b@x', TIME + 5), use('3', 'a@x', null)),
      );
      await store.append(batchOf(use('4', 'b@x', TIME + 20), use('5', 'c@x', TIME - 1)));
      expect(
        (await groupsOf(store)).map(({ identity, first, last }) => [identity?.email, first, last]),
      ).toEqual([
        ['a@x', Number.NaN, Number.NaN],
        ['c@x', TIME - 1, TIME + 9],
        ['b@x', TIME + 5, TIME + 20],
      ]);
    });

    test('the newest checkpoint of each source stands, whatever its text', async () => {
      const { store, reopen } = await opened();
      const source = 'C:\\logs\\"a"\0😀\n.log';
      const state = JSON.stringify({ text: '\uD800 \0 "', large: 2 ** 53 - 1 });
      const put = (to: string, text: string): Promise<unknown> =>
        store.append({ events: [], checkpoint: { source: to, state: text }, counts: null });
      await put(source, '{"old":1}');
      await put('other', '{}');
      await put(source, state);
      await store.append(batchOf(eventWith('a')));
      expect(await store.checkpoint(source)).toEqual({ source, state });
      await store.close();
      const again = await reopen();
      onTestFinished(() => again.close());
      expect(await again.checkpoint(source)).toEqual({ source, state });
      expect(await again.checkpoint('other')).toEqual({ source: 'other', state: '{}' });
      expect(await again.checkpoint('Other')).toBeNull();
    });

    test('the revision stays until something is added or forgotten', async () => {
      const { store } = await opened();
      const seen = [await store.revision()];
      await store.append(batchOf(eventWith('a'), eventWith('b', { user_id: 'bob' })));
      seen.push(await store.revision());
      await eventsOf(store);
      expect(await store.revision()).toBe(seen[1]);
      await store.append(batchOf(eventWith('c')));
      seen.push(await store.revision());
      await store.forget({ userId: 'bob' });
      await store.forget({ userId: 'alice' });
      seen.push(await store.revision());
      expect(new Set(seen.slice(0, 3)).size).toBe(3);
      expect(seen[3]).not.toBe(seen[2]);
    });

    test('counts add up over batches, notices by their code', async () => {
      const { store, reopen } = await opened();
      await store.append({ events: [eventWith('a')], checkpoint: null, counts: COUNTS });
      await store.append(batchOf(eventWith('b')));
      const large = { ...COUNTS, lines: 2 ** 40, notices: { b: 1, 'c.$"\0': 5 } };
      await store.append({ events: [], checkpoint: { source: 's', state: '{}' }, counts: large });
      const sum = {
        lines: 2 ** 40 + 10,
        linesWithToken: 8,
        linesSkipped: 2,
        notices: { a: 1, b: 3, 'c.$"\0': 5 },
      };
      expect(await store.counts()).toEqual(sum);
      await store.close();
      const again = await reopen();
      onTestFinished(() => again.close());
      expect(await again.counts()).toEqual(sum);
    });

    test('forgets what was before a moment and nothing else', async () => {
      const { store } = await opened();
      const events = [-1, 0, 1].map((ms) =>
        eventWith(`at${ms}`, { time: new Date(TIME + ms).toISOString() }),
      );
      const checkpoint = { source: 's', state: '{}' };
      await store.append({ events: [...events, eventWith('never')], checkpoint, counts: COUNTS });
      expect(await store.forget({ before: TIME })).toBe(1);
      expect(await store.forget({ before: TIME })).toBe(0);
      expect(ids(await eventsOf(store))).toEqual(['at0', 'at1', 'never']);
      expect(await store.checkpoint('s')).toEqual(checkpoint);
      expect(await store.counts()).toEqual(COUNTS);
    });

    test('forgets one user: the number 1 is not the text "1"', async () => {
      const { store } = await opened();
      const users = [
        1,
        '1',
        '1 ',
        '01',
        '',
        'Alice',
        'alice',
        '\uD800',
        '\uD801',
        'a\0',
        'a',
      ] as const;
      const events = users.map((id, i) =>
        eventWith(`${i}`, {
          user_id: id,
          user_id_type: typeof id === 'number' ? 'number' : 'string',
        }),
      );
      const nobody = eventWith('nobody', { user_id: null, user_id_type: 'none' });
      await store.append(batchOf(...events, nobody));
      let left = events.length + 1;
      for (const userId of [1, 'alice', '', '\uD800', 'a\0', 'nobody'] as const) {
        const isThere = users.some((id) => id === userId);
        expect(await store.forget({ userId }), JSON.stringify(userId)).toBe(isThere ? 1 : 0);
        if (isThere) left--;
        const found = await eventsOf(store);
        expect(found.length).toBe(left);
        expect(found.some((event) => event.user_id === userId)).toBe(false);
      }
    });

    test('an event of 64 KiB and a batch of many are kept whole', async () => {
      const { store } = await opened();
      const large = eventWith('large', {
        path: `/${'é\0"😀'.repeat(7000)}`,
        user_agent: 'u'.repeat(20_000),
      });
      const batch = Array.from({ length: 3000 }, (_, i) => eventWith(`n${i}`, { line: i + 1 }));
      await store.append(batchOf(large, ...batch));
      const found = await eventsOf(store);
      expect(found.length).toBe(3001);
      expect(canonical(found.find((event) => event.event_id === 'large'))).toBe(canonical(large));
    });

    test('a reader that stops early leaves the store usable', async () => {
      const { store } = await opened();
      await store.append(batchOf(...randomEvents(5, 5000)));
      for await (const chunk of store.events(EVERYTHING)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      for await (const chunk of store.groups(EVERYTHING)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(await store.append(batchOf(eventWith('later')))).toEqual({ added: 1, known: 0 });
    });

    test('batches appended at once are all there', async () => {
      const { store } = await opened();
      const appended = await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          store.append(batchOf(...randomEvents(i, 50, `p${i % 3}`))),
        ),
      );
      expect(appended.reduce((added, batch) => added + batch.added, 0)).toBe(150);
      expect((await eventsOf(store)).length).toBe(150);
    });

    test('closing twice is closing once', async () => {
      const { store } = await opened();
      await store.append(batchOf(eventWith('a')));
      await store.close();
      await store.close();
    });
  });
};
