import { createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isPrivateDer } from './disguise.ts';
import type { KeyNotice } from './key.ts';

/** What a PEM or DER file holds, in its order; `exposed` when a private key is among it. */
export interface PemContent {
  readonly exposed: boolean;
  /** The label of a private block, for the command that a hint proposes. */
  readonly label: string;
  /** Null for a block that could not be read. */
  readonly keys: readonly (KeyObject | null)[];
  readonly notices: readonly KeyNotice[];
}

interface Block {
  readonly label: string;
  readonly text: string;
}

const blocksOf = (text: string): Block[] => {
  const header = /-----BEGIN ([A-Z0-9 ]{1,40})-----/g;
  const blocks: Block[] = [];
  for (let match = header.exec(text); match !== null; match = header.exec(text)) {
    const label = match[1]!;
    const footer = `-----END ${label}-----`;
    const end = text.indexOf(footer, match.index);
    blocks.push({ label, text: end < 0 ? '' : text.slice(match.index, end + footer.length) });
    // Without this, a file of headers alone would be searched to its end for each of them.
    if (end < 0) break;
    header.lastIndex = end + footer.length;
  }
  return blocks;
};

const attempt = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch {
    return null;
  }
};

const expiryNotice = (certificate: X509Certificate, name: string, now: number): KeyNotice[] => {
  const end = Date.parse(certificate.validTo) / 1000;
  if (!(end < now)) return [];
  const day = new Date(end * 1000).toISOString().slice(0, 10);
  const message = `the certificate ${name} expired on ${day}; its key is used all the same`;
  return [{ code: 'certificate_expired', message }];
};

/**
 * Public keys (SPKI, PKCS#1) and the first certificate of PEM text (RFC 7468); `now` in seconds.
 * Further certificates are the chain above the first: their keys sign certificates, not tokens.
 */
export const readPem = (text: string, name: string, now: number): PemContent => {
  const blocks = blocksOf(text);
  const secret = blocks.find(({ label }) => label.includes('PRIVATE KEY'));
  if (secret) return { exposed: true, label: secret.label, keys: [], notices: [] };
  const keys: (KeyObject | null)[] = [];
  const notices: KeyNotice[] = [];
  let certificates = 0;
  for (const block of blocks) {
    if (block.label === 'EC PARAMETERS') continue;
    if (!block.label.endsWith('CERTIFICATE')) {
      keys.push(attempt(() => createPublicKey({ key: block.text, format: 'pem' })));
    } else if (certificates++ === 0) {
      const certificate = attempt(() => new X509Certificate(block.text));
      keys.push(certificate && attempt(() => certificate.publicKey));
      if (certificate) notices.push(...expiryNotice(certificate, name, now));
    }
  }
  if (certificates > 1) {
    const message = `${name} holds a chain of ${certificates} certificates; only the first is used`;
    notices.push({ code: 'key_unused', message });
  }
  return { exposed: false, label: '', keys, notices };
};

/** The same of binary DER: a public key or one certificate. */
export const readDer = (bytes: Uint8Array, name: string, now: number): PemContent => {
  if (isPrivateDer(bytes)) {
    return { exposed: true, label: 'PRIVATE KEY', keys: [], notices: [] };
  }
  const der = Buffer.from(bytes);
  const key =
    attempt(() => createPublicKey({ key: der, format: 'der', type: 'spki' })) ??
    attempt(() => createPublicKey({ key: der, format: 'der', type: 'pkcs1' }));
  if (key) return { exposed: false, label: '', keys: [key], notices: [] };
  const certificate = attempt(() => new X509Certificate(der));
  const notices = certificate ? expiryNotice(certificate, name, now) : [];
  const keys = [certificate && attempt(() => certificate.publicKey)];
  return { exposed: false, label: '', keys, notices };
};
