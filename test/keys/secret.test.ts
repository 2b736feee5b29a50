import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KeyRing } from '../../src/keys/key.ts';
import { loadKeyRing } from '../../src/keys/ring.ts';
import { codesOf, failureOf, memoryIo, NO_KEYS, textOf } from './memory-io.ts';

const LONG = 'correct horse battery staple, said the sixty-four byte long secret';

const fromFile = async (content: string | Uint8Array, mode = 0o600): Promise<KeyRing> => {
  const io = memoryIo({ 'my secret': content }, { fileMode: async () => mode });
  const ring = await loadKeyRing({ ...NO_KEYS, secretFiles: ['my secret'] }, io);
  return ring!;
};

const secretOf = (ring: KeyRing): string => Buffer.from(ring.keys[0]!.secret!).toString('latin1');

const der = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });

describe('row 87: secret files', () => {
  test.each([
    ['no newline', LONG, LONG, []],
    ['LF', `${LONG}\n`, LONG, ['secret_newline']],
    ['CRLF', `${LONG}\r\n`, LONG, ['secret_newline']],
    ['two LF: only one goes', `${LONG}\n\n`, `${LONG}\n`, ['secret_newline']],
    ['CR alone stays', `${LONG}\r`, `${LONG}\r`, []],
    ['byte order mark', `\ufeff${LONG}\n`, LONG, ['secret_newline']],
    ['spaces stay', ` ${LONG} `, ` ${LONG} `, []],
  ])('%s', async (_name, content, secret, codes) => {
    const ring = await fromFile(content);
    expect(secretOf(ring)).toBe(secret);
    expect(codesOf(ring)).toEqual(codes);
  });

  test('every byte counts: a secret need not be text', async () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => 255 - i * 3);
    expect([...(await fromFile(bytes)).keys[0]!.secret!]).toEqual([...bytes]);
  });

  test.each(['', '\n', '\r\n', '\ufeff', '\ufeff\n', 'base64:', 'base64:\n'])(
    'an empty secret %j is refused',
    async (content) => {
      expect((await failureOf(fromFile(content))).message).toBe('my secret is empty');
    },
  );

  test.each([
    [0o600, false],
    [0o400, false],
    [0o622, false],
    [0o640, true],
    [0o604, true],
    [0o644, true],
  ])('mode %o: warned of readers is %s', async (mode, warned) => {
    expect(codesOf(await fromFile(LONG, mode)).includes('secret_readable')).toBe(warned);
  });

  test('the warning shows the mode, and only a path that a shell takes as it stands', async () => {
    const ring = await fromFile(LONG, 0o644);
    expect(ring.notices[0]!.message).toMatch(/my secret \(0644\): chmod 600 FILE$/);
  });

  test('a secret file above 1 MiB is refused', async () => {
    expect((await failureOf(fromFile('x'.repeat(1024 * 1024 + 1)))).code).toBe('KEY');
  });
});

describe('base64: secrets', () => {
  const bytes = Uint8Array.from({ length: 34 }, (_, i) => 200 + i);

  test.each(['base64', 'base64url'] as const)('%s is decoded', async (encoding) => {
    const text = `base64:${Buffer.from(bytes).toString(encoding)}\n`;
    expect([...(await fromFile(text)).keys[0]!.secret!]).toEqual([...bytes]);
  });

  test.each(['base64:a', 'base64:ab*d', 'base64: abcd', 'base64:ab\ncd'])(
    '%j is refused, not decoded by halves',
    async (text) => {
      const error = await failureOf(fromFile(text));
      expect(error.message).toBe('my secret is not valid base64');
    },
  );

  test('the prefix counts for every way a secret can be given', async () => {
    const text = `base64:${Buffer.from(bytes).toString('base64')}`;
    const io = memoryIo({}, { env: { AUTHLOG_SECRET: text, OTHER: text } });
    for (const more of [{ secret: text }, { promptedSecret: text }, { secretEnv: 'OTHER' }, {}]) {
      const ring = await loadKeyRing({ ...NO_KEYS, ...more }, io);
      expect([...ring!.keys[0]!.secret!]).toEqual([...bytes]);
    }
  });
});

describe('weak secrets', () => {
  test.each([
    [31, null, true],
    [32, null, false],
    [47, ['HS384', 'HS512'], true],
    [48, ['HS384', 'HS512'], false],
    [63, ['HS512'], true],
    [64, ['HS512'], false],
  ])('%i bytes with the algorithms %j: warned is %s', async (length, algs, warned) => {
    const options = { ...NO_KEYS, promptedSecret: 'x'.repeat(length), algs };
    const ring = await loadKeyRing(options, memoryIo({}));
    expect(codesOf(ring!)).toEqual(warned ? ['weak_secret'] : []);
  });

  test('the warning says how many bits there are and should be', async () => {
    const ring = await loadKeyRing({ ...NO_KEYS, promptedSecret: 'hunter2' }, memoryIo({}));
    const { message } = ring!.notices[0]!;
    expect(message).toMatch(/56 bits.*HS256.*32 bytes, 256 bits, 48 for HS384, 64 for HS512/);
    expect(message).not.toContain('hunter2');
  });
});

test('row 85: --secret works, with a warning that does not repeat it', async () => {
  const ring = await loadKeyRing({ ...NO_KEYS, secret: LONG }, memoryIo({}));
  expect(secretOf(ring!)).toBe(LONG);
  expect(codesOf(ring!)).toEqual(['secret_in_argv']);
  expect(JSON.stringify(ring!.notices)).not.toContain(LONG);
});

describe('row 54: a public or private key is never taken as an HMAC secret', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ed = generateKeyPairSync('ed25519');
  const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const jwk = JSON.stringify(rsa.publicKey.export({ format: 'jwk' }));
  const ssh = `AAAAB3NzaC1yc2E${'A'.repeat(80)}`;

  const disguises: Record<string, string | Uint8Array> = {
    'PEM public key': pem,
    'PEM with leading white space': ` \n\t${pem}`,
    'PEM with a byte order mark': `\ufeff${pem}`,
    'PEM after other text': `subject=CN = x\n${pem}`,
    'PEM in UTF-16': Buffer.from(`\ufeff${pem}`, 'utf16le'),
    'PEM private key': rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    'encrypted PEM private key': ed.privateKey
      .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-128-cbc', passphrase: 'p' })
      .toString(),
    'PEM without its armour': der(rsa.publicKey).toString('base64'),
    'short PEM without its armour': der(ed.publicKey).toString('base64'),
    'base64: of a PEM file': `base64:${Buffer.from(pem).toString('base64')}`,
    'base64: of DER': `base64:${der(rsa.publicKey).toString('base64')}`,
    'DER public key': der(rsa.publicKey),
    'short DER public key': der(ed.publicKey),
    'DER PKCS#1 public key': rsa.publicKey.export({ format: 'der', type: 'pkcs1' }),
    'DER private key': rsa.privateKey.export({ format: 'der', type: 'pkcs8' }),
    'OpenSSH RSA': `ssh-rsa ${ssh} me@host`,
    'OpenSSH Ed25519 with white space': `\n ssh-ed25519 ${ssh}`,
    'OpenSSH ECDSA': `ecdsa-sha2-nistp256 ${ssh}`,
    'OpenSSH behind options': `no-pty ssh-rsa ${ssh} me`,
    JWK: jwk,
    'JWK with a byte order mark': `\ufeff ${jwk}`,
    JWKS: `{"keys":[${jwk}]}`,
    'secret JWK': '{"kty" : "oct", "k": "c2VjcmV0"}',
  };

  test.each(Object.keys(disguises))('%s as a file', async (name) => {
    const error = await failureOf(fromFile(disguises[name]!));
    expect(error.message).toBe('my secret holds a public or private key, not a shared secret');
    expect(error.hint).toContain('--key');
  });

  const texts = Object.entries(disguises).filter(([, value]) => typeof value === 'string');
  test.each(texts)('%s as an argument, from the environment, typed', async (_name, text) => {
    const value = String(text);
    const io = memoryIo({}, { env: { AUTHLOG_SECRET: value } });
    for (const more of [{ secret: value }, { promptedSecret: value }, {}]) {
      const error = await failureOf(loadKeyRing({ ...NO_KEYS, ...more }, io));
      expect(error.code).toBe('KEY');
      expect(textOf(error)).not.toContain(value.slice(0, 60));
    }
  });

  test.each([
    '0*looks like a short DER sequence, yet it is text!',
    '{"not":"a key"} but a passphrase',
    'MIIa',
  ])('the honest secret %j is taken', async (secret) => {
    expect(secretOf(await fromFile(secret))).toBe(secret);
  });
});
