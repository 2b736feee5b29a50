import { isIP } from 'node:net';
import type { CityResponse } from 'mmdb-lib';
import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import type { AuditContext, Place } from './context.ts';
import { remembering } from './remembering.ts';

export interface GeoIp {
  /** As the file calls itself: `GeoLite2-City`. */
  readonly type: string;
  /** When it was made, milliseconds. */
  readonly built: number;
  /** Null where the file knows countries only. */
  readonly locate: AuditContext['locate'];
}

/** Reads a MaxMind file. Throws USAGE where it is none, or does not tell where addresses are. */
export const readGeoIp = async (bytes: Buffer, name: string): Promise<GeoIp> => {
  const { Reader } = await import('mmdb-lib');
  let reader: InstanceType<typeof Reader<CityResponse>>;
  try {
    reader = new Reader<CityResponse>(bytes);
  } catch {
    throw unfit(name, 'is no MaxMind file');
  }
  const { databaseType: type, buildEpoch } = reader.metadata;
  const hasPlaces = /City|Enterprise|Insights/i.test(type);
  if (!hasPlaces && !/Country/i.test(type)) {
    throw unfit(name, `holds ${printable(type)}, not where addresses are`);
  }
  const find = (ip: string): Place | null => {
    try {
      return isIP(ip) === 0 ? null : placeOf(reader.get(ip));
    } catch {
      // An IPv6 address in a file of IPv4, or a damaged record: not known.
      return null;
    }
  };
  return {
    type,
    built: buildEpoch instanceof Date ? buildEpoch.getTime() : Number.NaN,
    locate: hasPlaces ? remembering(find) : null,
  };
};

const placeOf = (record: CityResponse | null): Place | null => {
  const { latitude, longitude } = record?.location ?? {};
  if (latitude === undefined || longitude === undefined) return null;
  return { country: record?.country?.iso_code ?? null, latitude, longitude };
};

const unfit = (name: string, what: string): AuthlogError =>
  new AuthlogError(
    'USAGE',
    `${printable(name)} ${what}`,
    'Give a file such as GeoLite2-City.mmdb; GeoLite2-Country.mmdb has no coordinates.',
  );
