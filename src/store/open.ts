import type { EventStore } from './store.ts';
import { parseStoreUrl } from './url.ts';

export interface OpenStoreOptions {
  /** False: what is not there is an error (INPUT), and not an empty store. Default: true. */
  readonly create?: boolean;
}

/** Opens the store that a URL names; its package is loaded only now. Rejects with USAGE for another URL. */
export const openStore = async (
  url: string,
  options: OpenStoreOptions = {},
): Promise<EventStore> => {
  const parsed = parseStoreUrl(url);
  if (parsed.kind === 'duckdb') {
    const { openDuckDbStore } = await import('./duckdb/store.ts');
    return openDuckDbStore(parsed.path, options);
  }
  if (parsed.kind === 'mongodb') {
    const { openMongoStore } = await import('./mongodb/open.ts');
    return openMongoStore(parsed.url);
  }
  const { openClickHouseStore } = await import('./clickhouse/open.ts');
  return openClickHouseStore(parsed.url);
};
