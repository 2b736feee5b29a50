import { isIP } from 'node:net';
import { told } from '../told.ts';

/** The version whose fields the tests hold these documents against. */
export const ECS_VERSION = '9.4.0';

/** `source` of an address; what is none, such as a pseudonym, is only an `address`. */
export const sourceOf = (address: string | null): object | null => {
  if (address === null || address === '') return null;
  return isIP(address) === 0 ? { address } : { address, ip: withoutZone(address) };
};

/** What searches across fields look in. */
export const relatedOf = (
  address: string | null,
  users: readonly (string | number | null)[],
): object | null => {
  const ip = address !== null && isIP(address) !== 0 ? [withoutZone(address)] : [];
  const user = users.filter((id) => id !== null && id !== '').map(String);
  const related = told({ ip, user: [...new Set(user)] });
  return Object.keys(related).length === 0 ? null : related;
};

/** Elasticsearch takes no scope in an IPv6 address. */
const withoutZone = (address: string): string => address.replace(/%.*$/s, '');
