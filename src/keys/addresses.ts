import { BlockList, isIPv6 } from 'node:net';

const IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
];

const IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const closed = new BlockList();
for (const [network, prefix] of IPV4) {
  closed.addSubnet(network, prefix, 'ipv4');
  // The same network as an IPv6-only host sees it, mapped or through NAT64 (RFC 4291, RFC 6052).
  closed.addSubnet(`::ffff:${network}`, 96 + prefix, 'ipv6');
  closed.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6');
}
for (const [network, prefix] of IPV6) closed.addSubnet(network, prefix, 'ipv6');

/** Whether an IP address is private, loopback, link-local or otherwise not of the public internet (RFC 6890). */
export const isClosedAddress = (address: string): boolean =>
  closed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
