import { isIP } from 'node:net';
import { AuthlogError } from '../errors.ts';
import { NetworkList } from '../keys/networks.ts';
import { printable } from '../keys/printable.ts';
import { remembering } from './remembering.ts';

/** Addresses and networks (`10.0.0.0/8`). */
export interface Networks {
  has(address: string): boolean;
}

export const NO_NETWORKS: Networks = { has: () => false };

/** Throws USAGE for what is neither an address nor a network; `source` names where it was said. */
export const createNetworks = (networks: readonly string[], source: string): Networks => {
  if (networks.length === 0) return NO_NETWORKS;
  const list = new NetworkList();
  for (const network of networks) {
    if (list.add(network)) continue;
    throw new AuthlogError(
      'USAGE',
      `${source}: ${printable(network)} is no address or network`,
      'Give an address or network such as 10.0.0.5 or 10.0.0.0/8.',
    );
  }
  // Those of IPv6 take an object for each question, and a log asks about the same addresses again and again.
  const hasOther = remembering((address) => list.has(address));
  return { has: (address) => (address.includes(':') ? hasOther(address) : list.has(address)) };
};

/** The network that an address belongs to, as far as a provider hands them out: /24, or /48 of IPv6. */
export const networkOf: (ip: string) => string = remembering((ip) => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  if (isIP(mapped) === 4) return `${mapped.slice(0, mapped.lastIndexOf('.'))}.0/24`;
  if (isIP(mapped) !== 6) return ip;
  const [head = '', tail] = mapped.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - behind.length;
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...behind];
  const first = all.slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16));
  return `${first.join(':')}::/48`;
});

const FAMILIES: readonly (readonly [family: string, sign: RegExp])[] = [
  ['edge', /\bEdg(?:e|A|iOS)?\//],
  ['opera', /\bOPR\//],
  ['samsung', /\bSamsungBrowser\//],
  ['firefox', /\b(?:Firefox|FxiOS)\//],
  ['chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['safari', /\bVersion\/.*\bSafari\//],
];

const SYSTEMS: readonly (readonly [system: string, sign: RegExp])[] = [
  ['android', /\bAndroid\b/],
  ['ios', /\b(?:iPhone|iPad|iPod|iOS)\b/],
  ['windows', /\bWindows\b/],
  ['macos', /\bMac OS X\b|\bMacintosh\b/],
  ['linux', /\bLinux\b/],
];

/** Program and system of a user agent without their versions: `chrome on windows`, `curl`. */
export const agentFamily: (userAgent: string) => string = remembering((userAgent) => {
  const text = userAgent.slice(0, 512);
  const program =
    FAMILIES.find(([, sign]) => sign.test(text))?.[0] ??
    /^[A-Za-z][\w.-]*/.exec(text)?.[0].toLowerCase() ??
    'other';
  const system = SYSTEMS.find(([, sign]) => sign.test(text))?.[0];
  return system === undefined ? program : `${program} on ${system}`;
});
