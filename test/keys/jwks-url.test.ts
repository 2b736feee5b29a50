import { generateKeyPairSync } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { fetchJwks } from '../../src/keys/jwks-url.ts';
import { loadKeyRing } from '../../src/keys/ring.ts';
import type { KeyIo } from '../../src/keys/ring.ts';
import { failureOf, memoryIo, NO_KEYS, textOf } from './memory-io.ts';

const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
const SET = JSON.stringify({ keys: [{ ...jwk, kid: 'a' }] });
const HERE = 'https://id.example.com/jwks';

const at =
  (...addresses: string[]) =>
  (): Promise<LookupAddress[]> =>
    Promise.resolve(
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

interface Call {
  readonly url: string;
  readonly redirect: string | undefined;
}

/** A network that answers everything with `body`, and notes what it was asked. */
const network = (
  body: ConstructorParameters<typeof Response>[0],
  init: ConstructorParameters<typeof Response>[1] = {},
): Pick<KeyIo, 'fetch' | 'lookup'> & { calls: Call[] } => {
  const calls: Call[] = [];
  const answer: typeof fetch = (url, options) => {
    calls.push({
      url: url instanceof Request ? url.url : url.toString(),
      redirect: options?.redirect,
    });
    return Promise.resolve(new Response(body, init));
  };
  return { fetch: answer, lookup: at('203.0.113.7'), calls };
};

describe('row 92: a key set from a URL', () => {
  test('is fetched by https, following no redirect, and gives its keys', async () => {
    const net = network(SET);
    const ring = await loadKeyRing({ ...NO_KEYS, jwksUrls: [HERE] }, memoryIo({}, net));
    expect(ring!.keys.map(({ id }) => id)).toEqual(['a']);
    expect(net.calls).toEqual([{ url: HERE, redirect: 'manual' }]);
  });

  test.each([
    'http://id.example.com/jwks',
    'HTTP://id.example.com/jwks',
    'file:///etc/passwd',
    'data:application/json,{}',
    'ftp://id.example.com/',
    'id.example.com/jwks',
    '//id.example.com/jwks',
    'https://user:hunter2@id.example.com/',
    'https://',
    '',
  ])('%j is refused before anything is asked', async (url) => {
    const net = network(SET);
    const error = await failureOf(fetchJwks(url, net));
    expect(error.code).toBe('KEY');
    expect(textOf(error)).not.toContain('hunter2');
    expect(net.calls).toEqual([]);
  });

  test.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://192.168.0.1/',
  ])('the address %s is refused as private', async (url) => {
    const net = network(SET);
    expect((await failureOf(fetchJwks(url, net))).message).toMatch(/private/);
    expect(net.calls).toEqual([]);
  });

  test.each([
    ['a loopback address', ['127.0.0.1']],
    ['one private address among public ones', ['203.0.113.7', 'fd00::1']],
    ['no address', []],
  ])('a name that leads to %s is refused', async (_name, addresses) => {
    const net = { ...network(SET), lookup: at(...addresses) };
    expect((await failureOf(fetchJwks(HERE, net))).message).toMatch(/private/);
    expect(net.calls).toEqual([]);
  });

  test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
    const net = network(null, { status, headers: { location: 'https://evil.example/' } });
    const error = await failureOf(fetchJwks(HERE, net));
    expect(error.message).toBe(`${HERE} redirects elsewhere`);
    expect(net.calls).toHaveLength(1);
  });

  test.each([404, 500, 201])('the status %i is an error', async (status) => {
    const error = await failureOf(fetchJwks(HERE, network(SET, { status })));
    expect(error.message).toBe(`${HERE} answered with status ${status}`);
  });

  test('more than 1 MiB is refused while it streams, whatever its length header says', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const net = network(endless, { headers: { 'content-length': '10' } });
    expect((await failureOf(fetchJwks(HERE, net))).message).toMatch(/larger than 1 MiB/);
    expect(pulled).toBeLessThan(30);
  });

  test('a server that never answers, and one that never ends, run out of time', async () => {
    const silent = { ...network(SET), fetch: () => new Promise<never>(() => {}), timeoutMs: 5 };
    expect((await failureOf(fetchJwks(HERE, silent))).message).toMatch(/did not answer/);
    const stuck = { ...network(new ReadableStream()), timeoutMs: 5 };
    expect((await failureOf(fetchJwks(HERE, stuck))).message).toMatch(/did not answer/);
  });

  test('a name server that never answers runs out of time as well', async () => {
    const io = { ...network(SET), lookup: () => new Promise<never>(() => {}), timeoutMs: 5 };
    expect((await failureOf(fetchJwks(HERE, io))).message).toMatch(/did not answer/);
  });

  test('a failed connection is told by its code, without the query of the URL', async () => {
    const cause = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    const failing = () => Promise.reject(new TypeError('fetch failed', { cause }));
    const io = { ...network(SET), fetch: failing };
    const error = await failureOf(fetchJwks(`${HERE}?token=hunter2`, io));
    expect(error.message).toBe(`cannot fetch ${HERE}: ECONNREFUSED`);
    expect(textOf(error)).not.toContain('hunter2');
  });

  test.each([
    ['HTML', '<html>'],
    ['a set that holds a private key', JSON.stringify({ keys: [{ ...jwk, d: 'AAAA' }] })],
    ['a shared secret', JSON.stringify({ keys: [{ kty: 'oct', k: 'A'.repeat(64) }] })],
    ['nothing', ''],
    ['an empty set', '{"keys":[]}'],
  ])('%s is refused', async (_name, body) => {
    const io = memoryIo({}, network(body));
    const error = await failureOf(loadKeyRing({ ...NO_KEYS, jwksUrls: [HERE] }, io));
    expect(error.code).toBe('KEY');
  });
});
