import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { AuthlogError } from '../../src/errors.ts';
import { StoreLog } from '../../src/store/store-log.ts';
import { EVERYTHING, type Batch } from '../../src/store/store.ts';
import { MemoryStore } from './memory-store.ts';
import { eventWith } from './random-events.ts';

/** A store that can be away, and tells how it was called. */
class FlakyStore extends MemoryStore {
  isAway = false;
  isClosed = false;
  readonly sizes: number[] = [];

  override async append(batch: Batch): ReturnType<MemoryStore['append']> {
    if (this.isAway) throw new AuthlogError('OUTPUT', 'the store is away');
    if (batch.events.length > 0) this.sizes.push(batch.events.length);
    return super.append(batch);
  }

  override async close(): Promise<void> {
    this.isClosed = true;
    await super.close();
  }
}

const idsIn = async (store: MemoryStore): Promise<string[]> => {
  const ids: string[] = [];
  for await (const events of store.events(EVERYTHING)) {
    ids.push(...events.map(({ event_id }) => event_id));
  }
  return ids.toSorted();
};

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `e${String(i).padStart(5, '0')}`);

describe('durability always', () => {
  test('an append resolves when the store has the event; those that wait share a batch', async () => {
    const store = new FlakyStore();
    const log = new StoreLog(store, { durability: 'always' });
    await Promise.all(names(2500).map((id) => log.append(eventWith(id))));
    expect(await idsIn(store)).toEqual(names(2500));
    expect(store.sizes).toEqual([1000, 1000, 500]);
    expect(await store.counts()).toMatchObject({ lines: 2500, linesSkipped: 0 });
    await log.close();
    expect(store.isClosed).toBe(true);
  });

  test('an append rejects where the store fails, and the next one is tried anew', async () => {
    const store = new FlakyStore();
    const log = new StoreLog(store, { durability: 'always' });
    store.isAway = true;
    await expect(log.append(eventWith('lost'))).rejects.toMatchObject({ code: 'OUTPUT' });
    store.isAway = false;
    await log.append(eventWith('kept'));
    expect(await idsIn(store)).toEqual(['kept']);
    await log.close();
  });
});

describe('durability interval', () => {
  const withClock = (): void => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
  };

  test('events wait while the store is away, and get there in order when it is back', async () => {
    withClock();
    const store = new FlakyStore();
    const log = new StoreLog(store, { durability: 'interval' });
    store.isAway = true;
    for (const id of names(3)) await log.append(eventWith(id));
    await vi.advanceTimersByTimeAsync(5000);
    expect(await idsIn(store)).toEqual([]);
    store.isAway = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(await idsIn(store)).toEqual(names(3));
    expect(await store.counts()).toMatchObject({ lines: 3 });
    await log.close();
  });

  test('when too many wait, an append is refused: nobody is let in unrecorded', async () => {
    withClock();
    const store = new FlakyStore();
    const log = new StoreLog(store, { durability: 'interval' });
    store.isAway = true;
    for (const id of names(10_000)) await log.append(eventWith(id));
    await vi.advanceTimersByTimeAsync(1000);
    await expect(log.append(eventWith('more'))).rejects.toThrow('the store is away');
    store.isAway = false;
    await vi.advanceTimersByTimeAsync(5000);
    await log.append(eventWith('more'));
    await log.close();
    expect(await idsIn(store)).toEqual([...names(10_000), 'more'].toSorted());
  });

  test('closing writes out what waits, and says where that can not be done', async () => {
    const store = new FlakyStore();
    const log = new StoreLog(store, { durability: 'interval' });
    await log.append(eventWith('a'));
    await log.close();
    expect(await idsIn(store)).toEqual(['a']);
    const other = new StoreLog(store, { durability: 'interval' });
    store.isAway = true;
    await other.append(eventWith('b'));
    await expect(other.close()).rejects.toThrow('the store is away');
  });
});

test('events without an id get one each; a repeat counts no line twice', async () => {
  const store = new FlakyStore();
  const log = new StoreLog(store, { durability: 'always' });
  await Promise.all([log.append(eventWith('')), log.append(eventWith(''))]);
  expect(new Set(await idsIn(store)).size).toBe(2);
  await log.append(eventWith('same'));
  await log.append(eventWith('same'));
  expect(await store.counts()).toMatchObject({ lines: 3 });
  await log.close();
});
