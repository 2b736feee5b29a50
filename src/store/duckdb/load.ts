import type * as DuckDb from '@duckdb/node-api';
import { AuthlogError } from '../../errors.ts';

type Loaded = typeof DuckDb;

/** Loads DuckDB; throws USAGE where the package, or its program for this machine, is not installed. */
export const loadDuckDb = async (
  load: () => Promise<Loaded> = () => import('@duckdb/node-api'),
): Promise<Loaded> => {
  try {
    return await load();
  } catch {
    throw new AuthlogError(
      'USAGE',
      'a duckdb: store needs the package @duckdb/node-api, which cannot be loaded',
      'Install it: npm install @duckdb/node-api',
    );
  }
};
