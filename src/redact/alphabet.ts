import { BASE64URL } from '../scan/base64url.ts';

/** Classes of bytes, as bits: what a token can be spelled with, encoded or not. */
export const RUN = 1;
export const DOT = 2;
export const PAD = 4;
export const ESCAPE = 8;

/** Class of each byte; 0 for one that no token reaches across. */
export const CLASS: Uint8Array = (() => {
  const table = new Uint8Array(256);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (const character of alphabet) table[character.charCodeAt(0)] = RUN;
  for (const character of '%\\&#;') table[character.charCodeAt(0)] = ESCAPE;
  table[0x2e] = DOT;
  table[0x3d] = PAD;
  return table;
})();

/** A run, its dots and its padding. */
export const CHAIN: number = RUN | DOT | PAD;

/** Value of a hexadecimal digit, -1 for any other byte. */
export const hexDigit = (byte: number | undefined): number => {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
};

/** End of the run of base64url characters that starts at `from`; four at a time, which takes half as long. */
export const endOfLongRun = (bytes: Uint8Array, from: number, limit: number): number => {
  let i = from;
  for (const last = limit - 4; i <= last; i += 4) {
    const seen =
      BASE64URL[bytes[i]!]! |
      BASE64URL[bytes[i + 1]!]! |
      BASE64URL[bytes[i + 2]!]! |
      BASE64URL[bytes[i + 3]!]!;
    if (seen < 0) break;
  }
  while (i < limit && BASE64URL[bytes[i]!]! >= 0) i++;
  return i;
};
