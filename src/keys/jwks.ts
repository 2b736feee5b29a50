import { AuthlogError } from '../errors.ts';
import { admit, privateKeyError } from './admit.ts';
import type { Entry } from './admit.ts';
import type { KeysRead, Reading } from './candidate.ts';
import { isObject, readJwk } from './jwk.ts';
import { printable } from './printable.ts';

const PUBLIC_HALF = 'leave out the members d, p, q, dp, dq, qi and oth of the JWK';
const FORMS = 'a JWK has a member "kty", a JWKS a list "keys" of such objects';

const parse = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be a secret.
    throw new AuthlogError('KEY', `${name} is not valid JSON`, FORMS);
  }
};

const readEntry = async (jwk: unknown, name: string): Promise<Reading> => {
  const reading: Reading = isObject(jwk) ? await readJwk(jwk) : { unusable: 'is not an object' };
  if ('exposed' in reading) throw privateKeyError(name, PUBLIC_HALF);
  return reading;
};

const nameOf = (jwk: unknown, index: number, set: string): string => {
  const kid = isObject(jwk) ? jwk['kid'] : null;
  return typeof kid === 'string'
    ? `key "${printable(kid)}" of ${set}`
    : `key ${index + 1} of ${set}`;
};

/** Secrets beside public keys: whoever is meant to see one must not see the other. */
const refuseMixed = (keys: readonly unknown[], name: string): void => {
  const secrets = keys.filter((jwk) => isObject(jwk) && jwk['kty'] === 'oct').length;
  if (secrets === 0 || secrets === keys.length) return;
  const hint = 'keep secrets and public keys in files of their own';
  throw new AuthlogError('KEY', `${name} mixes shared secrets with public keys`, hint);
};

/**
 * Reads the text of a JWK or a JWKS (RFC 7517 sections 4 and 5); `name` is escaped already.
 * Throws KEY for bad JSON, a private key, secrets beside public keys, and where no key can be used.
 */
export const readJwks = async (text: string, name: string): Promise<KeysRead> => {
  const document = parse(text, name);
  if (!isObject(document)) throw new AuthlogError('KEY', `${name} is neither JWK nor JWKS`, FORMS);
  const keys = document['keys'];
  if (keys === undefined) {
    return admit(name, [{ name, reading: await readEntry(document, name) }], FORMS);
  }
  if (!Array.isArray(keys)) throw new AuthlogError('KEY', `"keys" of ${name} is no list`, FORMS);
  refuseMixed(keys, name);
  const entries: Entry[] = [];
  for (const [index, jwk] of keys.entries()) {
    const label = nameOf(jwk, index, name);
    entries.push({ name: label, reading: await readEntry(jwk, label) });
  }
  return admit(name, entries, FORMS);
};
