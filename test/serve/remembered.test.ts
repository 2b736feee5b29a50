import { expect, test } from 'vitest';
import { AuthlogError } from '../../src/errors.ts';
import { Remembered } from '../../src/serve/remembered.ts';

const making = (): {
  readonly store: { revision: string; now: number; made: number };
  readonly remembered: Remembered<number>;
  readonly make: () => Promise<number>;
} => {
  const store = { revision: 'a', now: 0, made: 0 };
  const remembered = new Remembered<number>({
    revision: async () => store.revision,
    now: () => store.now,
    ttl: 1000,
    most: 2,
  });
  return { store, remembered, make: async () => ++store.made };
};

test('a value stands until the store changes or its time is over', async () => {
  const { store, remembered, make } = making();
  expect(await remembered.get('x', make)).toBe(1);
  store.now = 999;
  expect(await remembered.get('x', make)).toBe(1);
  store.revision = 'b';
  expect(await remembered.get('x', make)).toBe(2);
  store.now = 1999;
  expect(await remembered.get('x', make)).toBe(3);
});

test('many who ask at once have it made once', async () => {
  const { store, remembered, make } = making();
  const all = Array.from({ length: 50 }, () => remembered.get('x', make));
  expect(new Set(await Promise.all(all))).toEqual(new Set([1]));
  expect(store.made).toBe(1);
});

test('the least recently asked for goes first', async () => {
  const { remembered, make } = making();
  await remembered.get('x', make);
  await remembered.get('y', make);
  await remembered.get('x', make);
  await remembered.get('z', make);
  expect(await remembered.get('x', make)).toBe(1);
  expect(await remembered.get('y', make)).toBe(4);
});

test('what took long is not made again at once, though the store goes on changing', async () => {
  const { store, remembered } = making();
  const slowly = async (): Promise<number> => {
    store.now += 600;
    return ++store.made;
  };
  await remembered.get('x', slowly);
  store.revision = 'b';
  store.now += 1900;
  expect(await remembered.get('x', slowly)).toBe(1);
  store.now += 200;
  expect(await remembered.get('x', slowly)).toBe(2);
});

test('while another process holds the store the value before stands; other failures are told', async () => {
  const { store, remembered, make } = making();
  const held = async (): Promise<number> => {
    throw new AuthlogError('LOCKED', 'held');
  };
  await expect(remembered.get('x', held)).rejects.toThrow('held');
  await remembered.get('x', make);
  store.revision = 'b';
  expect(await remembered.get('x', held)).toBe(1);
  await expect(remembered.get('x', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await remembered.get('x', make)).toBe(2);
});
