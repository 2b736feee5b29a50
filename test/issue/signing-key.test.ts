import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadSigningKey, signingAlg } from '../../src/issue/signing-key.ts';
import { issueToken } from '../../src/issue/token.ts';
import { failureOf, memoryIo, textOf } from '../keys/memory-io.ts';
import { SECRET } from '../support/tokens.ts';
import { jwkOf, loadJwk, loadKey, loadSecret, PAIRS, pkcs8, publicJwkOf } from './keys.ts';

const rsa = PAIRS['RSA']!.privateKey;
const ec = PAIRS['P-256']!.privateKey;
const secretJwk = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url') };

describe('a key to sign with', () => {
  test.each<[string, string, string | Uint8Array]>([
    ['PKCS#8', 'RS256', pkcs8('RSA')],
    ['PKCS#1', 'RS256', rsa.export({ type: 'pkcs1', format: 'pem' })],
    ['SEC 1', 'ES256', ec.export({ type: 'sec1', format: 'pem' })],
    ['PKCS#8 of P-384', 'ES384', pkcs8('P-384')],
    ['PKCS#8 of P-521', 'ES512', pkcs8('P-521')],
    ['PKCS#8 of Ed25519', 'EdDSA', pkcs8('Ed25519')],
    ['binary PKCS#8', 'RS256', rsa.export({ type: 'pkcs8', format: 'der' })],
    ['binary SEC 1', 'ES256', ec.export({ type: 'sec1', format: 'der' })],
    ['a private JWK', 'ES256', JSON.stringify(jwkOf('P-256'))],
    ['a secret JWK', 'HS256', JSON.stringify(secretJwk)],
    ['a JWK with an algorithm', 'PS384', JSON.stringify(jwkOf('RSA', { alg: 'PS384' }))],
    ['a JWKS', 'EdDSA', JSON.stringify({ keys: [publicJwkOf('RSA'), jwkOf('Ed25519')] })],
  ])('%s signs by default %s', async (_name, alg, content) => {
    const key = await loadKey(content);
    expect(signingAlg(key, undefined)).toBe(alg);
    const { verdict, header } = await issueToken({ key, userId: '1' });
    expect([verdict, header.alg]).toEqual(['valid', alg]);
  });

  test('others can read it: a notice', async () => {
    const { notices } = await loadKey(pkcs8('P-256'), { fileMode: async () => 0o644 });
    expect(notices).toMatchObject([{ code: 'secret_readable' }]);
    expect((await loadKey(pkcs8('P-256'))).notices).toEqual([]);
  });

  test('is a secret by the rules of all secrets', async () => {
    const io = memoryIo({ s: `base64:${Buffer.from(SECRET).toString('base64')}\n` });
    const key = await loadSigningKey({ secretFile: 's' }, io);
    expect(Buffer.from(key!.verifier.secret!).toString()).toBe(SECRET);
    expect(key!.notices).toMatchObject([{ code: 'secret_newline' }]);
  });

  test('is that of AUTHLOG_SECRET where no other is named', async () => {
    const io = memoryIo({ k: pkcs8('RSA') }, { env: { AUTHLOG_SECRET: SECRET } });
    expect(signingAlg((await loadSigningKey({}, io))!, undefined)).toBe('HS256');
    expect(signingAlg((await loadSigningKey({ keyFile: 'k' }, io))!, undefined)).toBe('RS256');
    expect(await loadSigningKey({}, memoryIo({}))).toBeNull();
  });

  test('chooses among its own algorithms only', async () => {
    const key = await loadKey(pkcs8('RSA'));
    expect(signingAlg(key, 'PS512')).toBe('PS512');
    expect(() => signingAlg(key, 'HS256')).toThrow('key does not sign HS256');
    expect(() => signingAlg(key, 'none')).toThrow(/none cannot be allowed/);
    expect(() => signingAlg(key, 'RS1')).toThrow(/unknown algorithm/);
    const pinned = await loadJwk(jwkOf('RSA', { alg: 'RS256' }));
    expect(() => signingAlg(pinned, 'PS256')).toThrow('key does not sign PS256');
  });

  test("its own kid is stamped, and another one's remarked", async () => {
    const key = await loadJwk(jwkOf('P-256', { kid: 'k1', use: 'sig', key_ops: ['sign'] }));
    expect((await issueToken({ key, userId: '1' })).header.kid).toBe('k1');
    const other = await issueToken({ key, kid: 'k2', userId: '1' });
    expect(other.header.kid).toBe('k2');
    expect(other.notices).toMatchObject([{ code: 'kid_differs' }]);
  });
});

const encrypted = (type: 'pkcs8' | 'pkcs1'): string =>
  rsa.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
const generated = (kind: 'dsa' | 'ed448' | 'rsa-pss' | 'rsa' | 'ec'): string => {
  const make = (): { privateKey: import('node:crypto').KeyObject } => {
    if (kind === 'dsa')
      return generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
    if (kind === 'ed448') return generateKeyPairSync('ed448');
    if (kind === 'rsa-pss') return generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    if (kind === 'ec') return generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    return generateKeyPairSync('rsa', { modulusLength: 1024 });
  };
  return make().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};

describe('refused as a key to sign with', () => {
  test.each<[string, string, RegExp]>([
    ['an encrypted PKCS#8', encrypted('pkcs8'), /encrypted with a passphrase\n.*openssl pkey/],
    ['an encrypted PKCS#1', encrypted('pkcs1'), /encrypted with a passphrase/],
    [
      'a public PEM',
      PAIRS['RSA']!.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      /is a public key/,
    ],
    ['a public JWK', JSON.stringify(publicJwkOf('RSA')), /is a public key/],
    ['two private PEM', pkcs8('RSA') + pkcs8('P-256'), /several private keys/],
    ['two private JWK', JSON.stringify({ keys: [jwkOf('RSA'), secretJwk] }), /several private/],
    [
      'an OpenSSH key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
      /OpenSSH/,
    ],
    ['damaged PEM', pkcs8('RSA').replace(/\n.{20}/, '\n'), /not a valid private key/],
    ['cut PEM', pkcs8('RSA').slice(0, 300), /not a valid private key/],
    ['nothing', ' \n', /is empty/],
    ['prose', 'hello', /is not a private key/],
    ['damaged JSON', '{"kty":"oct","k":"hunter2"', /is not valid JSON/],
    ['an empty set', '{"keys":[]}', /holds no key/],
    ['DSA', generated('dsa'), /is a DSA key/],
    ['Ed448', generated('ed448'), /is an Ed448 key/],
    ['RSA for PSS alone', generated('rsa-pss'), /restricted to RSASSA-PSS/],
    ['secp256k1', generated('ec'), /curve secp256k1/],
    ['weak RSA', generated('rsa'), /RSA key of 1024 bits; at least 2048/],
    ['use enc', JSON.stringify(jwkOf('RSA', { use: 'enc' })), /"use" is not "sig"/],
    ['key_ops verify', JSON.stringify(jwkOf('RSA', { key_ops: ['verify'] })), /key_ops/],
    ["another's alg", JSON.stringify(jwkOf('RSA', { alg: 'ES256' })), /is for ES256/],
    ['kid as a number', JSON.stringify(jwkOf('RSA', { kid: 1 })), /"kid"/],
  ])('%s', async (_name, content, sentence) => {
    const error = await failureOf(loadKey(content));
    expect(error.exitCode).toBe(2);
    expect(textOf(error)).toMatch(sentence);
    expect(textOf(error)).not.toMatch(/hunter2|AAAA|BEGIN/);
  });

  test('a private half of another key', async () => {
    const other = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const error = await failureOf(
      loadJwk({ ...jwkOf('Ed25519'), d: other.d }).then((key) => issueToken({ key, userId: '1' })),
    );
    expect(textOf(error)).toMatch(/does not belong to its public half|not a valid private key/);
  });

  test('a key that is no longer in use', async () => {
    const key = await loadJwk(jwkOf('P-256', { not_after: 1_600_000_000 }));
    const error = await failureOf(issueToken({ key, userId: '1' }));
    expect(error.message).toBe('key is not in use at this time');
    const issued = await issueToken({ key, userId: '1', now: 1_500_000_000_000 });
    expect(issued.verdict).toBe('valid');
  });

  test('a missing file, and several keys', async () => {
    expect((await failureOf(loadSigningKey({ keyFile: 'no' }, memoryIo({})))).message).toBe(
      'cannot read no: ENOENT',
    );
    const two = loadSigningKey({ secret: SECRET, keyFile: 'k' }, memoryIo({}));
    expect((await failureOf(two)).message).toBe('a token is signed by one key');
  });

  test('a weak secret, unless that is said', async () => {
    const key = await loadSecret('secret_key');
    const error = await failureOf(issueToken({ key, userId: '1' }));
    expect(error.message).toBe('the secret of --secret is one of those that are guessed first');
    const issued = await issueToken({ key, userId: '1', allowWeakSecret: true });
    expect(issued.notices).toMatchObject([{ code: 'weak_secret' }]);
    expect(issued.verdict).toBe('valid');
  });
});
