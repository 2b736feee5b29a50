import { BlockList, isIP, isIPv6, type Socket } from 'node:net';
import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';

export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1'];

/** Which peers are proxies that are believed. */
export interface Peers {
  trusts(socket: Socket): boolean;
  trustsAddress(address: string): boolean;
}

/** Peers by address or network (`10.0.0.0/8`). Throws USAGE for what is neither. */
export const createPeers = (networks: readonly string[]): Peers => {
  const list = new BlockList();
  for (const network of networks) addNetwork(list, network);
  const trustsAddress = (address: string): boolean =>
    isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
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

const addNetwork = (list: BlockList, network: string): void => {
  const [, address, digits] = /^([\da-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(network) ?? [];
  const version = address === undefined ? 0 : isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = digits === undefined ? bits : Number(digits);
  if (address === undefined || version === 0 || prefix > bits) {
    throw new AuthlogError(
      'USAGE',
      `${printable(network)} is no address or network`,
      'Give --trusted-proxy an address or network such as 10.0.0.5 or 10.0.0.0/8.',
    );
  }
  list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
};
