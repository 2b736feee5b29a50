import { AuthlogError } from '../errors.ts';
import type { KeyType } from './key.ts';
import { printable } from './printable.ts';

const HMAC = ['HS256', 'HS384', 'HS512'] as const;
const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const;
const ED25519 = ['EdDSA', 'Ed25519'] as const;

/** Algorithm → type of the key that may verify it (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
const KEY_TYPES: ReadonlyMap<string, KeyType> = new Map<string, KeyType>([
  ...HMAC.map((alg): [string, KeyType] => [alg, 'oct']),
  ...RSA.map((alg): [string, KeyType] => [alg, 'RSA']),
  ['ES256', 'EC'],
  ['ES384', 'EC'],
  ['ES512', 'EC'],
  ...ED25519.map((alg): [string, KeyType] => [alg, 'OKP']),
]);

const CURVE_ALGS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['P-256', ['ES256']],
  ['P-384', ['ES384']],
  ['P-521', ['ES512']],
  ['Ed25519', ED25519],
]);

/** Every algorithm that can be verified, in the order in which messages list them. */
export const SIGNATURE_ALGS: readonly string[] = [...KEY_TYPES.keys()];

/** The type of key that verifies `alg`, null for a name that is not a known signature algorithm. */
export const keyTypeFor = (alg: string): KeyType | null => KEY_TYPES.get(alg) ?? null;

/** Algorithms that a key of this type and curve may verify; none for a curve without one. */
export const algsFor = (kty: KeyType, crv: string | null): readonly string[] => {
  if (kty === 'oct') return HMAC;
  if (kty === 'RSA') return RSA;
  return (crv === null ? undefined : CURVE_ALGS.get(crv)) ?? [];
};

/** Shortest secret, in bytes, that is as strong as the algorithm's hash (RFC 7518 section 3.2). */
export const secretBytesFor = (alg: string): number => Number(alg.slice(2)) / 8;

/**
 * Checks an allow-list of algorithm names; null stands for no restriction.
 * Throws USAGE for an empty list, an unknown name, and `none`.
 */
export const readAlgList = (names: readonly string[] | null): ReadonlySet<string> | null => {
  if (names === null) return null;
  const known = `known algorithms: ${SIGNATURE_ALGS.join(', ')}`;
  if (names.length === 0) throw new AuthlogError('USAGE', 'the list of algorithms is empty', known);
  for (const name of names) {
    if (KEY_TYPES.has(name)) continue;
    if (name.toLowerCase() === 'none') {
      const why = 'a token without a signature is never verified';
      throw new AuthlogError('USAGE', 'the algorithm none cannot be allowed', why);
    }
    throw new AuthlogError('USAGE', `unknown algorithm ${printable(name)}`, known);
  }
  return new Set(names);
};
