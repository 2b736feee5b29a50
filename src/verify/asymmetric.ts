import { constants, createPublicKey, verify } from 'node:crypto';
import type { VerifyKeyObjectInput } from 'node:crypto';
import { algsFor } from '../keys/algs.ts';
import type { VerificationKey } from '../keys/key.ts';

/** How the signatures of one algorithm are verified under one key. */
interface Scheme {
  /** Null: the algorithm hashes by itself. */
  readonly hash: string | null;
  readonly key: VerifyKeyObjectInput;
  /** Bytes of a signature; no other length is one. */
  readonly size: number;
}

const ECDSA_SIZES: ReadonlyMap<string, number> = new Map([
  ['ES256', 64],
  ['ES384', 96],
  ['ES512', 132],
]);
const ED25519_SIZE = 64;

const createScheme = ({ kty, algs, jwk }: VerificationKey, alg: string): Scheme | null => {
  if (jwk === null || !algs.includes(alg)) return null;
  // With a key of another type, OpenSSL may throw, or verify by a hash of its own choice.
  if (!algsFor(kty, jwk.crv ?? null).includes(alg)) return null;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const hash = `sha${alg.slice(2)}`;
  const curveSize = ECDSA_SIZES.get(alg);
  if (curveSize !== undefined) {
    return { hash, key: { key, dsaEncoding: 'ieee-p1363' }, size: curveSize };
  }
  if (key.asymmetricKeyType === 'ed25519') return { hash: null, key: { key }, size: ED25519_SIZE };
  const size = Math.ceil(key.asymmetricKeyDetails!.modulusLength! / 8);
  if (!alg.startsWith('PS')) return { hash, key: { key }, size };
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return { hash, key: { key, padding, saltLength: Number(alg.slice(2)) / 8 }, size };
};

// Made once: reading a key on a curve takes longer than verifying with it.
const schemes = new WeakMap<VerificationKey, Map<string, Scheme | null>>();

const schemeOf = (key: VerificationKey, alg: string): Scheme | null => {
  let byAlg = schemes.get(key);
  if (byAlg === undefined) {
    byAlg = new Map();
    schemes.set(key, byAlg);
  }
  let scheme = byAlg.get(alg);
  if (scheme === undefined) {
    scheme = createScheme(key, alg);
    byAlg.set(alg, scheme);
  }
  return scheme;
};

/**
 * The first of `keys` under which `signature` is that of `input`, the ASCII of `header.payload`
 * (RFC 7518 sections 3.3 to 3.5, RFC 8037 section 3.1), null where none is. `alg` counts only
 * where the key allows it. Works on the calling thread: see to it that all of them have work.
 */
export const verifyAsymmetric = (
  alg: string,
  keys: readonly VerificationKey[],
  input: Uint8Array,
  signature: Uint8Array,
): VerificationKey | null => {
  for (const key of keys) {
    const scheme = schemeOf(key, alg);
    if (scheme === null || signature.length !== scheme.size) continue;
    if (verify(scheme.hash, input, scheme.key, signature)) return key;
  }
  return null;
};

/** Tells a PSS signature with a salt of another length than RFC 7518 section 3.5 asks for from a forged one. */
export const hasForeignSalt = (
  alg: string,
  keys: readonly VerificationKey[],
  input: Uint8Array,
  signature: Uint8Array,
): boolean =>
  alg.startsWith('PS') &&
  keys.some((key) => {
    const scheme = schemeOf(key, alg);
    if (scheme === null || signature.length !== scheme.size) return false;
    const anySalt = { ...scheme.key, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
    return verify(scheme.hash, input, anySalt, signature);
  });
