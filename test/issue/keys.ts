import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { KeyIo } from '../../src/keys/io.ts';
import { loadSigningKey, type SigningKey } from '../../src/issue/signing-key.ts';
import { memoryIo } from '../keys/memory-io.ts';
import { SECRET } from '../support/tokens.ts';

/** Key pairs of every kind that can sign, made once a run: RSA takes its time. */
export const PAIRS: Readonly<Record<string, { publicKey: KeyObject; privateKey: KeyObject }>> = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed25519: generateKeyPairSync('ed25519'),
};

/** Every algorithm and the pair that signs it; none for a shared secret. */
export const ALGS: readonly (readonly [string, string | null])[] = [
  ['HS256', null],
  ['HS384', null],
  ['HS512', null],
  ['RS256', 'RSA'],
  ['RS384', 'RSA'],
  ['RS512', 'RSA'],
  ['PS256', 'RSA'],
  ['PS384', 'RSA'],
  ['PS512', 'RSA'],
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
  ['EdDSA', 'Ed25519'],
  ['Ed25519', 'Ed25519'],
];

export const pkcs8 = (pair: string): string =>
  PAIRS[pair]!.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const jwkOf = (pair: string, more: object = {}): object => ({
  ...PAIRS[pair]!.privateKey.export({ format: 'jwk' }),
  ...more,
});

export const publicJwkOf = (pair: string, more: object = {}): object => ({
  ...PAIRS[pair]!.publicKey.export({ format: 'jwk' }),
  ...more,
});

/** Loads `key` from a file of that content. */
export const loadKey = async (
  content: string | Uint8Array,
  more: Partial<KeyIo> = {},
): Promise<SigningKey> =>
  (await loadSigningKey({ keyFile: 'key' }, memoryIo({ key: content }, more)))!;

export const loadJwk = (jwk: object): Promise<SigningKey> => loadKey(JSON.stringify(jwk));

export const loadSecret = async (secret: string = SECRET): Promise<SigningKey> =>
  (await loadSigningKey({ secret }, memoryIo({})))!;
