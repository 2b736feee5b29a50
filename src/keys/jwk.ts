import { createPublicKey } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { algsFor } from './algs.ts';
import { decodeBase64 } from './base64.ts';
import type { CandidateKey, Reading } from './candidate.ts';
import { isKeyInDisguise } from './disguise.ts';
import { printable } from './printable.ts';
import { readPublicKey } from './public-key.ts';
import type { KeyMembers } from './public-key.ts';
import { readWindow } from './window.ts';

/** A JSON object that may be a JWK: nothing is known of its members yet. */
export type JwkObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JwkObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'] as const;
const NUMBERS: ReadonlyMap<unknown, readonly string[]> = new Map<unknown, readonly string[]>([
  ['RSA', ['n', 'e']],
  ['EC', ['x', 'y']],
  ['OKP', ['x']],
]);

/** Why the owner of the key does not want it used for verifying, null when nothing forbids it (RFC 7517 section 4). */
const forbiddenUse = (jwk: JwkObject): string | null => {
  const use = jwk['use'] ?? 'sig';
  if (use !== 'sig') return 'is not for signatures ("use" is not "sig")';
  const operations = jwk['key_ops'] ?? ['verify'];
  if (!Array.isArray(operations) || !operations.includes('verify')) {
    return 'is not for verifying ("key_ops" does not name "verify")';
  }
  return null;
};

const readSecret = (jwk: JwkObject, members: KeyMembers): Reading => {
  const text = jwk['k'];
  const secret = typeof text === 'string' ? decodeBase64(text) : null;
  if (secret === null) return { unusable: 'has no valid secret in its member "k"' };
  if (secret.length === 0) return { unusable: 'has an empty secret' };
  if (isKeyInDisguise(secret)) return { unusable: 'holds a public or private key as its secret' };
  return { key: { ...members, kty: 'oct', algs: algsFor('oct', null), secret, jwk: null } };
};

const readPublicMembers = async (jwk: JwkObject, members: KeyMembers): Promise<Reading> => {
  const { kty, crv } = jwk;
  const bare: Record<string, string> = { kty: String(kty) };
  if (kty !== 'RSA') {
    if (typeof crv !== 'string') return { unusable: 'names no curve in its member "crv"' };
    if (algsFor(kty === 'EC' ? 'EC' : 'OKP', crv).length === 0) {
      const curve = printable(crv);
      return { unusable: `is on the curve ${curve}, which verifies no supported algorithm` };
    }
    bare['crv'] = crv;
  }
  for (const name of NUMBERS.get(kty)!) {
    const value = jwk[name];
    if (typeof value !== 'string' || value === '' || decodeBase64(value) === null) {
      return { unusable: `has no valid number in its member "${name}"` };
    }
    bare[name] = value;
  }
  try {
    const key = createPublicKey({ key: bare as JsonWebKey, format: 'jwk' });
    return await readPublicKey(key, members);
  } catch {
    return { unusable: 'is not a valid public key' };
  }
};

/** Binds the key to its own `alg` where it has one (RFC 8725 section 3.1). */
const pinAlg = (key: CandidateKey, alg: unknown): Reading => {
  if (alg === undefined || alg === null) return { key };
  if (typeof alg !== 'string') return { unusable: 'has a member "alg" that is not a string' };
  if (key.algs.includes(alg)) return { key: { ...key, algs: [alg] } };
  const crv = key.jwk?.crv === undefined ? '' : ` ${key.jwk.crv}`;
  return { unusable: `is for ${printable(alg)}, which no ${key.kty}${crv} key verifies here` };
};

/**
 * Reads one JWK (RFC 7517) as a verification key; `oct` keys are secrets.
 * Certificates and URLs inside it (`x5c`, `x5u`) are left alone (RFC 8725 section 3.10).
 */
export const readJwk = async (jwk: JwkObject): Promise<Reading> => {
  const kty = jwk['kty'];
  if (kty !== 'oct' && PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) {
    return { exposed: true };
  }
  if (typeof kty !== 'string') return { unusable: 'names no key type in its member "kty"' };
  if (kty !== 'oct' && !NUMBERS.has(kty)) {
    return { unusable: `has the unknown key type ${printable(kty)}` };
  }
  const kid = jwk['kid'] ?? null;
  if (kid !== null && typeof kid !== 'string') {
    return { unusable: 'has a member "kid" that is not a string' };
  }
  const forbidden = forbiddenUse(jwk);
  if (forbidden !== null) return { unusable: forbidden };
  const window = readWindow(jwk);
  if (typeof window === 'string') return { unusable: window };
  const members: KeyMembers = { kid, ...window };
  const read = kty === 'oct' ? readSecret(jwk, members) : await readPublicMembers(jwk, members);
  return 'key' in read ? pinAlg(read.key, jwk['alg']) : read;
};
