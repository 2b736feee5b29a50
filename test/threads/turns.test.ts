import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from '../../src/threads/turns.ts';

/** Something that is settled from outside. */
const pledge = () => {
  const settle = { done: () => undefined as void, fail: (_error: Error) => undefined as void };
  const result = new Promise<void>((resolve, reject) => {
    settle.done = resolve;
    settle.fail = reject;
  });
  return { result, ...settle };
};

/** A pool that has room for so many, and says so when it is told. */
const poolWith = (room: { hasRoom: boolean }, depth = 3) => {
  let change = (): void => undefined;
  return {
    get hasRoom() {
      return room.hasRoom;
    },
    depth,
    changed: () =>
      new Promise<void>((resolve) => {
        change = resolve;
      }),
    tell: () => change(),
  };
};

/** Until all that can go on has gone on. */
const ticks = (): Promise<void> => setImmediate();

const setup = (room = { hasRoom: true }) => {
  const taken: number[] = [];
  const pool = poolWith(room);
  const pledges = Array.from({ length: 9 }, pledge);
  const turns = new Turns<number>(pool, async (item) => {
    await pledges[item]!.result;
    taken.push(item);
  });
  const add = (item: number): void => turns.add(item, pledges[item]!.result);
  return { taken, pool, pledges, turns, add, room };
};

test('what is finished in any order is taken in the order in which it came', async () => {
  const { taken, pledges, turns, add } = setup();
  for (const item of [0, 1, 2]) add(item);
  pledges[2]!.done();
  pledges[1]!.done();
  await ticks();
  await turns.makeRoom();
  expect(taken).toEqual([]);
  pledges[0]!.done();
  await ticks();
  await turns.makeRoom();
  expect(taken).toEqual([0, 1, 2]);
});

test('while a judge is free nobody waits for the first; when none is, until one is', async () => {
  const { pool, turns, add, room } = setup();
  add(0);
  await turns.makeRoom();
  room.hasRoom = false;
  let hasRoom = false;
  void turns.makeRoom().then(() => (hasRoom = true));
  await ticks();
  expect(hasRoom).toBe(false);
  room.hasRoom = true;
  pool.tell();
  await ticks();
  expect(hasRoom).toBe(true);
});

test('what waits for its turn is bounded, whatever room there is', async () => {
  const { taken, pledges, turns, add } = setup();
  for (let item = 0; item < 7; item++) add(item);
  for (const { done } of pledges.slice(1)) done();
  let hasRoom = false;
  void turns.makeRoom().then(() => (hasRoom = true));
  await ticks();
  expect(hasRoom).toBe(false);
  // No judge says anything any more: the first one's end is enough.
  pledges[0]!.done();
  await ticks();
  expect([hasRoom, taken.length]).toEqual([true, 7]);
});

test('a failure counts when its turn comes, and what comes behind it is left', async () => {
  const { taken, pledges, turns, add } = setup();
  for (const item of [0, 1, 2]) add(item);
  pledges[1]!.fail(new Error('the second'));
  await ticks();
  await turns.makeRoom();
  pledges[0]!.done();
  await ticks();
  await expect(turns.makeRoom()).rejects.toThrow('the second');
  expect([taken, turns.rest]).toEqual([[0], [2]]);
});

test('what waits for nothing has its turn too', async () => {
  const { taken, pledges, turns, add } = setup();
  add(0);
  pledges[1]!.done();
  turns.add(1);
  await ticks();
  await turns.makeRoom();
  expect(taken).toEqual([]);
  pledges[0]!.done();
  await turns.finish();
  expect(taken).toEqual([0, 1]);
});
