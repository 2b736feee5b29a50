import { isIPv6 } from 'node:net';
import { latin1 } from '../scan/text.ts';
import type { Edits } from './edits.ts';

/** How much of an address goes: bytes of IPv4 that become 0, groups of IPv6 that stay. */
const LEVELS = [
  { zeroed: 1, groups: 4 },
  { zeroed: 2, groups: 3 },
  { zeroed: 3, groups: 2 },
] as const;

export type AddressLevel = 1 | 2 | 3;

const OCTET = '(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)';
const IPV4 = new RegExp(`(?<![\\d.])${OCTET}(?:\\.${OCTET}){3}(?!\\d|\\.\\d)`, 'g');
const IPV6 = /(?<![\w:])(?:[0-9a-f]{1,4}:|:){2,8}(?:[0-9a-f]{1,4})?(?![\w:]|\.\d)/gi;

/** Adds what makes the IP addresses of `bytes[from, to)` name a network and no machine. */
export const anonymizeAddresses = (
  bytes: Uint8Array,
  from: number,
  to: number,
  level: AddressLevel,
  edits: Edits,
): void => {
  const { zeroed, groups } = LEVELS[level - 1]!;
  const text = latin1(bytes, from, to);
  for (const { index, 0: address } of text.matchAll(IPV4)) {
    const kept = address.split('.').slice(0, 4 - zeroed);
    const start = from + index;
    const whole = [...kept, ...Array<string>(zeroed).fill('0')].join('.');
    edits.add(start, start + address.length, whole);
  }
  if (!text.includes(':')) return;
  for (const { index, 0: address } of text.matchAll(IPV6)) {
    if (!isIPv6(address)) continue;
    const start = from + index;
    edits.add(start, start + address.length, network(address, groups));
  }
};

/** The first groups of an IPv6 address, as RFC 5952 spells the network. */
const network = (address: string, groups: number): string => {
  const [head = '', tail] = address.toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(tail === undefined ? 0 : 8 - first.length - last.length).fill('0');
  const kept = [...first, ...zeros, ...last].slice(0, groups);
  while (kept.at(-1) !== undefined && /^0*$/.test(kept.at(-1)!)) kept.pop();
  return `${kept.join(':')}::`;
};
