import { AuthlogError } from '../errors.ts';
import { secretBytesFor } from './algs.ts';
import { decodeBase64 } from './base64.ts';
import type { Candidate } from './candidate.ts';
import { isKeyInDisguise } from './disguise.ts';
import type { KeyNotice } from './key.ts';

const BASE64_PREFIX = 'base64:';
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const refuseKeys = (bytes: Uint8Array, name: string): void => {
  if (!isKeyInDisguise(bytes)) return;
  throw new AuthlogError(
    'KEY',
    `${name} holds a public or private key, not a shared secret`,
    'pass a public key with --key: anyone who knows it could sign tokens with it as the secret',
  );
};

const refuseEmpty = (bytes: Uint8Array, name: string): void => {
  if (bytes.length > 0) return;
  throw new AuthlogError('KEY', `${name} is empty`, 'give the secret that signs the tokens');
};

/** The bytes behind `base64:` where the secret starts so, else the bytes themselves. */
const decode = (bytes: Uint8Array, name: string): Uint8Array => {
  refuseKeys(bytes, name);
  refuseEmpty(bytes, name);
  const head = Buffer.from(bytes.subarray(0, BASE64_PREFIX.length)).toString('latin1');
  if (head !== BASE64_PREFIX) return bytes;
  const text = Buffer.from(bytes.subarray(BASE64_PREFIX.length)).toString('latin1');
  const decoded = decodeBase64(text);
  if (decoded === null) {
    const hint = 'after base64: only base64 or base64url may follow, on one line';
    throw new AuthlogError('KEY', `${name} is not valid base64`, hint);
  }
  refuseEmpty(decoded, name);
  refuseKeys(decoded, name);
  return decoded;
};

/** The bytes of a secret given as text (an option, the environment, the prompt). Throws KEY. */
export const readSecretText = (text: string, name: string): Uint8Array =>
  decode(Uint8Array.from(Buffer.from(text, 'utf8')), name);

/**
 * The bytes of a secret file, without a byte order mark and without one newline at the end,
 * which most editors add; a notice says that it was left out. Throws KEY.
 */
export const readSecretFile = (
  bytes: Uint8Array,
  name: string,
): { readonly secret: Uint8Array; readonly notices: readonly KeyNotice[] } => {
  // Before anything is cut: a DER file may end in a byte that looks like a newline.
  refuseKeys(bytes, name);
  const marked = BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte);
  const start = marked ? BYTE_ORDER_MARK.length : 0;
  const newline = bytes.at(-1) !== 0x0a ? 0 : bytes.at(-2) === 0x0d ? 2 : 1;
  const end = Math.max(start, bytes.length - newline);
  const secret = decode(bytes.slice(start, end), name);
  if (newline === 0) return { secret, notices: [] };
  const message = `the newline at the end of ${name} is not taken as part of the secret`;
  return { secret, notices: [{ code: 'secret_newline', message }] };
};

/** The notice about a secret shorter than the hash of every algorithm it may verify, null when it is not. */
export const weakSecretNotice = (candidate: Candidate): KeyNotice | null => {
  const { secret, algs } = candidate.key;
  if (secret === null || algs.length === 0) return null;
  const alg = algs.reduce((a, b) => (secretBytesFor(b) < secretBytesFor(a) ? b : a));
  const needed = secretBytesFor(alg);
  if (secret.length >= needed) return null;
  const more = alg === 'HS256' ? ', 48 for HS384, 64 for HS512' : '';
  const message =
    `${candidate.name} is ${secret.length * 8} bits long and can be guessed: ` +
    `${alg} needs at least ${needed} bytes, ${needed * 8} bits${more} (RFC 7518 section 3.2)`;
  return { code: 'weak_secret', message };
};

/** The notice about a file with a secret that others on the machine can read, null when they cannot. */
export const readableNotice = (
  mode: number | null,
  name: string,
  pasteablePath: string,
): KeyNotice | null => {
  if (mode === null || (mode & 0o044) === 0) return null;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  const message = `others on this machine can read the secret in ${name} (${octal}): chmod 600 ${pasteablePath}`;
  return { code: 'secret_readable', message };
};
