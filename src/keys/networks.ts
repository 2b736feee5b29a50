import { BlockList, isIP } from 'node:net';

/** Addresses and networks. Addresses of IPv4, which most are, are told without the objects that a `BlockList` makes. */
export class NetworkList {
  readonly #list = new BlockList();
  /** Address and mask of each network of IPv4, by turns. */
  readonly #networks: number[] = [];
  /** A network of IPv6 is among them that holds addresses of IPv4. */
  #isMapped = false;

  /** Adds an address, or a network such as `10.0.0.0/8`; false where the text is neither. */
  add(text: string): boolean {
    const [, address, digits] = /^([\da-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const version = address === undefined ? 0 : isIP(address);
    const bits = version === 4 ? 32 : 128;
    const prefix = digits === undefined ? bits : Number(digits);
    if (address === undefined || version === 0 || prefix > bits) return false;
    // Those of IPv4 too, which an address of IPv6 may stand for.
    this.#list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
    if (version === 4) {
      const mask = prefix === 0 ? 0 : -1 << (32 - prefix);
      this.#networks.push(quadOf(address)! & mask, mask);
    } else this.#isMapped ||= holdsMapped(address, prefix);
    return true;
  }

  /** Whether an address is among them; a text that is none is not. */
  has(address: string): boolean {
    const quad = quadOf(address);
    if (quad !== null) {
      return this.#hasQuad(quad) || (this.#isMapped && this.#list.check(address, 'ipv4'));
    }
    return isIP(address) === 6 && this.#list.check(address, 'ipv6');
  }

  #hasQuad(quad: number): boolean {
    const networks = this.#networks;
    for (let i = 0; i < networks.length; i += 2) {
      if ((quad & networks[i + 1]!) === networks[i]!) return true;
    }
    return false;
  }
}

const MAPPED = '::ffff:0:0';
const ALL_MAPPED = new BlockList();
ALL_MAPPED.addSubnet(MAPPED, 96, 'ipv6');

/** Whether a network of IPv6 has addresses of IPv4 in it (RFC 4291 section 2.5.5.2): it lies in theirs, or around it. */
const holdsMapped = (address: string, prefix: number): boolean => {
  const network = new BlockList();
  network.addSubnet(address, prefix, 'ipv6');
  return network.check(MAPPED, 'ipv6') || ALL_MAPPED.check(address, 'ipv6');
};

const DOT = 0x2e;
const ZERO = 0x30;

/** The 32 bits of an address of IPv4, null where the text is none: four numbers below 256 without leading zeros. */
const quadOf = (address: string): number | null => {
  let quad = 0;
  let bytes = 0;
  for (let at = 0; at <= address.length; bytes++) {
    const start = at;
    let byte = 0;
    for (; at < address.length && address.charCodeAt(at) !== DOT; at++) {
      const digit = address.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9 || byte > 25 || (byte === 0 && at > start)) return null;
      byte = byte * 10 + digit;
    }
    if (at === start || byte > 255 || bytes === 4) return null;
    quad = (quad << 8) | byte;
    at++;
  }
  return bytes === 4 ? quad : null;
};
