import { constants, createPublicKey, verify } from 'node:crypto';
import type { CryptoKey, JWK } from 'jose';
import type { VerificationKey } from '../keys/key.ts';

type Jose = typeof import('jose');
let jose: Jose | undefined;

const imported = new WeakMap<VerificationKey, Map<string, Promise<CryptoKey>>>();

const importKey = ({ importJWK }: Jose, key: VerificationKey, alg: string): Promise<CryptoKey> => {
  let byAlg = imported.get(key);
  if (byAlg === undefined) {
    byAlg = new Map();
    imported.set(key, byAlg);
  }
  let ready = byAlg.get(alg);
  if (ready === undefined) {
    ready = importJWK(key.jwk as JWK, alg) as Promise<CryptoKey>;
    byAlg.set(alg, ready);
  }
  return ready;
};

/**
 * Whether the compact JWS `token` verifies under one of `keys` (RFC 7515 section 5.2).
 * The caller has already checked what jose is lenient about: alphabet, canonical form, `b64`, `kid`.
 */
export const verifyAsymmetric = async (
  token: string,
  alg: string,
  keys: readonly VerificationKey[],
): Promise<VerificationKey | null> => {
  jose ??= await import('jose');
  for (const key of keys) {
    try {
      await jose.compactVerify(token, await importKey(jose, key, alg), { algorithms: [alg] });
      return key;
    } catch (error) {
      if (!(error instanceof jose.errors.JOSEError)) throw error;
    }
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
  keys.some((key) =>
    verify(
      `sha${alg.slice(2)}`,
      input,
      {
        key: createPublicKey({ key: key.jwk!, format: 'jwk' }),
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_AUTO,
      },
      signature,
    ),
  );
