import { expect, test } from 'vitest';
import { liveReally } from './simulator/real-history.ts';

const HISTORIES = 30;
const AT_ONCE = 2;

test('30 histories of the real program with SIGKILL and two runs at once: no line is lost, none is stored twice', async () => {
  const bad: object[] = [];
  const sum = { lines: 0, crashes: 0, locked: 0 };
  let next = 1;
  const work = async (): Promise<void> => {
    while (next <= HISTORIES) {
      const seed = next++;
      const outcome = await liveReally(seed);
      sum.lines += outcome.lines;
      sum.crashes += outcome.crashes;
      sum.locked += outcome.locked;
      if (outcome.lost.length + outcome.twice.length > 0) bad.push({ seed, ...outcome });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(bad).toEqual([]);
  expect(sum.lines).toBeGreaterThan(300);
  expect(sum.crashes).toBeGreaterThan(5);
  expect(sum.locked).toBeGreaterThan(2);
});
