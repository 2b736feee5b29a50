import { constants, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject, SignKeyObjectInput } from 'node:crypto';
import * as jose from 'jose';
import { algsFor } from '../../src/keys/algs.ts';
import type { KeyType, VerificationKey } from '../../src/keys/key.ts';
import { segment } from '../support/tokens.ts';

export interface Pair {
  readonly privateKey: KeyObject;
  readonly key: VerificationKey;
}

let made = 0;

const pairOf = (kty: KeyType, privateKey: KeyObject, publicKey: KeyObject): Pair => {
  const jwk = publicKey.export({ format: 'jwk' });
  const algs = algsFor(kty, jwk.crv ?? null);
  const none = { kid: null, secret: null, notBefore: null, notAfter: null };
  return { privateKey, key: { ...none, id: `key-${++made}`, kty, algs, jwk } };
};

export const rsaPair = (modulusLength = 2048): Pair => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return pairOf('RSA', privateKey, publicKey);
};

export const ecPair = (namedCurve: string): Pair => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return pairOf('EC', privateKey, publicKey);
};

export const edPair = (): Pair => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return pairOf('OKP', privateKey, publicKey);
};

/** Signing input of a token number `index`. */
export const inputOf = (alg: string, index: number): Buffer =>
  Buffer.from(`${segment({ alg })}.${segment({ sub: 'ada', jti: String(index) })}`);

/** The signature that RFC 7518 and RFC 8037 ask for; `more` makes it another one. */
export const signed = (
  alg: string,
  input: Uint8Array,
  { privateKey }: Pair,
  more: Partial<SignKeyObjectInput> = {},
): Buffer => {
  const hash = alg.startsWith('Ed') ? null : `sha${alg.slice(2)}`;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 };
  return sign(hash, input, {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
    ...(alg.startsWith('PS') && pss),
    ...more,
  });
};

/** Whether jose verifies the token of these parts; whatever it throws is a no. */
export const joseVerifies = async (
  alg: string,
  { jwk }: VerificationKey,
  input: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> => {
  const token = `${Buffer.from(input).toString('latin1')}.${segment(signature)}`;
  try {
    const key = await jose.importJWK(jwk as jose.JWK, alg);
    await jose.compactVerify(token, key, { algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
};
