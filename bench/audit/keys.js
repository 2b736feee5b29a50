// Keys and tokens of the corpus: of one seed always the same, signed by node:crypto alone.
import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS#8. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

const digest = (text) => createHash('sha256').update(text).digest();

/** First 16 base64url characters of SHA-256, as `token_id` and `signature_id` are made. */
export const shortId = (text) => digest(text).toString('base64url').slice(0, 16);

const segment = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Secrets k1 and k2 (before and after the rotation), k3 that is known to one server only, and a pair for a
 * service. All derived from the seed.
 */
export const createKeys = (seed) => {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, digest(`service of ${seed}`)]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey);
  const secretOf = (name) => createHash('sha512').update(`${name} of ${seed}`).digest();
  return {
    secrets: { k1: secretOf('k1'), k2: secretOf('k2'), k3: secretOf('k3') },
    service: {
      privateKey,
      jwk: { ...publicKey.export({ format: 'jwk' }), kid: 'svc', use: 'sig' },
      pem: publicKey.export({ format: 'pem', type: 'spki' }),
    },
  };
};

/** What the auditor has: two secrets and a public key. Returns the files. */
export const writeKeys = (folder, { secrets, service }) => {
  const keys = ['k1', 'k2'].map((kid) => ({
    kty: 'oct',
    kid,
    k: secrets[kid].toString('base64url'),
  }));
  const files = [
    ['secrets.jwks.json', { keys }],
    ['service.jwks.json', { keys: [service.jwk] }],
  ];
  return files.map(([name, content]) => {
    const file = join(folder, name);
    writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    return file;
  });
};

/** A token as the corpus keeps it. `signature` is what stands behind the second dot. */
export const tokenOf = (header, claims, signature) => {
  const input = `${segment(header)}.${segment(claims)}`;
  const made = signature(input);
  const text = `${input}.${made}`;
  return { text, id: shortId(text), signature: made, header, claims };
};

export const hmacToken = (secret, header, claims) =>
  tokenOf({ alg: 'HS256', typ: 'JWT', ...header }, claims, (input) =>
    createHmac('sha256', secret).update(input).digest('base64url'),
  );

export const serviceToken = ({ service }, header, claims) =>
  tokenOf({ alg: 'EdDSA', kid: 'svc', ...header }, claims, (input) =>
    sign(null, Buffer.from(input), service.privateKey).toString('base64url'),
  );

/** The same token with other claims and its old signature. */
export const tampered = ({ header, claims, signature }, changes) =>
  tokenOf(header, { ...claims, ...changes }, () => signature);
