import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KeyRing } from '../../src/keys/key.ts';
import { loadKeyRing } from '../../src/keys/ring.ts';
import { codesOf, failureOf, memoryIo, NO_KEYS, textOf } from './memory-io.ts';

const SECRET = 'a secret that is long enough for HS256, and then some more of it';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const ed = generateKeyPairSync('ed25519').publicKey;
const files = {
  'a.secret': SECRET,
  'b.secret': SECRET.toUpperCase(),
  'rsa.pem': rsa.export({ format: 'pem', type: 'spki' }).toString(),
  'rsa.jwk': JSON.stringify(rsa.export({ format: 'jwk' })),
  'rsa-kid.jwk': JSON.stringify({ ...rsa.export({ format: 'jwk' }), kid: 'r' }),
  'ed.jwk': JSON.stringify({ ...ed.export({ format: 'jwk' }), kid: 'secret' }),
  'ed-r.jwk': JSON.stringify({ ...ed.export({ format: 'jwk' }), kid: 'r' }),
};

/** The ring of one secret and these key files. */
const load = async (keyFiles: string[], algs: string[] | null = null): Promise<KeyRing> => {
  const options = { ...NO_KEYS, secretFiles: ['a.secret'], keyFiles, algs };
  return (await loadKeyRing(options, memoryIo(files)))!;
};

describe('which keys are loaded', () => {
  test('none at all is null, also with an empty default variable', async () => {
    expect(await loadKeyRing(NO_KEYS, memoryIo({}))).toBeNull();
    expect(await loadKeyRing(NO_KEYS, memoryIo({}, { env: { AUTHLOG_SECRET: '' } }))).toBeNull();
  });

  test('the default variable counts only when no option names a key', async () => {
    const io = memoryIo(files, { env: { AUTHLOG_SECRET: SECRET } });
    expect((await loadKeyRing(NO_KEYS, io))!.keys.map(({ id }) => id)).toEqual(['secret']);
    const ring = await loadKeyRing({ ...NO_KEYS, keyFiles: ['ed-r.jwk'] }, io);
    expect(ring!.keys.map(({ id }) => id)).toEqual(['r']);
  });

  test.each([
    ['not set', {}],
    ['empty', { MY_SECRET: '' }],
    ['set to undefined', { MY_SECRET: undefined }],
  ])('a named variable that is %s is an error, not a fallback', async (_name, env) => {
    const io = memoryIo({}, { env: { AUTHLOG_SECRET: SECRET, ...env } });
    const error = await failureOf(loadKeyRing({ ...NO_KEYS, secretEnv: 'MY_SECRET' }, io));
    expect([error.code, error.message]).toEqual(['KEY', expect.stringContaining('MY_SECRET')]);
  });

  test('a secret given in place of a variable name is not printed; nor is a name of Object one', async () => {
    for (const secretEnv of ['my-Secret-Value', 'constructor', '__proto__']) {
      const error = await failureOf(loadKeyRing({ ...NO_KEYS, secretEnv }, memoryIo({})));
      expect(textOf(error)).not.toContain(secretEnv);
    }
  });

  test('every option adds its keys, secrets first', async () => {
    const options = {
      ...NO_KEYS,
      secretFiles: ['a.secret', 'b.secret'],
      secretEnv: 'OTHER',
      promptedSecret: `${SECRET}!`,
      keyFiles: ['rsa.pem', 'ed-r.jwk'],
    };
    const ring = await loadKeyRing(options, memoryIo(files, { env: { OTHER: `${SECRET}?` } }));
    const names = ring!.keys.map(({ id, kty }) => `${kty} ${kty === 'RSA' ? 'thumbprint' : id}`);
    expect(names).toEqual([
      'oct secret',
      'oct secret-2',
      'oct secret-3',
      'oct secret-4',
      'RSA thumbprint',
      'OKP r',
    ]);
  });
});

describe('key ids', () => {
  test('the same key from two files is one key', async () => {
    expect((await load(['rsa.pem', 'rsa.jwk', 'rsa.pem'])).keys).toHaveLength(2);
  });

  test('the same key with and without kid is two: they answer to different tokens', async () => {
    expect((await load(['rsa.pem', 'rsa-kid.jwk'])).keys).toHaveLength(3);
  });

  test('a kid wins over a made-up id', async () => {
    expect((await load(['ed.jwk'])).keys.map(({ id }) => id)).toEqual(['secret-2', 'secret']);
  });

  test('one kid for two keys of two files is ambiguous', async () => {
    const error = await failureOf(load(['rsa-kid.jwk', 'ed-r.jwk']));
    expect([error.code, error.message]).toEqual(['KEY', expect.stringMatching(/"r" is ambiguous/)]);
  });

  test('no id follows from a secret', async () => {
    const [first, second] = await Promise.all(
      [SECRET, `${SECRET}.`].map((secret) =>
        loadKeyRing({ ...NO_KEYS, promptedSecret: secret }, memoryIo({})),
      ),
    );
    expect(first!.keys[0]!.id).toBe(second!.keys[0]!.id);
  });
});

describe('--alg', () => {
  test('leaves each key what the list and its type share', async () => {
    const ring = await load(['rsa.pem'], ['PS256', 'HS512', 'RS256']);
    expect(ring.keys.map(({ algs }) => algs)).toEqual([['HS512'], ['RS256', 'PS256']]);
  });

  test('a key left with nothing is out, and said so', async () => {
    const ring = await load(['rsa.pem'], ['RS256']);
    expect(ring.keys.map(({ kty }) => kty)).toEqual(['RSA']);
    expect(codesOf(ring)).toEqual(['key_unused']);
  });

  test('all keys left with nothing is an error that says what they could verify', async () => {
    const error = await failureOf(load(['rsa.pem'], ['ES256']));
    expect([error.code, error.message]).toEqual(['KEY', 'no key given verifies ES256']);
    expect(error.hint).toMatch(/HS256.*RS256/);
  });

  test('a bad list is USAGE even when no key is given', async () => {
    const run = loadKeyRing({ ...NO_KEYS, algs: ['none'] }, memoryIo({}));
    expect((await failureOf(run)).code).toBe('USAGE');
  });
});
