import { decodeBase64url } from '../scan/base64url.ts';

const OPENING_CHARACTERS = 12;
const opening = new Uint8Array(OPENING_CHARACTERS);

/**
 * Whether the run that starts at `at` decodes to the start of a JSON object: `{` with white space
 * around it, then a quote, and printable text as far as three groups of four characters tell.
 */
export const opensJson = (bytes: Uint8Array, at: number, end: number): boolean => {
  if (end - at < OPENING_CHARACTERS) return false;
  const length = decodeBase64url(bytes, at, at + OPENING_CHARACTERS, opening);
  let braces = 0;
  let isQuoted = false;
  for (let i = 0; i < length; i++) {
    const c = opening[i]!;
    if (c === 0x20 || c === 0x09 || c === 0x0a || c === 0x0d) continue;
    // The first thing after white space is a brace, the second one a quote.
    if (braces === 0) {
      if (c !== 0x7b) return false;
      braces = 1;
    } else if (!isQuoted) {
      if (c !== 0x22) return false;
      isQuoted = true;
    } else if (c < 0x20 || c >= 0x7f) return false;
  }
  return braces > 0;
};

/** Where in the run `bytes[from, end)` something starts that decodes to an object; -1 where nothing does. */
export const objectStart = (bytes: Uint8Array, from: number, end: number): number => {
  if (opensJson(bytes, from, end)) return from;
  const last = end - OPENING_CHARACTERS;
  for (let i = from + 1; i <= last; i++) {
    if (bytes[i] !== 0x65 || (bytes[i + 1] !== 0x79 && bytes[i + 1] !== 0x77)) continue;
    if (opensJson(bytes, i, end)) return i;
  }
  return -1;
};

/** The shortest signature there is: 32 bytes, in base64url. */
export const SHORTEST_SIGNATURE = 43;

/** Whether a run that follows a dot can only be chance: letters of both cases, and digits, and long. */
export const looksRandom = (bytes: Uint8Array, from: number, end: number): boolean => {
  if (end - from < SHORTEST_SIGNATURE) return false;
  let kinds = 0;
  for (let i = from; i < end; i++) {
    const c = bytes[i]!;
    if (c >= 0x61) kinds |= 1;
    else if (c >= 0x41 && c <= 0x5a) kinds |= 2;
    else kinds |= 4;
  }
  return kinds === 7;
};

/** Characters of a signature by algorithm (RFC 7518 section 3, RFC 8037, RFC 8812), for RSA the least. */
const LENGTHS: Readonly<Record<string, number>> = {
  HS256: 43,
  HS384: 64,
  HS512: 86,
  ES256: 86,
  ES256K: 86,
  ES384: 128,
  ES512: 176,
  EdDSA: 86,
  Ed25519: 86,
  RS256: 342,
  RS384: 342,
  RS512: 342,
  PS256: 342,
  PS384: 342,
  PS512: 342,
};

/** Whether a signature of so many characters lacks some; one by an unknown algorithm is taken as whole. */
export const isShort = (alg: string | null, length: number): boolean =>
  alg !== null && length > 0 && length < (LENGTHS[alg] ?? 0);

/** Whether the rest of a signature may follow in another alphabet: it is short, as far as anybody knows. */
export const mayGoOn = (alg: string | null, length: number): boolean =>
  (length === 0 && alg?.toLowerCase() !== 'none') ||
  isShort(alg, length) ||
  (alg === null && length < SHORTEST_SIGNATURE);
