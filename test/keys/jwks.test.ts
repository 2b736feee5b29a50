import { generateKeyPairSync } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codesOf, failureOf, loadFile, loadJson } from './memory-io.ts';

const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsa: JsonWebKey = rsaPair.publicKey.export({ format: 'jwk' });
const ec = (): JsonWebKey =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const oct = (fill: string): JsonWebKey => ({ kty: 'oct', k: fill.repeat(64) });
const set = (...keys: unknown[]) => loadJson({ keys });

describe('row 91: key sets', () => {
  test('several keys keep their kid, their order and their windows', async () => {
    const retired = { ...ec(), kid: 'b', not_before: 100, not_after: '1970-01-01T00:03:20Z' };
    const ring = await set({ ...rsa, kid: 'a' }, retired, { ...ec(), kid: 'c', nbf: 5, exp: 6 });
    expect(
      ring.keys.map(({ id, kid, notBefore, notAfter }) => [id, kid, notBefore, notAfter]),
    ).toEqual([
      ['a', 'a', null, null],
      ['b', 'b', 100, 200],
      ['c', 'c', 5, 6],
    ]);
    expect(ring.notices).toEqual([]);
  });

  test('secrets beside public keys are refused, whatever their use', async () => {
    const error = await failureOf(set(rsa, { ...oct('A'), use: 'enc' }));
    expect([error.code, error.message]).toEqual(['KEY', 'k mixes shared secrets with public keys']);
  });

  test('one kid for two different keys is ambiguous', async () => {
    const error = await failureOf(set({ ...ec(), kid: 'a' }, { ...ec(), kid: 'a' }));
    expect([error.code, error.message]).toEqual(['KEY', expect.stringMatching(/ambiguous/)]);
  });

  test('one kid for two algorithms of one key is ambiguous as well', async () => {
    const pinned = ['RS256', 'PS256'].map((alg) => ({ ...rsa, kid: 'a', alg }));
    expect((await failureOf(set(...pinned))).message).toMatch(/ambiguous/);
  });

  test('a kid shared with a key that is not used is not ambiguous', async () => {
    const ring = await set({ ...ec(), kid: 'a' }, { ...ec(), kid: 'a', use: 'enc' });
    expect([ring.keys.length, ...codesOf(ring)]).toEqual([1, 'key_unused']);
  });

  test('the very same key twice is one key', async () => {
    expect((await set({ ...rsa, kid: 'a' }, { ...rsa, kid: 'a' })).keys).toHaveLength(1);
    expect((await set(oct('A'), oct('A'), oct('B'))).keys).toHaveLength(2);
  });

  test('an empty set is refused, and a list that is none', async () => {
    expect((await failureOf(set())).message).toBe('k holds no key');
    for (const keys of [{}, null, 'x', 1]) {
      expect((await failureOf(loadJson({ keys }))).code).toBe('KEY');
    }
  });

  test('one private key refuses the whole set, naming the key', async () => {
    const key = { ...rsaPair.privateKey.export({ format: 'jwk' }), kid: 'mine' };
    const error = await failureOf(set(ec(), key));
    expect(error.message).toBe('key "mine" of k is a private key; pass its public half');
  });

  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'])(
    'the member %s alone betrays it',
    async (name) => {
      expect((await failureOf(loadJson({ ...rsa, [name]: 'AQAB' }))).message).toMatch(
        /private key/,
      );
    },
  );

  test('keys without kid go by their thumbprint', async () => {
    const ring = await set(rsa, ec());
    expect(ring.keys.map(({ kid }) => kid)).toEqual([null, null]);
    for (const { id } of ring.keys) expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('oct keys verify HMAC and go by kid or number, never by a thumbprint', async () => {
    const ring = await set(oct('A'), { ...oct('B'), kid: 'k1' }, oct('C'));
    expect(ring.keys.map(({ id }) => id)).toEqual(['secret', 'k1', 'secret-2']);
    expect(ring.keys.map(({ algs }) => algs[0])).toEqual(['HS256', 'HS256', 'HS256']);
    expect(Buffer.from(ring.keys[0]!.secret!)).toEqual(Buffer.alloc(48));
  });

  test('more than 16 keys for one algorithm are said aloud', async () => {
    const many = Array.from({ length: 17 }, (_, i) => ({ ...oct('A'), kid: String(i) }));
    expect(codesOf(await set(...many))).toEqual(['keys_not_tried']);
    expect(codesOf(await set(...many.slice(1)))).toEqual([]);
  });
});

describe('keys that their owner did not make for verifying', () => {
  const odd: [name: string, key: unknown][] = [
    ['use enc', { ...rsa, use: 'enc' }],
    ['use that is no string', { ...rsa, use: 7 }],
    ['key_ops without verify', { ...rsa, key_ops: ['encrypt'] }],
    ['key_ops that is no list', { ...rsa, key_ops: 'verify' }],
    ['alg for encryption', { ...rsa, alg: 'RSA-OAEP' }],
    ['alg of another key type', { ...rsa, alg: 'HS256' }],
    ['alg of another curve', { ...ec(), alg: 'ES384' }],
    ['alg none', { ...rsa, alg: 'none' }],
    ['alg that is no string', { ...rsa, alg: ['RS256'] }],
    ['unknown kty', { ...rsa, kty: 'FOO' }],
    ['no kty', { n: rsa.n, e: rsa.e }],
    ['kid that is no string', { ...rsa, kid: 5 }],
    ['window that cannot be read', { ...rsa, not_after: 'tomorrow' }],
    ['weak RSA', { kty: 'RSA', n: 'w'.repeat(171), e: 'AQAB' }],
  ];

  test.each(odd)('%s: refused alone', async (_name, key) => {
    const error = await failureOf(set(key));
    expect(error.code).toBe('KEY');
  });

  test.each(odd)('%s: left out of a set with a notice', async (_name, key) => {
    const ring = await set(key, { ...ec(), kid: 'good' });
    expect(ring.keys.map(({ id }) => id)).toEqual(['good']);
    expect(codesOf(ring)).toEqual(['key_unused']);
  });

  test('entries that are no objects are left out too', async () => {
    const ring = await set(null, 1, 'x', [], ec());
    expect(codesOf(ring)).toEqual(Array(4).fill('key_unused'));
  });

  test('a set with none usable says why the first is not', async () => {
    const error = await failureOf(set({ ...rsa, use: 'enc' }, { kty: 'FOO' }));
    expect(error.message).toBe('no key in k can verify a token');
    expect(error.hint).toMatch(/key 1 of k is not for signatures/);
  });

  test('a hostile kid is escaped and cut in the notice', async () => {
    const kid = `\u001b]8;;x\u0007\u202e${'a'.repeat(1000)}`;
    const { message } = (await set({ ...rsa, kid, use: 'enc' }, ec())).notices[0]!;
    expect(message).toContain('\\x1b]8;;x\\x07\\u{202e}aaa');
    expect(message.length).toBeLessThan(400);
  });
});

test.each([
  [{ ...rsa, use: 'sig', key_ops: ['verify'], alg: 'PS384' }, ['PS384']],
  [
    { ...rsa, use: null, alg: null, kid: null },
    ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ],
  [{ ...oct('A'), alg: 'HS384' }, ['HS384']],
])('a key is bound to its own alg where it has one (%#)', async (jwk, algs) => {
  expect((await loadJson(jwk)).keys[0]!.algs).toEqual(algs);
});

test('the key holds nothing of the JWK but the public numbers', async () => {
  const ring = await loadJson({ ...rsa, kid: 'a', x5u: 'https://x', x5c: ['AAAA'], extra: 1 });
  expect(ring.keys[0]!.jwk).toEqual({ kty: 'RSA', n: rsa.n, e: rsa.e });
});

test('a member named __proto__ gives a key nothing', async () => {
  const text = JSON.stringify({ ...rsa }).replace('{', '{"__proto__":{"kid":"x","use":"enc"},');
  expect((await loadFile(text)).keys[0]!.kid).toBeNull();
});
