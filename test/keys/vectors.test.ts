import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadKeyRing } from '../../src/keys/ring.ts';
import { failureOf, loadFile, memoryIo, NO_KEYS, textOf } from './memory-io.ts';

const VECTORS =
  process.env['AUTHLOG_VECTORS'] ??
  fileURLToPath(new URL('../../../shared/vectors', import.meta.url));

/** What each file is: the key types of its keys in order, or why it is refused. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'authlib/tests/files': {
    'ed25519-pkcs8.pem': 'private',
    'ed25519-pub.pem': 'OKP',
    'ed25519-ssh.pub': 'OKP',
    'jwk_private.json': 'private',
    'jwk_public.json': 'RSA',
    'jwks_private.json': 'private',
    'jwks_public.json': 'RSA RSA',
    'jwks_single_private.json': 'private',
    'jwks_single_public.json': 'RSA',
    'rsa_private.pem': 'private',
    'rsa_public.pem': 'RSA',
    'secp256k1-private.pem': 'private',
    'secp256k1-pub.pem': 'unusable',
    'secp521r1-private.json': 'private',
    'secp521r1-public.json': 'EC',
    'ssh_private.pem': 'private',
    'ssh_public.pem': 'RSA',
    'thumbprint_example.json': 'RSA',
  },
  'pyjwt/tests/keys': {
    'jwk_ec_key_P-256.json': 'private',
    'jwk_ec_key_P-384.json': 'private',
    'jwk_ec_key_P-521.json': 'private',
    'jwk_ec_key_secp256k1.json': 'private',
    'jwk_ec_pub_P-256.json': 'EC',
    'jwk_ec_pub_P-384.json': 'EC',
    'jwk_ec_pub_P-521.json': 'EC',
    'jwk_ec_pub_secp256k1.json': 'unusable',
    'jwk_empty.json': 'unusable',
    'jwk_hmac.json': 'oct',
    'jwk_keyset_only_unknown_alg.json': 'unusable',
    'jwk_keyset_with_unknown_alg.json': 'RSA',
    'jwk_okp_key_Ed25519.json': 'private',
    'jwk_okp_key_Ed448.json': 'private',
    'jwk_okp_pub_Ed25519.json': 'OKP',
    'jwk_okp_pub_Ed448.json': 'unusable',
    'jwk_rsa_key.json': 'private',
    'jwk_rsa_pub.json': 'RSA',
    'testkey2_rsa.pub.pem': 'RSA',
    'testkey_ec.priv': 'private',
    'testkey_ec.pub': 'EC',
    'testkey_ec_secp192r1.priv': 'private',
    'testkey_ec_ssh.pub': 'EC',
    testkey_ed25519: 'private',
    'testkey_ed25519.pem': 'private',
    'testkey_ed25519.pub': 'OKP',
    'testkey_ed25519.pub.pem': 'OKP',
    'testkey_pkcs1.pub.pem': 'unusable',
    'testkey_rsa.cer': 'RSA',
    'testkey_rsa.priv': 'private',
    'testkey_rsa.pub': 'RSA',
  },
  'golang-jwt/test': {
    'ec256-private.pem': 'private',
    'ec256-public.pem': 'EC',
    'ec384-private.pem': 'private',
    'ec384-public.pem': 'EC',
    'ec512-private.pem': 'private',
    'ec512-public.pem': 'EC',
    'ed25519-private.pem': 'private',
    'ed25519-public.pem': 'OKP',
    'examplePaddedKey-public.pem': 'EC',
    hmacTestKey: 'unusable',
    'privateSecure.pem': 'private',
    sample_key: 'private',
    'sample_key.pub': 'RSA',
  },
  'node-jsonwebtoken/test': {
    'dsa-private.pem': 'private',
    'dsa-public.pem': 'unusable',
    'ecdsa-private.pem': 'private',
    // Its name speaks of a signature that it does not verify: the key itself is sound.
    'ecdsa-public-invalid.pem': 'EC',
    'ecdsa-public-x509.pem': 'EC',
    'ecdsa-public.pem': 'EC',
    'invalid_pub.pem': 'RSA',
    'prime256v1-private.pem': 'private',
    'priv.pem': 'private',
    'pub.pem': 'RSA',
    'rsa-private.pem': 'private',
    'rsa-pss-invalid-salt-length-private.pem': 'private',
    'rsa-pss-private.pem': 'private',
    'rsa-public-key.pem': 'RSA',
    'rsa-public.pem': 'RSA',
    'secp384r1-private.pem': 'private',
    'secp521r1-private.pem': 'private',
  },
};

/** The only two files that may serve as a secret: one is random bytes, the other empty. */
const NOT_A_KEY = new Set(['hmacTestKey', 'jwk_empty.json']);

const idOf = async (file: string): Promise<string> =>
  (await loadFile(readFileSync(join(VECTORS, 'pyjwt/tests/keys', file)))).keys[0]!.id;

/** Every run of 12 characters of the file's encoded parts: none of them may appear in a message. */
const expectNoMaterial = (text: string, file: Uint8Array): void => {
  const content = Buffer.from(file).toString('latin1');
  for (const part of content.match(/[A-Za-z0-9+/_-]{20,}/g) ?? []) {
    for (let i = 0; i + 12 <= part.length; i++) expect(text).not.toContain(part.slice(i, i + 12));
  }
};

const missing = Object.keys(EXPECTED).filter((folder) => !existsSync(join(VECTORS, folder)));
if (missing.length > 0) {
  process.stderr.write(`skipped: no ${missing.join(', ')} under ${VECTORS}\n`);
}

for (const [folder, expected] of Object.entries(EXPECTED)) {
  describe.skipIf(missing.includes(folder))(`third-party keys: ${folder}`, () => {
    const files = missing.includes(folder) ? [] : readdirSync(join(VECTORS, folder)).toSorted();
    const read = (file: string): Buffer => readFileSync(join(VECTORS, folder, file));

    test('each file has an expectation', () => {
      expect(Object.keys(expected).toSorted()).toEqual(files);
    });

    test.each(files)('%s as a key', async (file) => {
      const content = read(file);
      if (/^[A-Zo]/.test(expected[file]!)) {
        const ring = await loadFile(content, 'k');
        expect(ring.keys.map(({ kty }) => kty).join(' ')).toBe(expected[file]);
        return;
      }
      const error = await failureOf(loadFile(content, 'k'));
      expect(error.code).toBe('KEY');
      expect(/private key/.test(error.message)).toBe(expected[file] === 'private');
      // A key id may be named; the one set that is refused as a whole has ids only.
      expectNoMaterial(textOf(error).replaceAll(/"[^"]*"/g, ''), content);
    });

    test.each(files.filter((file) => !NOT_A_KEY.has(file)))('%s as a secret', async (file) => {
      const content = read(file);
      const options = { ...NO_KEYS, secretFiles: ['k'] };
      const error = await failureOf(loadKeyRing(options, memoryIo({ k: content })));
      expect(error.message).toBe('k holds a public or private key, not a shared secret');
      expectNoMaterial(textOf(error), content);
    });
  });
}

test.skipIf(missing.includes('golang-jwt/test'))(
  'third-party random bytes are a secret, whole',
  async () => {
    const bytes = readFileSync(join(VECTORS, 'golang-jwt/test/hmacTestKey'));
    const options = { ...NO_KEYS, secretFiles: ['k'] };
    const ring = await loadKeyRing(options, memoryIo({ k: bytes }));
    expect(Buffer.from(ring!.keys[0]!.secret!)).toEqual(bytes);
  },
);

test.skipIf(missing.includes('pyjwt/tests/keys'))(
  'one key as certificate and as OpenSSH line has one id',
  async () => {
    expect(await idOf('testkey_rsa.cer')).toBe(await idOf('testkey_rsa.pub'));
    expect(await idOf('testkey_ec.pub')).toBe(await idOf('testkey_ec_ssh.pub'));
  },
);
