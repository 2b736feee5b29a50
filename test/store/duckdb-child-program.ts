import { setTimeout as sleep } from 'node:timers/promises';
import { openToWrite } from '../../src/store/duckdb/database.ts';
import { openDuckDbStore } from '../../src/store/duckdb/store.ts';
import { eventWith } from './random-events.ts';

export interface ChildOptions {
  readonly path: string;
  /** Prefix of event ids, and the source of the checkpoint. */
  readonly name: string;
  /** Batches to append, from where the checkpoint stands. */
  readonly batches: number;
  readonly size: number;
  /** Milliseconds for which the store is held open before anything else. */
  readonly hold?: number;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const main = async ({ path, name, batches, size, hold }: ChildOptions): Promise<void> => {
  if (hold !== undefined) {
    const session = await openToWrite(path);
    say('holds');
    await sleep(hold);
    await session.close();
  }
  const store = await openDuckDbStore(path);
  const start = Number((await store.checkpoint(name))?.state ?? 0);
  say('starts');
  for (let batch = start; batch < start + batches; batch++) {
    await store.append({
      events: Array.from({ length: size }, (_, i) =>
        eventWith(`${name}-${batch}-${i}`, { path: '/x'.repeat(i % 200) }),
      ),
      checkpoint: { source: name, state: String(batch + 1) },
      counts: { lines: size, linesWithToken: size, linesSkipped: 0, notices: { [name]: 1 } },
    });
    say(String(batch + 1));
  }
  await store.close();
};

try {
  await main(JSON.parse(process.argv[2]!) as ChildOptions);
} catch (error) {
  process.stderr.write(String(error));
  process.exitCode = 1;
}
