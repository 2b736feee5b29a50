import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import { readSecretFile } from '../keys/secret.ts';

/** Kinds of keys that can be made, and the algorithm that each signs. */
export const KEY_KINDS = {
  hs256: 'HS256',
  hs384: 'HS384',
  hs512: 'HS512',
  rs256: 'RS256',
  es256: 'ES256',
  es384: 'ES384',
  es512: 'ES512',
  eddsa: 'EdDSA',
} as const;

export type KeyKind = keyof typeof KEY_KINDS;

/** A new key as the text of its files. */
export interface GeneratedKey {
  readonly alg: string;
  /** A secret, or a private JWK. */
  readonly privateText: string;
  /** The JWKS with the public half, null for a secret. */
  readonly publicText: string | null;
  /** RFC 7638 thumbprint, null for a secret: it would tell guesses from it. */
  readonly kid: string | null;
}

/** As strong as AES-128 (NIST SP 800-57 part 1, table 2). */
const RSA_BITS = 3072;

/**
 * Random bytes as base64url, as many as the hash has. The text itself is the secret, so that every
 * program that reads the file signs with the same bytes; no newline follows, which some would count.
 */
const generateSecret = (bytes: number): string => {
  const text = randomBytes(bytes).toString('base64url');
  try {
    readSecretFile(Buffer.from(text), 'the new secret');
    return text;
  } catch {
    // One in many millions looks like a key (`ssh-…`), and would be refused later.
    return generateSecret(bytes);
  }
};

const asFile = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Makes a key. Secrets are text; the others a private JWK (RFC 7517) and a JWKS of its public half:
 * unlike PEM, a JWK says which `kid` and `alg` its tokens carry.
 */
export const generateKey = async (kind: KeyKind): Promise<GeneratedKey> => {
  const alg = KEY_KINDS[kind];
  if (alg.startsWith('HS')) {
    const privateText = generateSecret(Number(alg.slice(2)) / 8);
    return { alg, privateText, publicText: null, kid: null };
  }
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose');
  const options = { extractable: true, modulusLength: RSA_BITS };
  const { privateKey, publicKey } = await generateKeyPair(alg, options);
  const own = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(own);
  const members: JWK = { kid, alg, use: 'sig' };
  return {
    alg,
    privateText: asFile({ ...members, ...(await exportJWK(privateKey)) }),
    publicText: asFile({ keys: [{ ...members, ...own }] }),
    kid,
  };
};
