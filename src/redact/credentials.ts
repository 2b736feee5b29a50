import { Buffer } from 'node:buffer';
import { latin1 } from '../scan/text.ts';

/** So far before a word its label is looked for. */
const LOOK_BACK = 24;
const CREDENTIAL =
  /(?:bearer|signature|ciphertext)(?:%20|[\s+:="'\\]){1,8}([\w.~+/=-]{16,})$/i;
const BASIC = /\bbasic(?:%20|[\s+]){1,2}([\w+/=-]{8,})$/i;

/**
 * Where in the word `bytes[start, end)` a credential starts that is no token of ours: an opaque bearer
 * token (RFC 6750), a password (RFC 7617), the signature of a JWS in JSON or the text of a JWE in JSON;
 * -1 where there is none.
 */
export const credentialStart = (
  bytes: Uint8Array,
  context: number,
  start: number,
  end: number,
): number => {
  if (!mayFollowLabel(bytes, context, start, end)) return -1;
  const text = latin1(bytes, Math.max(context, start - LOOK_BACK), end);
  const value = CREDENTIAL.exec(text)?.[1] ?? passwordIn(text);
  return value === null ? -1 : end - value.length;
};

const passwordIn = (text: string): string | null => {
  const value = BASIC.exec(text)?.[1] ?? null;
  return value !== null && Buffer.from(value, 'base64').includes(':') ? value : null;
};

/** A cheap look: the last letter of a label before what separates it from the word, or `=` in the word. */
const mayFollowLabel = (
  bytes: Uint8Array,
  context: number,
  start: number,
  end: number,
): boolean => {
  let at = start - 1;
  while (at >= context && SEPARATORS.has(bytes[at]!)) at--;
  if (at >= context && at < start - 1 && LAST_LETTERS.has(bytes[at]! | 0x20)) return true;
  for (let i = start; i < end; i++) if (bytes[i] === 0x3d || bytes[i] === 0x25) return true;
  return false;
};

const SEPARATORS = new Set([...` \t+:="'\\`].map((c) => c.charCodeAt(0)));
const LAST_LETTERS = new Set([...'retc'].map((c) => c.charCodeAt(0)));
