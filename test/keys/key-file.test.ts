import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { calculateJwkThumbprint } from 'jose';
import { loadKeyRing } from '../../src/keys/ring.ts';
import { codesOf, failureOf, loadFile, loadJson, memoryIo, NO_KEYS, textOf } from './memory-io.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const ed = generateKeyPairSync('ed25519');

const RSA_ALGS = 'RS256 RS384 RS512 PS256 PS384 PS512';
const good = [
  ['RSA', rsa, RSA_ALGS],
  ['P-256', p256, 'ES256'],
  ['P-384', p384, 'ES384'],
  ['P-521', p521, 'ES512'],
  ['Ed25519', ed, 'EdDSA Ed25519'],
] as const;

const pem = (key: KeyObject, type: 'spki' | 'pkcs1' = 'spki'): string =>
  key.export({ format: 'pem', type }).toString();

const field = (...parts: (Uint8Array | string)[]): Buffer =>
  Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, Buffer.from(part)];
    }),
  );
const bytesOf = (base64url: string | undefined): Buffer => Buffer.from(base64url!, 'base64url');

const line = (type: string, ...parts: Buffer[]): string =>
  `${type} ${field(type, ...parts).toString('base64')}`;

/** An OpenSSH line as RFC 4253 and RFC 5656 lay it out, made here from the numbers of the key. */
const ssh = (key: KeyObject): string => {
  const { kty, crv, n, e, x, y } = key.export({ format: 'jwk' });
  if (kty === 'RSA')
    return line('ssh-rsa', bytesOf(e), Buffer.concat([Buffer.alloc(1), bytesOf(n)]));
  if (kty === 'OKP') return line('ssh-ed25519', bytesOf(x));
  const curve = `nistp${crv!.slice(2)}`;
  const point = Buffer.concat([Buffer.from([4]), bytesOf(x), bytesOf(y)]);
  return line(`ecdsa-sha2-${curve}`, Buffer.from(curve), point);
};

describe.each(good)('a %s public key', (_name, { publicKey }, algs) => {
  const jwk = publicKey.export({ format: 'jwk' });
  const forms: Record<string, string | Uint8Array> = {
    PEM: pem(publicKey),
    'PEM with a byte order mark and other text': `\ufeffkey of x\r\n${pem(publicKey)}\r\n`,
    DER: publicKey.export({ format: 'der', type: 'spki' }),
    JWK: JSON.stringify(jwk),
    'JWKS of one': JSON.stringify({ keys: [jwk] }),
    OpenSSH: ssh(publicKey),
    'OpenSSH with comment and newline': `# mine\n${ssh(publicKey)} me@host\n`,
  };

  test.each(Object.keys(forms))('as %s', async (form) => {
    const ring = await loadFile(forms[form]!);
    const thumbprint = await calculateJwkThumbprint(jwk);
    expect(ring.keys).toEqual([
      {
        id: thumbprint,
        kid: null,
        kty: jwk.kty,
        algs: algs.split(' '),
        secret: null,
        jwk,
        notBefore: null,
        notAfter: null,
      },
    ]);
    expect(ring.notices).toEqual([]);
  });
});

test('RSA in PKCS#1 is the same key as in SPKI', async () => {
  const ids = [pem(rsa.publicKey), pem(rsa.publicKey, 'pkcs1')].map(
    async (text) => (await loadFile(text)).keys[0]!.id,
  );
  const [spki, pkcs1] = await Promise.all(ids);
  expect(spki).toBe(pkcs1);
});

test('several PEM keys or OpenSSH lines in one file are several keys', async () => {
  const both = await loadFile(pem(rsa.publicKey) + pem(ed.publicKey));
  expect(both.keys.map(({ kty }) => kty)).toEqual(['RSA', 'OKP']);
  const lines = await loadFile(`${ssh(p256.publicKey)} a\n\n${ssh(ed.publicKey)} b\n`);
  expect(lines.keys.map(({ kty }) => kty)).toEqual(['EC', 'OKP']);
});

describe('a private key is refused with the way to its public half', () => {
  const sec1 = p256.privateKey.export({ format: 'pem', type: 'sec1' }).toString();
  const pkcs8 = rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'p' };
  const forms: Record<string, [content: string | Uint8Array, hint: RegExp]> = {
    'PKCS#8': [pkcs8, /openssl pkey -in k -pubout/],
    'PKCS#1': [rsa.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString(), /openssl/],
    'SEC 1': [sec1, /openssl/],
    'SEC 1 after its parameters': [
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${sec1}`,
      /openssl/,
    ],
    'encrypted PKCS#8': [
      rsa.privateKey.export({ format: 'pem', type: 'pkcs8', ...cipher }).toString(),
      /openssl/,
    ],
    OpenSSH: [
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n',
      /ssh-keygen -y -f k/,
    ],
    'after the public half': [pem(rsa.publicKey) + pkcs8, /openssl/],
    DER: [rsa.privateKey.export({ format: 'der', type: 'pkcs8' }), /openssl/],
    'DER PKCS#1': [rsa.privateKey.export({ format: 'der', type: 'pkcs1' }), /openssl/],
    JWK: [JSON.stringify(ed.privateKey.export({ format: 'jwk' })), /members d/],
  };

  test.each(Object.keys(forms))('%s', async (form) => {
    const [content, hint] = forms[form]!;
    const error = await failureOf(loadFile(content));
    expect(error.message).toBe('k is a private key; pass its public half');
    expect(error.hint).toMatch(hint);
  });

  test('the command names no path that a shell would take for something else', async () => {
    for (const path of ['-o', 'a b', '$(x)', "a'b"]) {
      expect((await failureOf(loadFile(pkcs8, path))).hint).toContain('-in FILE ');
    }
  });
});

describe('keys that verify no supported algorithm', () => {
  const ec = (namedCurve: string): string =>
    pem(generateKeyPairSync('ec', { namedCurve }).publicKey);
  const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
  test.each([
    ['secp256k1', ec('secp256k1'), /secp256k1/],
    ['secp192r1', ec('prime192v1'), /prime192v1/],
    ['X25519', pem(generateKeyPairSync('x25519').publicKey), /X25519/],
    ['Ed448', pem(generateKeyPairSync('ed448').publicKey), /Ed448/],
    ['DSA', pem(dsa.publicKey), /DSA/],
    ['RSA-PSS', pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey), /PSS/],
    ['OpenSSH DSA', 'ssh-dss AAAAB3NzaC1kc3M=', /DSA/],
    ['OpenSSH security key', 'sk-ssh-ed25519@openssh.com AAAA', /security-key/],
    ['OpenSSH certificate', 'ssh-rsa-cert-v01@openssh.com AAAA', /certificate/],
    ['X25519 JWK', JSON.stringify({ kty: 'OKP', crv: 'X25519', x: 'AAAA' }), /X25519/],
    ['unknown kty', JSON.stringify({ kty: 'AKP', pub: 'AAAA' }), /AKP/],
  ])('%s is refused by its name', async (_name, content, reason) => {
    const error = await failureOf(loadFile(content));
    expect([error.code, error.message]).toEqual(['KEY', expect.stringMatching(reason)]);
  });
});

describe('broken key files end in one KEY sentence', () => {
  const jwk = p256.publicKey.export({ format: 'jwk' });
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const sshLine = ssh(rsa.publicKey);
  test.each([
    ['empty', ''],
    ['white space', ' \n'],
    ['a secret', 'correct horse battery staple'],
    ['bytes', Uint8Array.of(0, 255, 254, 7)],
    ['DER cut off', rsa.publicKey.export({ format: 'der', type: 'spki' }).subarray(0, 100)],
    ['PEM cut off', pem(rsa.publicKey).slice(0, 200)],
    ['PEM with a broken body', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
    ['PEM of something else', '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----'],
    ['broken certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['headers alone', '-----BEGIN PUBLIC KEY-----\n'.repeat(30_000)],
    ['JSON cut off', '{"kty":"RSA","n":"c2VjcmV0IG1hdGVyaWFs'],
    ['JSON list', JSON.stringify([jwk])],
    ['JSON without key', '{}'],
    ['JSON nested deeply', '{"keys":'.padEnd(500_000, '[')],
    ['point off its curve', JSON.stringify({ ...jwk, y: other.export({ format: 'jwk' }).y })],
    ['number missing', JSON.stringify({ ...jwk, y: undefined })],
    ['number as number', JSON.stringify({ ...jwk, x: 1 })],
    ['number with odd characters', JSON.stringify({ ...jwk, x: `${jwk.x!}*` })],
    ['numeric kid', JSON.stringify({ ...jwk, kid: 7 })],
    ['numeric kty', JSON.stringify({ ...jwk, kty: 7 })],
    ['no curve', JSON.stringify({ ...jwk, crv: undefined })],
    ['oct without k', '{"kty":"oct"}'],
    ['oct with an empty k', '{"kty":"oct","k":""}'],
    ['oct with a k that is no base64', '{"kty":"oct","k":"***"}'],
    ['OpenSSH cut off', sshLine.slice(0, 100)],
    ['OpenSSH of another type', sshLine.replace('ssh-rsa ', 'ssh-ed25519 ')],
    ['OpenSSH with a field too many', line('ssh-ed25519', Buffer.alloc(32), Buffer.alloc(1))],
    [
      'OpenSSH RSA with a field too many',
      line(
        'ssh-rsa',
        bytesOf('AQAB'),
        bytesOf(rsa.publicKey.export({ format: 'jwk' }).n),
        Buffer.alloc(1),
      ),
    ],
    ['OpenSSH without body', 'ssh-rsa'],
    ['OpenSSH with bad base64', `${sshLine.slice(0, 60)}*${sshLine.slice(60)}`],
    ['more than 1 MiB', `${pem(rsa.publicKey)}${' '.repeat(1024 * 1024)}`],
  ])('%s', async (_name, content) => {
    const error = await failureOf(loadFile(content));
    expect(error.code).toBe('KEY');
    const text = Buffer.from(content).toString('latin1').slice(0, 60_000);
    const body = text.replaceAll(/-----[A-Z0-9 ]+-----/g, '').match(/[A-Za-z0-9+/_-]{12,}/g) ?? [];
    for (const part of body) expect(textOf(error)).not.toContain(part.slice(0, 12));
  });
});

test('an oct JWK holding a PEM file as its secret is refused: row 54 by another door', async () => {
  const k = Buffer.from(pem(rsa.publicKey)).toString('base64url');
  expect((await failureOf(loadJson({ kty: 'oct', k }))).message).toMatch(/holds a public/);
});

test('a missing key file is named, with its controls escaped', async () => {
  const options = { ...NO_KEYS, keyFiles: ['no\u001b[2J\nfile'] };
  const error = await failureOf(loadKeyRing(options, memoryIo({})));
  expect(error.message).toBe('cannot read no\\x1b[2J\\x0afile: ENOENT');
});

test('the file of an oct JWK is a secret: others must not read it', async () => {
  const jwk = JSON.stringify({ kty: 'oct', k: 'A'.repeat(64) });
  const io = memoryIo({ j: jwk, p: pem(rsa.publicKey) }, { fileMode: async () => 0o644 });
  const ring = await loadKeyRing({ ...NO_KEYS, keyFiles: ['j', 'p'] }, io);
  expect(codesOf(ring!)).toEqual(['secret_readable']);
});
