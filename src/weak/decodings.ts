/** How a text becomes the bytes of a key. */
export type Form = 'text' | 'base64' | 'hex';

export interface Decoding {
  readonly form: Form;
  readonly bytes: Uint8Array;
}

const HEX = 1;
const BASE64 = 2;

/** Which alphabets a byte belongs to: base64 in both of its alphabets (RFC 4648 sections 4 and 5), hexadecimal. */
const ALPHABETS = new Uint8Array(256);
const SIXES = new Uint8Array(256);
const NIBBLES = new Uint8Array(256);
for (const [value, character] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
].entries()) {
  ALPHABETS[character.charCodeAt(0)] = BASE64;
  SIXES[character.charCodeAt(0)] = value;
}
for (const [character, value] of [
  ['+', 62],
  ['-', 62],
  ['/', 63],
  ['_', 63],
] as const) {
  ALPHABETS[character.charCodeAt(0)] = BASE64;
  SIXES[character.charCodeAt(0)] = value;
}
for (const character of '0123456789abcdefABCDEF') {
  ALPHABETS[character.charCodeAt(0)]! |= HEX;
  NIBBLES[character.charCodeAt(0)] = Number.parseInt(character, 16);
}

const EQUALS = 0x3d;
/** Shorter text decodes to next to nothing. */
const LEAST_TEXT = 4;

/**
 * What libraries may make of the text `bytes[start, end)` where they take it for base64 or hexadecimal. The result lies in
 * `room`, base64 from its start and hexadecimal from its middle, and must be used before the next call.
 */
export const decodeInto = (
  room: Uint8Array,
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly base64: number; readonly hex: number } => {
  let bare = end;
  while (bare > start && end - bare < 2 && bytes[bare - 1] === EQUALS) bare--;
  const length = bare - start;
  if (length < LEAST_TEXT || length > room.length) return NOTHING;
  let common = HEX | BASE64;
  for (let at = start; at < bare; at++) common &= ALPHABETS[bytes[at]!]!;
  if (common === 0) return NOTHING;
  return {
    base64: length % 4 === 1 ? 0 : decodeBase64(room, bytes, start, bare),
    hex:
      (common & HEX) === 0 || length % 2 === 1 || bare < end
        ? 0
        : decodeHex(room, bytes, start, end),
  };
};

const NOTHING = { base64: 0, hex: 0 } as const;

/** Bits that do not make up a byte are dropped. */
const decodeBase64 = (room: Uint8Array, bytes: Uint8Array, start: number, end: number): number => {
  let bits = 0;
  let count = 0;
  let to = 0;
  for (let at = start; at < end; at++) {
    bits = ((bits << 6) | SIXES[bytes[at]!]!) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    room[to++] = bits >> count;
  }
  return to;
};

const decodeHex = (room: Uint8Array, bytes: Uint8Array, start: number, end: number): number => {
  let to = room.length >> 1;
  for (let at = start; at < end; at += 2) {
    room[to++] = (NIBBLES[bytes[at]!]! << 4) | NIBBLES[bytes[at + 1]!]!;
  }
  return (end - start) / 2;
};

/** The same as new arrays. */
export const decodings = (text: Uint8Array): readonly Decoding[] => {
  const room = new Uint8Array(2 * text.length);
  const { base64, hex } = decodeInto(room, text, 0, text.length);
  const found: Decoding[] = [];
  if (base64 > 0) found.push({ form: 'base64', bytes: room.slice(0, base64) });
  if (hex > 0) found.push({ form: 'hex', bytes: room.slice(text.length, text.length + hex) });
  return found;
};
