import { storeContract } from './contract.ts';
import { MemoryStore } from './memory-store.ts';

storeContract('the plain store', async () => {
  const store = new MemoryStore();
  return { store, reopen: async () => store };
});
