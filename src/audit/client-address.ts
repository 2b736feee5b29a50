import type { Networks } from './network.ts';

/** The client's address: null where it is a trusted proxy's, for then nobody knows whose request it was. */
export const clientAddress = (ip: string | null, proxies: Networks): string | null =>
  ip === null || proxies.has(ip) ? null : ip;
