import { expect, test } from 'vitest';
import type { AuthEvent } from '../../src/event/event.ts';
import type { History } from '../../src/serve/history.ts';
import { searchIsland } from '../../src/serve/search-island.ts';
import { search, type SearchResult } from '../../src/serve/search.ts';
import type { Summary } from '../../src/summarize/summary.ts';
import { exampleEvent } from '../../src/audit/examples.ts';

const ADDRESS = '192.0.2.7';
const SUMMARY = { users: [], unverified_users: [] } as unknown as Summary;

/** Found among so many uses of an address, by so many users in turns. */
const found = async (uses: number, users: number): Promise<SearchResult> => {
  const history: Pick<History, 'events'> = {
    async *events() {
      for (let i = 0; i < uses; i++) {
        const event: AuthEvent = exampleEvent({ user_id: `u${i % users}`, ip: ADDRESS }, 1);
        yield [event];
      }
    },
  };
  return search(history as History, SUMMARY, ADDRESS, { since: null, until: null }, 0);
};

const aboutOf = (result: SearchResult): string | null => {
  const island = searchIsland(result, { tz: 'UTC', version: '' } as never, '');
  const [section] = island.sections;
  return (section as { about: string | null }).about;
};

test('a search that has read all of an address says so', async () => {
  const result = await found(300, 100);
  expect(result.addresses).toMatchObject([{ uses: 300, complete: true, uses_not_listed: 0 }]);
  expect(aboutOf(result)).toBe('300 uses: valid 300');
});

test('a search that has read just as much as it reads at most says nothing of more', async () => {
  expect((await found(200_000, 1)).addresses).toMatchObject([{ uses: 200_000, complete: true }]);
});

test('a search of an address with more uses than are read says that there are more', async () => {
  const result = await found(200_010, 101);
  expect(result.addresses).toMatchObject([{ uses: 200_000, complete: false }]);
  const { uses_not_listed: left } = result.addresses[0]!;
  expect(left).toBe(1980);
  expect(aboutOf(result)).toBe(
    'The first 200,000 uses, and there are more: valid 200,000; 1,980 uses by users beyond the first 100',
  );
});
