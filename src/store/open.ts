import { AuthlogError } from '../errors.ts';
import type { EventStore } from './store.ts';

/** Opens the store that a URL names. */
export const openStore = async (url: string): Promise<EventStore> => {
  throw new AuthlogError('USAGE', `no store of this kind: ${url.split(':')[0]}`);
};
