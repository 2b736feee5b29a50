import { describe, expect, test } from 'vitest';
import { readFields } from '../../src/guard/fields.ts';
import { askedByFields, isAboutAnother, type Asked } from '../../src/guard/forwarded.ts';
import { createPeers, LOOPBACK } from '../../src/guard/peers.ts';

const peers = createPeers([...LOOPBACK, '10.0.0.0/8']);
const asked = (...raw: string[]): Asked => askedByFields(readFields(raw), peers);

describe('the request that a proxy asks about', () => {
  test('by the fields of nginx, or those of Caddy and Traefik', () => {
    const nginx = asked('x-ORIGINAL-uri', '/a?b', 'X-Original-Method', 'PUT', 'User-Agent', 'u');
    expect(nginx.request).toMatchObject({ path: '/a?b', method: 'PUT', userAgent: 'u' });
    const caddy = asked('X-Forwarded-Uri', '/a', 'X-Forwarded-Method', 'PUT');
    expect(caddy).toMatchObject({ isClear: true, request: { path: '/a', method: 'PUT' } });
  });

  test('is not clear where fields contradict each other or are there twice', () => {
    const uri = ['X-Original-URI', '/a'];
    expect(asked(...uri, 'X-Forwarded-Uri', '/a').isClear).toBe(true);
    expect(asked(...uri, 'X-Forwarded-Uri', '/b').isClear).toBe(false);
    expect(asked(...uri, ...uri).isClear).toBe(false);
    const method = ['X-Forwarded-Method', 'GET'];
    expect(asked(...uri, ...method, ...method).isClear).toBe(false);
    expect(asked(...uri, 'X-Original-Method', 'PUT', ...method).isClear).toBe(false);
  });

  test('takes no method from the other family, which the client may have sent', () => {
    const { request } = asked('X-Original-URI', '/a', 'X-Forwarded-Method', 'GET');
    expect(request.method).toBeNull();
  });

  test('keeps every Authorization field', () => {
    const { request } = asked('authorization', 'a', 'Authorization', 'b');
    expect(request.authorization).toEqual(['a', 'b']);
  });
});

describe("the client's address", () => {
  const ip = (...raw: string[]): string | null => asked(...raw).request.ip;

  test('is the last that is no trusted proxy', () => {
    expect(ip('X-Forwarded-For', '198.51.100.1, 192.0.2.1, 10.1.2.3')).toBe('192.0.2.1');
    expect(ip('X-Forwarded-For', '198.51.100.1', 'X-Forwarded-For', '192.0.2.1')).toBe('192.0.2.1');
    expect(ip('X-Forwarded-For', '2001:db8::1, ::ffff:10.1.1.1')).toBe('2001:db8::1');
    expect(ip('X-Real-IP', '192.0.2.1')).toBe('192.0.2.1');
    expect(ip('X-Real-IP', '192.0.2.1', 'X-Forwarded-For', '192.0.2.1')).toBe('192.0.2.1');
  });

  test('is unknown where it is none, or where two fields differ', () => {
    expect(ip()).toBeNull();
    expect(ip('X-Forwarded-For', 'unknown')).toBeNull();
    expect(ip('X-Forwarded-For', '1'.repeat(70))).toBeNull();
    expect(ip('X-Real-IP', '192.0.2.1', 'X-Forwarded-For', '192.0.2.2')).toBeNull();
    expect(ip('X-Real-IP', '192.0.2.1', 'X-Real-IP', '192.0.2.1')).toBeNull();
  });
});

test('a probe does not speak of another request', () => {
  expect(isAboutAnother(readFields(['Host', 'a', 'User-Agent', 'b']))).toBe(false);
  for (const name of ['Authorization', 'X-Original-URI', 'x-forwarded-for', 'X-Real-IP']) {
    expect(isAboutAnother(readFields([name, 'x']))).toBe(true);
  }
});

test('trusted networks are addresses or networks', () => {
  expect(peers.trustsAddress('10.255.0.1')).toBe(true);
  expect(peers.trustsAddress('::ffff:127.0.0.1')).toBe(true);
  expect(peers.trustsAddress('11.0.0.1')).toBe(false);
  expect(peers.trustsAddress('')).toBe(false);
  for (const bad of ['10.0.0.0/33', 'localhost', '10.0.0', '::1/129', '', '1.2.3.4/']) {
    expect(() => createPeers([bad])).toThrow('is no address or network');
  }
});
