import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../src/store/open.ts';
import { EVERYTHING } from '../../src/store/store.ts';

/** Numbers of the lines that are in a store, each as often as it is there. */
export const linesIn = async (url: string): Promise<readonly number[]> => {
  const store = await openStore(url);
  const ids: number[] = [];
  for await (const events of store.events(EVERYTHING)) {
    for (const { user_id: user } of events) ids.push(Number(user) - 100_000);
  }
  await store.close();
  return ids.toSorted((a, b) => a - b);
};

/** Waits until there are so many. */
export const untilStored = async (url: string, count: number): Promise<readonly number[]> => {
  for (;;) {
    const ids = await linesIn(url);
    if (ids.length >= count) return ids;
    await sleep(50);
  }
};
