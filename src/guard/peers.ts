import type { Socket } from 'node:net';
import { AuthlogError } from '../errors.ts';
import { NetworkList } from '../keys/networks.ts';
import { printable } from '../keys/printable.ts';

export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1'];

/** Which peers are proxies that are believed. */
export interface Peers {
  trusts(socket: Socket): boolean;
  trustsAddress(address: string): boolean;
}

/** Peers by address or network (`10.0.0.0/8`). Throws USAGE for what is neither. */
export const createPeers = (networks: readonly string[]): Peers => {
  const list = new NetworkList();
  for (const network of networks) {
    if (list.add(network)) continue;
    throw new AuthlogError(
      'USAGE',
      `${printable(network)} is no address or network`,
      'Give --trusted-proxy an address or network such as 10.0.0.5 or 10.0.0.0/8.',
    );
  }
  const trustsAddress = (address: string): boolean => list.has(address);
  const known = new WeakMap<Socket, boolean>();
  return {
    trustsAddress,
    trusts: (socket) => {
      let isTrusted = known.get(socket);
      if (isTrusted === undefined) {
        isTrusted = trustsAddress(socket.remoteAddress ?? '');
        known.set(socket, isTrusted);
      }
      return isTrusted;
    },
  };
};
