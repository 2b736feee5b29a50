import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDuckDbStore } from '../../src/store/duckdb/store.ts';
import { tempFolder } from '../support/folder.ts';
import { batchOf, eventsOf } from './contract.ts';
import { inOrder } from './memory-store.ts';
import { eventWith, randomFrom } from './random-events.ts';

test('more events than are sorted at once are in order, each once: many at one moment, many without a time', async () => {
  const store = await openDuckDbStore(join(tempFolder(), 'history.duckdb'));
  const random = randomFrom(5);
  const start = Date.UTC(2026, 0, 1);
  const events = Array.from({ length: 110_000 }, (_, i) => {
    const kind = i % 11;
    const ms = kind < 3 ? 0 : Math.floor(random() * 40_000) - 20_000;
    return eventWith(`it's-${Math.floor(random() * 1e9)}-${i}`, {
      time: kind < 6 ? new Date(start + ms).toISOString() : null,
    });
  });
  await store.append(batchOf(...events));
  const found = await eventsOf(store);
  expect(found.length).toBe(events.length);
  const ids = found.map((event) => event.event_id).join('\n');
  expect(
    ids ===
      events
        .toSorted(inOrder)
        .map((event) => event.event_id)
        .join('\n'),
  ).toBe(true);
});
