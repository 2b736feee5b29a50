import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Live } from '../../src/serve/live.ts';
import type { AskedWindow } from '../../src/serve/query.ts';

const ALL: AskedWindow = { name: 'all', query: '', at: async () => ({ since: null, until: null }) };

/** What comes down a stream, piece by piece. */
const reading = (response: Response): { text: () => string; done: Promise<void> } => {
  let text = '';
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) text += decoder.decode(chunk as Uint8Array);
  };
  return { text: () => text, done: read() };
};

const changes = (text: string): number => text.split('event: change').length - 1;

test('all who listen are told once when the numbers change, by one look, and not otherwise', async () => {
  let numbers = 1;
  let looks = 0;
  const live = new Live({
    etag: async () => {
      looks++;
      return String(numbers);
    },
    every: 3_600_000,
  });
  const [one, other] = [
    reading(await live.listen(ALL, () => true)),
    reading(await live.listen(ALL, () => true)),
  ];
  looks = 0;
  await live.look();
  await sleep(10);
  expect(looks).toBe(1);
  expect([one, other].map(({ text }) => changes(text()))).toEqual([1, 1]);
  numbers = 2;
  await live.look();
  await live.look();
  await sleep(10);
  expect([one, other].map(({ text }) => changes(text()))).toEqual([2, 2]);
  live.stop();
  await Promise.all([one.done, other.done]);
  expect(live.size).toBe(0);
});

test('who may no longer look is told nothing more', async () => {
  let mayListen = true;
  const live = new Live({ etag: async () => 'a', every: 3_600_000 });
  const listener = reading(await live.listen(ALL, () => mayListen));
  mayListen = false;
  await live.look();
  await listener.done;
  expect(listener.text()).toContain('event: end');
  expect(live.size).toBe(0);
});

test('a store that is away ends nothing', async () => {
  let isAway = false;
  const live = new Live({
    etag: async () => {
      if (isAway) throw new Error('away');
      return 'a';
    },
    every: 3_600_000,
  });
  const listener = reading(await live.listen(ALL, () => true));
  isAway = true;
  await live.look();
  expect(live.size).toBe(1);
  live.stop();
  await listener.done;
});
