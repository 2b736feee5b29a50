import { AuthlogError } from '../errors.ts';
import type { EventFilter } from '../store/store.ts';
import { parseStoreUrl } from '../store/url.ts';
import type { EventsFlags } from './flags.ts';

/** What `-o` must end in for the events to become a Parquet file. */
export const PARQUET_SUFFIX = '.parquet';

/** Writes the events of a DuckDB store as Parquet. Throws USAGE for other sources, OUTPUT where it can't be written. */
export const writeParquet = async (
  sources: readonly string[],
  flags: EventsFlags,
  output: string,
  filter: EventFilter,
): Promise<void> => {
  const [url = ''] = sources;
  if (sources.length !== 1 || !url.startsWith('duckdb:')) {
    throw new AuthlogError(
      'USAGE',
      `${PARQUET_SUFFIX} is written from one DuckDB store and nothing else`,
      `Put the events into one (authlog ingest), or give -o another name for NDJSON.`,
    );
  }
  if (flags.pseudonymKey !== undefined) {
    throw new AuthlogError(
      'USAGE',
      `--pseudonym-key does not change what goes into a ${PARQUET_SUFFIX} file`,
      'Give -o another name for NDJSON with pseudonyms.',
    );
  }
  const parsed = parseStoreUrl(url);
  if (parsed.kind !== 'duckdb') return;
  const { openDuckDbStore } = await import('../store/duckdb/store.ts');
  const store = await openDuckDbStore(parsed.path, { create: false });
  try {
    await store.exportParquet(output, filter);
  } finally {
    await store.close();
  }
};
