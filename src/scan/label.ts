import { BASE64URL } from './base64url.ts';
import { latin1 } from './text.ts';

const LABEL = [0x54, 0x6f, 0x6b, 0x65, 0x6e, 0x3a, 0x20]; // `Token: `
const SPACE = 0x20;

/** What follows the label `Token: `. */
export interface LabelledValue {
  /** The first byte after quotes and brackets. */
  readonly start: number;
  /** End of the word as it stands in the line. */
  readonly wordEnd: number;
}

/** Reads the label at `at` and the word after it; null where there is no label or no word. */
export const readLabel = (
  bytes: Uint8Array,
  from: number,
  at: number,
  limit: number,
): LabelledValue | null => {
  for (let i = 1; i < LABEL.length; i++) if (bytes[at + i] !== LABEL[i]) return null;
  // `X-CSRF-Token: ` and `accessToken: ` are other labels.
  if (at > from && BASE64URL[bytes[at - 1]!]! >= 0) return null;
  let start = skipSpaces(bytes, at + LABEL.length, limit);
  let wordEnd = endOfWord(bytes, start, limit);
  if (isScheme(bytes, start, wordEnd)) {
    const next = skipSpaces(bytes, wordEnd, limit);
    const nextEnd = endOfWord(bytes, next, limit);
    if (nextEnd > next) {
      start = next;
      wordEnd = nextEnd;
    }
  }
  if (wordEnd === start) return null;
  let first = start;
  while (first < wordEnd && OPENING.has(bytes[first]!)) first++;
  return { start: first < wordEnd ? first : start, wordEnd };
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
const endOfWord = (bytes: Uint8Array, from: number, limit: number): number => {
  let i = from;
  while (i < limit && bytes[i] !== SPACE && !(bytes[i]! >= 0x09 && bytes[i]! <= 0x0d)) i++;
  return i;
};

const isScheme = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start <= 6 && /^(?:bearer|jwt)$/i.test(latin1(bytes, start, end));

/**
 * Whether a token may start at `at` although characters of its alphabet stand before it:
 * after `_` or `-`, a percent escape (`%3D`), a JSON escape (`\n`, `\u003d`) or a colour sequence.
 */
export const isBoundary = (bytes: Uint8Array, at: number): boolean => {
  if (at === 0) return true;
  const before = bytes[at - 1]!;
  if (BASE64URL[before]! < 0 || before === 0x5f || before === 0x2d) return true;
  if (at >= 2 && bytes[at - 2] === 0x5c) return true;
  if (at >= 3 && bytes[at - 3] === 0x25) return true;
  if (at >= 6 && bytes[at - 6] === 0x5c && bytes[at - 5] === 0x75) return true;
  return before === 0x6d && bytes.subarray(Math.max(0, at - 12), at).includes(0x1b);
};
