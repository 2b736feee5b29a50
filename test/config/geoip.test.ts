import { expect, test } from 'vitest';
import { readGeoIp } from '../../src/audit/geoip.ts';
import { mmdb } from './mmdb.ts';

const BERLIN = {
  country: { iso_code: 'DE' },
  location: { latitude: 52.5, longitude: 13.4 },
};
const NETWORKS = [
  { network: '192.0.2.0/24', record: BERLIN },
  { network: '198.51.100.128/25', record: { country: { iso_code: 'AU' } } },
  { network: '203.0.113.7/32', record: { location: { latitude: -33.9, longitude: 0 } } },
];

test('a file of cities says where addresses are', async () => {
  const { locate, type, built } = await readGeoIp(mmdb('GeoLite2-City', NETWORKS), 'geo.mmdb');
  expect(locate!('192.0.2.200')).toEqual({ country: 'DE', latitude: 52.5, longitude: 13.4 });
  expect(locate!('192.0.2.200')).toEqual({ country: 'DE', latitude: 52.5, longitude: 13.4 });
  expect(locate!('203.0.113.7')).toEqual({ country: null, latitude: -33.9, longitude: 0 });
  // No coordinates, beside the networks, no address, and a kind that the file does not have.
  const unknown = ['198.51.100.200', '203.0.113.8', '192.0.3.1', 'nowhere', '2001:db8::1', ''];
  expect(unknown.map((ip) => locate!(ip))).toEqual(unknown.map(() => null));
  expect([type, new Date(built).toISOString()]).toEqual([
    'GeoLite2-City',
    '2025-11-03T00:00:00.000Z',
  ]);
});

test('a file of countries does not say where', async () => {
  const { locate } = await readGeoIp(mmdb('GeoLite2-Country', NETWORKS), 'geo.mmdb');
  expect(locate).toBeNull();
});

test('what holds no places, or is no such file, is refused', async () => {
  const other = readGeoIp(mmdb('GeoLite2-ASN', NETWORKS), 'geo.mmdb');
  await expect(other).rejects.toThrow('geo.mmdb holds GeoLite2-ASN, not where addresses are');
  for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(100_000)]) {
    await expect(readGeoIp(bytes, 'x')).rejects.toThrow('x is no MaxMind file');
  }
});
