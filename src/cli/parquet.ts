import { AuthlogError } from '../errors.ts';
import type { EventFilter } from '../store/store.ts';
import { parseStoreUrl } from '../store/url.ts';
import type { EventsFlags } from './flags.ts';

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
      'a .parquet file is made of one DuckDB store and nothing else',
      'Put the events into one (authlog ingest), or give -o another name for NDJSON.',
    );
  }
  if (flags.pseudonymKey !== undefined) {
    throw new AuthlogError(
      'USAGE',
      '--pseudonym-key does not change what goes into a .parquet file',
      'Give -o another name for NDJSON with pseudonyms.',
    );
  }
  if (flags.format !== 'ndjson') {
    throw new AuthlogError(
      'USAGE',
      `--format ${flags.format} does not change what goes into a .parquet file`,
      'Give -o another name for lines in that format.',
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
