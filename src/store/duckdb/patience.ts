import { setTimeout as sleep } from 'node:timers/promises';
import { lockHolder, locked } from './failure.ts';

const WAIT_MS = 10_000;
const SHORTEST_MS = 50;
const LONGEST_MS = 1000;

/** Somebody has the file open in a way that leaves no room: to be tried again. */
export class Busy extends Error {
  readonly pid: number | null;

  constructor(pid: number | null) {
    super('busy');
    this.pid = pid;
  }
}

/** Tries until nobody holds `path` any more; throws LOCKED when that takes longer than ten seconds. */
export const patiently = async <T>(
  path: string,
  attempt: () => Promise<T>,
  waitMs: number = WAIT_MS,
): Promise<T> => {
  const deadline = Date.now() + waitMs;
  for (let pause = SHORTEST_MS; ; pause = Math.min(LONGEST_MS, pause * 1.5)) {
    try {
      return await attempt();
    } catch (error) {
      const holder = error instanceof Busy ? error : lockHolder(error);
      if (holder === null) throw error;
      if (Date.now() >= deadline) throw locked(path, holder.pid);
    }
    // Many that wait for one file must not come back together.
    await sleep(pause * (0.5 + Math.random() / 2));
  }
};
