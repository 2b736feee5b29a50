import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { decodeBase64 } from './base64.ts';

const ARMOUR = /-----BEGIN|---- BEGIN SSH2|PuTTY-User-Key-File-/;
const SSH_START = /^(?:sk-)?(?:ssh-|ecdsa-sha2-)/;
const SSH_ANYWHERE = /(?:ssh-[a-z0-9]{1,12}|ecdsa-sha2-[a-z0-9]{1,12})[ \t]{1,4}AAAA/;
const JSON_KEY = /^[[{][^]*"(?:kty|keys)"\s*:/;

const succeeds = (attempt: () => unknown): boolean => {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
};

/** Whether DER bytes are a private key that is not encrypted (PKCS#8, PKCS#1, SEC 1). */
export const isPrivateDer = (bytes: Uint8Array): boolean => {
  const key = Buffer.from(bytes);
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) =>
    succeeds(() => createPrivateKey({ key, format: 'der', type })),
  );
};

const isPublicDer = (bytes: Uint8Array): boolean => {
  const key = Buffer.from(bytes);
  return (
    succeeds(() => createPublicKey({ key, format: 'der', type: 'spki' })) ||
    succeeds(() => createPublicKey({ key, format: 'der', type: 'pkcs1' })) ||
    succeeds(() => new X509Certificate(key))
  );
};

/** Whether the bytes are one DER SEQUENCE with a two-byte length: a key or certificate of any kind. */
const isLongDer = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x30 && bytes[1] === 0x82 && bytes.length === 4 + bytes[2]! * 256 + bytes[3]!;

/** Whether the bytes may begin with a DER SEQUENCE: one that does not end behind them (X.690 section 8.1.3). */
const mayBeDer = (bytes: Uint8Array): boolean => {
  if (bytes.length < 2 || bytes[0] !== 0x30) return false;
  const size = bytes[1]!;
  // Of more than 127 bytes so many bytes tell the length, the highest first.
  const told = size < 0x80 ? [size] : [...bytes.subarray(2, 2 + (size & 0x7f))];
  const length = told.reduce((sum, byte) => sum * 256 + byte, 0);
  return length <= bytes.length - 2;
};

const isDerKey = (bytes: Uint8Array): boolean =>
  isLongDer(bytes) || (mayBeDer(bytes) && (isPublicDer(bytes) || isPrivateDer(bytes)));

/**
 * Whether bytes meant as a shared secret are a public or private key (PEM, OpenSSH, JWK, DER or its base64).
 * Whoever knows a public key could sign with it as the secret: the algorithm confusion of RFC 8725 section 2.1.
 */
export const isKeyInDisguise = (bytes: Uint8Array): boolean => {
  // One character a byte, without the NULs of UTF-16 and a byte order mark in front.
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .trim();
  if (ARMOUR.test(text) || SSH_START.test(text) || SSH_ANYWHERE.test(text)) return true;
  if (JSON_KEY.test(text) || isDerKey(bytes)) return true;
  const packed = decodeBase64(text.replaceAll(/\s/g, ''));
  return packed !== null && isDerKey(packed);
};
