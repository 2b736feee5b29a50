import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AuthlogError } from '../errors.ts';
import { pasteable, printable } from '../keys/printable.ts';

const BLOCK_START = /-----BEGIN ([A-Z0-9 ]{0,30}PRIVATE KEY)-----/g;

/** What can be signed with, for hints. */
export const SIGNING_FORMS =
  'give a private key: PEM (PKCS#8, PKCS#1, SEC 1) or JWK; a shared secret goes by --secret-file';

const attempt = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch {
    return null;
  }
};

interface Block {
  readonly label: string;
  readonly text: string;
}

const privateBlocks = (text: string): Block[] =>
  [...text.matchAll(BLOCK_START)].map((match) => {
    const label = match[1]!;
    const footer = `-----END ${label}-----`;
    const end = text.indexOf(footer, match.index);
    return { label, text: end < 0 ? '' : text.slice(match.index, end + footer.length) };
  });

const keyError = (message: string, hint: string = SIGNING_FORMS): AuthlogError =>
  new AuthlogError('KEY', message, hint);

const publicError = (name: string): AuthlogError =>
  keyError(`${name} is a public key: tokens are signed by the private one`);

/** The private key of PEM text (RFC 7468). Throws KEY for none, several, an encrypted and a foreign one. */
export const readPrivatePem = (text: string, path: string): KeyObject => {
  const name = printable(path);
  const [block, ...more] = privateBlocks(text);
  if (block === undefined) {
    if (/-----BEGIN [A-Z0-9 ]{0,30}(?:PUBLIC KEY|CERTIFICATE)-----/.test(text)) {
      throw publicError(name);
    }
    throw keyError(`${name} holds no private key`);
  }
  if (more.length > 0) {
    throw keyError(`${name} holds several private keys`, 'give the one that shall sign alone');
  }
  const { label } = block;
  if (label.startsWith('ENCRYPTED') || /^Proc-Type: 4,ENCRYPTED/m.test(block.text)) {
    const hint = `decrypt it into a file that only you can read: (umask 077; openssl pkey -in ${pasteable(path)} -out plain.pem)`;
    throw keyError(`${name} is encrypted with a passphrase`, hint);
  }
  if (label.startsWith('OPENSSH')) {
    const hint = 'make a key with authlog issue --generate-key, or write it as PKCS#8';
    throw keyError(`${name} is a private key in OpenSSH's own form`, hint);
  }
  const key = attempt(() => createPrivateKey({ key: block.text, format: 'pem' }));
  if (key === null) throw keyError(`${name} is not a valid private key`);
  return key;
};

/** The same of binary DER. */
export const readPrivateDer = (bytes: Uint8Array, path: string): KeyObject => {
  const der = Buffer.from(bytes);
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    const key = attempt(() => createPrivateKey({ key: der, format: 'der', type }));
    if (key !== null) return key;
  }
  for (const type of ['spki', 'pkcs1'] as const) {
    const key = attempt(() => createPublicKey({ key: der, format: 'der', type }));
    if (key !== null) throw publicError(printable(path));
  }
  throw keyError(`${printable(path)} is not a valid private key`);
};
