import { isIP, type BlockList } from 'node:net';

/** Adds an address, or a network such as `10.0.0.0/8`, to a list; false where the text is neither. */
export const addNetwork = (list: BlockList, text: string): boolean => {
  const [, address, digits] = /^([\da-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = address === undefined ? 0 : isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = digits === undefined ? bits : Number(digits);
  if (address === undefined || version === 0 || prefix > bits) return false;
  list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  return true;
};

/** Whether a list has an address; a text that is none is in no list. */
export const hasAddress = (list: BlockList, address: string): boolean => {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
};
