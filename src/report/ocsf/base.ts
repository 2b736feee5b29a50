import { isIP } from 'node:net';

/** The version whose schema the tests hold these events against. */
export const OCSF_VERSION = '1.8.0';

/** Members of `metadata` that every event has. */
export const metadata = (
  version: string | null,
  profiles: readonly string[],
): Readonly<Record<string, unknown>> => ({
  version: OCSF_VERSION,
  product: {
    name: 'authlog',
    vendor_name: 'authlog',
    ...(version === null ? null : { version }),
  },
  ...(profiles.length === 0 ? null : { profiles }),
});

/** `severity_id` of the dictionary. */
export const SEVERITY = {
  info: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
} as const;

/** Milliseconds since the epoch (`timestamp_t`); null where the text is no time. */
export const millisecondsOf = (time: string | null): number | null => {
  const at = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? null : at;
};

/** A `network_endpoint`; what is no address, such as a pseudonym, is a name. */
export const endpointOf = (address: string | null): object => {
  if (address === null || address === '') return { name: 'unknown' };
  return isIP(address) !== 0 && address.length <= 40 ? { ip: address } : { name: address };
};

/** A `user` by its id; null where there is none. */
export const userOf = (id: string | number | null): { readonly uid: string } | null =>
  id === null || id === '' ? null : { uid: String(id) };
