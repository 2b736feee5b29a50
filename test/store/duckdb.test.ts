import { join } from 'node:path';
import { openDuckDbStore } from '../../src/store/duckdb/store.ts';
import { tempFolder } from '../support/folder.ts';
import { storeContract } from './contract.ts';

storeContract('DuckDB', async () => {
  const path = join(tempFolder(), 'history.duckdb');
  return { store: await openDuckDbStore(path), reopen: () => openDuckDbStore(path) };
});
