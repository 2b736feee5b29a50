import { BASE64URL } from '../scan/base64url.ts';

/** How `{"` and the like at the start of a header, or `\u0` in JSON, look in base64 at each alignment. */
const HINTS: readonly string[] = [
  ...['ZXlK', 'ZXlJ', 'ZXlB', 'ZXdv', 'ZXcw', 'ZXdr', 'XHUw'],
  ...['V5S', 'V5Q', 'V3b', 'V3M', 'V3a', 'x1M'],
  ...['leU', 'ld2', 'ldz', 'cdT'],
];
const FIRST = new Uint8Array(256);
const KNOWN = new Uint8Array(1 << 18);

/** Three characters of base64url as a number. */
const threeAt = (bytes: Uint8Array, at: number): number =>
  (BASE64URL[bytes[at]!]! << 12) | (BASE64URL[bytes[at + 1]!]! << 6) | BASE64URL[bytes[at + 2]!]!;

for (const hint of HINTS) {
  const bytes = Uint8Array.from(hint, (character) => character.charCodeAt(0));
  FIRST[bytes[0]!] = 1;
  KNOWN[threeAt(bytes, 0)] = 1;
}

/** Whether the text that a segment decodes to may hold a token: a cheap look before it is decoded. */
export const mayNest = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let i = from; i < to - 2; i++) {
    if (FIRST[bytes[i]!] === 1) {
      const three = threeAt(bytes, i);
      if (three >= 0 && KNOWN[three] === 1) return true;
    }
  }
  return false;
};
