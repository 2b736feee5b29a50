import { AuthlogError } from '../errors.ts';
import { admit, privateKeyError } from './admit.ts';
import type { Entry } from './admit.ts';
import type { KeysRead, Reading } from './candidate.ts';
import { readJwk } from './jwk.ts';
import { readJwks } from './jwks.ts';
import { readDer, readPem } from './pem.ts';
import type { PemContent } from './pem.ts';
import { pasteable, printable } from './printable.ts';
import { NO_MEMBERS, readPublicKey } from './public-key.ts';
import { readSshLine } from './ssh.ts';

const FORMS =
  'give a PEM public key or certificate, an OpenSSH public key, a JWK or a JWKS; a shared secret goes by --secret-file';

const publicHalfHint = (label: string, path: string): string => {
  const file = pasteable(path);
  if (label.startsWith('OPENSSH')) return `ssh-keygen -y -f ${file} > public.pub`;
  return `openssl pkey -in ${file} -pubout -out public.pem`;
};

const numbered = (name: string, readings: readonly Reading[]): Entry[] =>
  readings.map((reading, index) => ({
    name: readings.length === 1 ? name : `key ${index + 1} of ${name}`,
    reading,
  }));

const fromPem = async (content: PemContent, name: string, path: string): Promise<KeysRead> => {
  if (content.exposed) throw privateKeyError(name, publicHalfHint(content.label, path));
  const readings: Reading[] = [];
  for (const key of content.keys) {
    readings.push(
      key === null
        ? { unusable: 'is not a valid public key or certificate' }
        : await readPublicKey(key, NO_MEMBERS),
    );
  }
  const read = admit(name, numbered(name, readings), FORMS);
  return { candidates: read.candidates, notices: [...content.notices, ...read.notices] };
};

const fromSsh = async (text: string, name: string): Promise<KeysRead> => {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const readings: Reading[] = [];
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue;
    const jwk = readSshLine(line);
    readings.push(typeof jwk === 'string' ? { unusable: jwk } : await readJwk(jwk));
  }
  return admit(name, numbered(name, readings), FORMS);
};

/**
 * Reads the bytes of one `--key` file, its form told by its content: JSON, PEM, OpenSSH or DER.
 * `now` in seconds. Throws KEY where no key of it can be used; no message holds any of its content.
 */
export const readKeyFile = async (
  bytes: Uint8Array,
  path: string,
  now: number,
): Promise<KeysRead> => {
  const name = printable(path);
  const text = new TextDecoder().decode(bytes).trim();
  if (text === '') throw new AuthlogError('KEY', `${name} is empty`, FORMS);
  if (text.startsWith('{') || text.startsWith('[')) return readJwks(text, name);
  if (text.includes('-----BEGIN ')) return fromPem(readPem(text, name, now), name, path);
  if (/^(?:sk-)?(?:ssh-|ecdsa-sha2-)/m.test(text)) return fromSsh(text, name);
  if (bytes[0] === 0x30) return fromPem(readDer(bytes, name, now), name, path);
  throw new AuthlogError('KEY', `${name} is not a key`, FORMS);
};
