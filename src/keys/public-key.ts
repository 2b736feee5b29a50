import type { KeyObject } from 'node:crypto';
import { algsFor } from './algs.ts';
import type { Reading } from './candidate.ts';
import type { KeyType } from './key.ts';
import { rsaWeakness } from './rsa-strength.ts';

/** What a JWK says about a key beyond its numbers; a PEM file says none of it. */
export interface KeyMembers {
  readonly kid: string | null;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}

export const NO_MEMBERS: KeyMembers = { kid: null, notBefore: null, notAfter: null };

const KEY_TYPES: ReadonlyMap<string | undefined, KeyType> = new Map<string | undefined, KeyType>([
  ['rsa', 'RSA'],
  ['ec', 'EC'],
  ['ed25519', 'OKP'],
]);

const USED_CURVES: ReadonlySet<string | undefined> = new Set([
  'prime256v1',
  'secp384r1',
  'secp521r1',
]);

const NAMES: ReadonlyMap<string | undefined, string> = new Map<string | undefined, string>([
  ['dsa', 'a DSA key'],
  ['dh', 'a Diffie-Hellman key'],
  ['ed448', 'an Ed448 key'],
  ['rsa-pss', 'an RSA key restricted to RSASSA-PSS'],
  ['x25519', 'an X25519 key'],
  ['x448', 'an X448 key'],
]);

const bigintOf = (base64url: string | undefined): bigint =>
  BigInt(`0x${Buffer.from(base64url ?? '', 'base64url').toString('hex') || '0'}`);

/** The `kty` of a key whose kind can verify tokens, else why it cannot. */
const typeOf = (key: KeyObject): { readonly kty: KeyType } | { readonly unusable: string } => {
  const type = key.asymmetricKeyType;
  const kty = KEY_TYPES.get(type);
  if (kty === undefined) {
    const what = NAMES.get(type) ?? 'a key of an unknown type';
    return { unusable: `is ${what}, which verifies no supported algorithm` };
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (kty !== 'EC' || USED_CURVES.has(curve)) return { kty };
  const own = curve ?? 'of its own';
  return { unusable: `is an EC key on the curve ${own}, which verifies no supported algorithm` };
};

/**
 * The verification key of a public KeyObject: its JWK holds the public members alone, in canonical form.
 * `unusable` for a type, curve or size that must not verify tokens (RFC 8725 section 3.4).
 */
export const readPublicKey = async (key: KeyObject, members: KeyMembers): Promise<Reading> => {
  const type = typeOf(key);
  if ('unusable' in type) return type;
  const { kty } = type;
  const { exportJWK, importJWK } = await import('jose');
  const jwk = await exportJWK(key);
  const weakness = kty === 'RSA' ? rsaWeakness(bigintOf(jwk.n), bigintOf(jwk.e)) : null;
  if (weakness !== null) return { unusable: weakness };
  const algs = algsFor(kty, jwk.crv ?? null);
  try {
    await importJWK(jwk, algs[0]);
  } catch {
    return { unusable: 'is not a valid public key' };
  }
  return { key: { ...members, kty, algs, secret: null, jwk } };
};
