import { addressOf } from '../source/fields/value.ts';
import type { Networks } from './network.ts';

/** Proxies that a request may pass; a longer way is somebody's invention. */
const MOST_HOPS = 32;

/**
 * The client of a way (`client, proxy, proxy`, or one address): the last address that is no trusted
 * proxy's, for what stands before it anybody may have written. Null where there is none, or where
 * an entry is no address: then nobody knows whose request it was.
 */
export const clientAddress = (way: string | null, proxies: Networks): string | null => {
  if (way === null) return null;
  let end = way.length;
  for (let hop = 0; hop < MOST_HOPS && end > 0; hop++) {
    const comma = way.lastIndexOf(',', end - 1);
    const address = addressOf(way.slice(comma + 1, end));
    if (address === null || !proxies.has(address)) return address;
    end = comma;
  }
  return null;
};
