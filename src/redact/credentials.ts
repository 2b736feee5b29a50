import { Buffer } from 'node:buffer';
import { latin1 } from '../scan/text.ts';

/** So far before a word its label is looked for. */
const LOOK_BACK = 24;
/** And so long it is at least. */
const SHORTEST = 8;
const CREDENTIAL = /(?:bearer|signature|ciphertext)(?:%20|[\s+:="'\\]){1,8}(?=[\w.~+/=-]{16})/i;
const BASIC = /basic(?:%20|[\s+]){1,2}(?=[\w+/=-]{8})/i;

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
  const from = Math.max(context, start - LOOK_BACK);
  const text = latin1(bytes, from, end);
  const at = valueIn(text, CREDENTIAL);
  if (at >= 0) return Math.max(start, from + at);
  const password = valueIn(text, BASIC);
  if (password < 0 || !Buffer.from(text.slice(password), 'base64').includes(':')) return -1;
  return Math.max(start, from + password);
};

/** Where what follows the label starts, -1 where there is no label. */
const valueIn = (text: string, label: RegExp): number => {
  const found = label.exec(text);
  return found === null ? -1 : found.index + found[0].length;
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
  for (let i = start + 1; i < end - SHORTEST; i++) {
    const c = bytes[i]!;
    if ((c === 0x3d || c === 0x25) && LAST_LETTERS.has(bytes[i - 1]! | 0x20)) return true;
  }
  return false;
};

const SEPARATORS = new Set([...` \t+:="'\\`].map((c) => c.charCodeAt(0)));
const LAST_LETTERS = new Set([...'retc'].map((c) => c.charCodeAt(0)));
