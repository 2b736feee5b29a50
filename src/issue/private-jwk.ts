import { createPrivateKey, createSecretKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { AuthlogError } from '../errors.ts';
import type { CandidateKey } from '../keys/candidate.ts';
import { isObject, readJwk, type JwkObject } from '../keys/jwk.ts';
import { SIGNING_FORMS } from './private-pem.ts';

/** A private key or secret, and the key that verifies what it signs. */
export interface KeyPair {
  readonly signer: KeyObject;
  readonly verifier: CandidateKey;
}

const PRIVATE_MEMBERS: ReadonlySet<string> = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth']);
const NUMBERS: readonly string[] = ['kty', 'crv', 'n', 'e', 'x', 'y', ...PRIVATE_MEMBERS];

const keyError = (message: string, hint: string = SIGNING_FORMS): AuthlogError =>
  new AuthlogError('KEY', message, hint);

const isPrivate = (jwk: JwkObject): boolean => jwk['kty'] === 'oct' || Object.hasOwn(jwk, 'd');

const parse = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which is a secret.
    throw keyError(`${name} is not valid JSON`);
  }
};

/** The one key of a JWK or a JWKS that can sign. */
const signingJwk = (text: string, name: string): JwkObject => {
  const document = parse(text, name);
  if (!isObject(document)) throw keyError(`${name} is neither JWK nor JWKS`);
  const keys = document['keys'] ?? [document];
  if (!Array.isArray(keys)) throw keyError(`"keys" of ${name} is no list`);
  const [jwk, ...more] = keys.filter(isObject).filter(isPrivate);
  if (jwk === undefined) {
    if (!keys.some((key) => isObject(key) && typeof key['kty'] === 'string')) {
      throw keyError(`${name} holds no key`);
    }
    throw keyError(`${name} is a public key: tokens are signed by the private one`);
  }
  if (more.length === 0) return jwk;
  throw keyError(`${name} holds several private keys`, 'give the one that shall sign alone');
};

/** Why the owner of the key does not want it used for signing (RFC 7517 sections 4.2 and 4.3). */
const refuseUse = (jwk: JwkObject, name: string): void => {
  if ((jwk['use'] ?? 'sig') !== 'sig') {
    throw keyError(`${name} is not for signatures ("use" is not "sig")`);
  }
  const operations = jwk['key_ops'] ?? ['sign'];
  if (Array.isArray(operations) && operations.includes('sign')) return;
  throw keyError(`${name} is not for signing ("key_ops" does not name "sign")`);
};

const pick = (jwk: JwkObject, wanted: (member: string) => boolean): JwkObject =>
  Object.fromEntries(Object.entries(jwk).filter(([member]) => wanted(member)));

const signerOf = (jwk: JwkObject, verifier: CandidateKey, name: string): KeyObject => {
  if (verifier.secret !== null) return createSecretKey(verifier.secret);
  try {
    const key = pick(jwk, (member) => NUMBERS.includes(member)) as JsonWebKey;
    return createPrivateKey({ key, format: 'jwk' });
  } catch {
    throw keyError(`${name} is not a valid private key`);
  }
};

/** Reads a private JWK, or a JWKS with one private key among it; honours its `alg`, `use`, `key_ops`, `kid`. Throws KEY. */
export const readPrivateJwk = async (text: string, name: string): Promise<KeyPair> => {
  const jwk = signingJwk(text, name);
  refuseUse(jwk, name);
  // Of the public half: `key_ops` spoke of the private one.
  const half = pick(jwk, (member) => !PRIVATE_MEMBERS.has(member) && member !== 'key_ops');
  const reading = await readJwk(half);
  if (!('key' in reading)) {
    throw keyError(`${name} ${'unusable' in reading ? reading.unusable : 'is not a key'}`);
  }
  return { signer: signerOf(jwk, reading.key, name), verifier: reading.key };
};
