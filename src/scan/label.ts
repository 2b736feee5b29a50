import { BASE64URL } from './base64url.ts';
import { latin1 } from './text.ts';

const LABEL = [0x54, 0x6f, 0x6b, 0x65, 0x6e, 0x3a, 0x20]; // `Token: `
const SPACE = 0x20;

/**
 * Where the word after the label at `at` starts, without quotes and brackets before it; -1 where
 * there is no label or no word.
 */
export const readLabel = (bytes: Uint8Array, from: number, at: number, limit: number): number => {
  for (let i = 1; i < LABEL.length; i++) if (bytes[at + i] !== LABEL[i]) return -1;
  // `X-CSRF-Token: ` and `accessToken: ` are other labels.
  if (at > from && BASE64URL[bytes[at - 1]!]! >= 0) return -1;
  const value = skipSpaces(bytes, at + LABEL.length, limit);
  const start = afterScheme(bytes, value, limit);
  if (isEnd(bytes, start, limit)) return -1;
  let first = start;
  while (!isEnd(bytes, first, limit) && OPENING.has(bytes[first]!)) first++;
  return isEnd(bytes, first, limit) ? start : first;
};

/** `Bearer` before the token is no token. */
const afterScheme = (bytes: Uint8Array, start: number, limit: number): number => {
  const first = bytes[start]! | 0x20;
  if (first !== 0x62 && first !== 0x6a) return start;
  const end = endOfWord(bytes, start, Math.min(limit, start + 7));
  if (!/^(?:bearer|jwt)$/i.test(latin1(bytes, start, end))) return start;
  const next = skipSpaces(bytes, end, limit);
  return isEnd(bytes, next, limit) ? start : next;
};

/** Quotes, brackets and punctuation of the sentence around a token are no part of it. */
export const trimClosing = (bytes: Uint8Array, start: number, end: number): number => {
  let i = end;
  while (i > start && CLOSING.has(bytes[i - 1]!)) i--;
  return i;
};

const OPENING = new Set([...`"'\`([<{\\`].map((c) => c.charCodeAt(0)));
const CLOSING = new Set([...`"'\`)]>}\\.,;:!?`].map((c) => c.charCodeAt(0)));

const skipSpaces = (bytes: Uint8Array, from: number, limit: number): number => {
  let i = from;
  while (i < limit && bytes[i] === SPACE) i++;
  return i;
};

/** White space as the regular expression class `\s` has it, as far as ASCII goes. */
const isEnd = (bytes: Uint8Array, at: number, limit: number): boolean => {
  const c = bytes[at]!;
  return at >= limit || c === SPACE || (c >= 0x09 && c <= 0x0d);
};

/** End of the word that goes on at `from`. */
export const endOfWord = (bytes: Uint8Array, from: number, limit: number): number => {
  let i = from;
  while (!isEnd(bytes, i, limit)) i++;
  return i;
};

/**
 * Whether a token may start at `at` although characters of its alphabet stand before it:
 * after `_` or `-`, a percent escape (`%3D`), a JSON escape (`\n`, `\u003d`) or a colour sequence.
 */
export const isBoundary = (bytes: Uint8Array, at: number): boolean => {
  if (at === 0) return true;
  const before = bytes[at - 1]!;
  if (BASE64URL[before]! < 0 || before === 0x5f || before === 0x2d) return true;
  if (at >= 2 && bytes[at - 2] === 0x5c) return true;
  if (at >= 3 && bytes[at - 3] === 0x25 && isHex(bytes[at - 2]!)) return isHex(before);
  if (at >= 6 && bytes[at - 6] === 0x5c && bytes[at - 5] === 0x75) return areHex(bytes, at - 4, at);
  return before === 0x6d && endsColour(bytes, at - 1);
};

const isHex = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);

const areHex = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let i = start; i < end; i++) if (!isHex(bytes[i]!)) return false;
  return true;
};

const LONGEST_COLOUR = 20;

/** Whether the `m` at `at` ends a colour: ESC, `[`, digits and semicolons (ECMA-48 section 8.3.117). */
const endsColour = (bytes: Uint8Array, at: number): boolean => {
  let i = at - 1;
  const least = Math.max(0, at - LONGEST_COLOUR);
  while (i > least && bytes[i]! >= 0x30 && bytes[i]! <= 0x3b) i--;
  return i > 0 && bytes[i] === 0x5b && bytes[i - 1] === 0x1b;
};
