/** Value of each base64url character (RFC 4648 section 5), -1 for every other byte. */
export const BASE64URL: Int8Array = (() => {
  const table = new Int8Array(256).fill(-1);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
})();

/** What `decodeBase64url` returns in place of a length. */
export const BAD_ALPHABET = -1;
export const BAD_LENGTH = -2;
export const NON_CANONICAL = -3;

/**
 * Strict base64url (RFC 7515 section 2): no padding, no white space, and the unused bits of the
 * last character must be zero, so that each value has one spelling only.
 * Writes to `out`, which must hold 3 bytes for every 4 characters; returns the number of bytes or
 * one of the negative codes above.
 */
export const decodeBase64url = (
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
): number => {
  const rest = (end - start) & 3;
  if (rest === 1) return BAD_LENGTH;
  const whole = end - rest;
  let o = 0;
  let i = start;
  // One bad character makes `seen` negative: one test at the end instead of one per character.
  let seen = 0;
  for (; i < whole; i += 4) {
    const a = BASE64URL[bytes[i]!]!;
    const b = BASE64URL[bytes[i + 1]!]!;
    const c = BASE64URL[bytes[i + 2]!]!;
    const d = BASE64URL[bytes[i + 3]!]!;
    seen |= a | b | c | d;
    out[o] = (a << 2) | (b >> 4);
    out[o + 1] = (b << 4) | (c >> 2);
    out[o + 2] = (c << 6) | d;
    o += 3;
  }
  if (rest !== 0) {
    const a = BASE64URL[bytes[i]!]!;
    const b = BASE64URL[bytes[i + 1]!]!;
    out[o++] = (a << 2) | (b >> 4);
    seen |= a | b;
    let unused = b & 15;
    if (rest === 3) {
      const c = BASE64URL[bytes[i + 2]!]!;
      out[o++] = (b << 4) | (c >> 2);
      seen |= c;
      unused = c & 3;
    }
    if (seen >= 0 && unused !== 0) return NON_CANONICAL;
  }
  return seen < 0 ? BAD_ALPHABET : o;
};
