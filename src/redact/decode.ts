import { CLASS, hexDigit, RUN } from './alphabet.ts';
import { ViewWriter, type View } from './view.ts';

const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const LONGEST_ENTITY = 10;

const ENTITIES: Readonly<Record<string, number>> = {
  amp: 0x26,
  num: 0x23,
  period: 0x2e,
  lowbar: 0x5f,
  hyphen: 0x2d,
  equals: 0x3d,
  bsol: 0x5c,
  percnt: 0x25,
  semi: 0x3b,
};

/**
 * One layer less of every spelling at once: `%2E` (RFC 3986), `%u002e`, `\u002e`, `\x2e`, `\056` and `\n`
 * (JSON, JavaScript), `=2E` (RFC 2045), `&#46;`, `&#x2e;` (HTML). Null where there is none.
 */
export const decodeLayer = (view: View): View | null => {
  const { bytes, length } = view;
  const writer = new ViewWriter(view);
  let changed = false;
  for (let i = 0; i < length;) {
    const c = bytes[i]!;
    let end = 0;
    if (c === 0x25 && bytes[i + 1] === 0x75) end = hex(bytes, i + 2, 4);
    else if (c === 0x25 || c === 0x3d) end = hex(bytes, i + 1, 2);
    else if (c === BACKSLASH) end = backslash(bytes, i, length);
    else if (c === 0x26) end = entity(bytes, i, length);
    if (end > length) end = 0;
    writer.add(end > 0 ? decoded : c, i, end > 0 ? end : i + 1);
    i = end > 0 ? end : i + 1;
    changed ||= end > 0;
  }
  return changed ? writer.take() : null;
};

/** The byte that the last spelling stands for. */
let decoded = 0;

/** Reads `digits` hexadecimal digits; returns their end, or 0 where they are none or no byte. */
const hex = (bytes: Uint8Array, at: number, digits: number): number => {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = hexDigit(bytes[i]);
    if (digit < 0) return 0;
    value = value * 16 + digit;
  }
  // A character beyond one byte is in no token, but it ends one.
  decoded = Math.min(value, 0xff);
  return at + digits;
};

const backslash = (bytes: Uint8Array, at: number, length: number): number => {
  if (at + 1 >= length) return 0;
  const c = bytes[at + 1]!;
  if (c === 0x75) return hex(bytes, at + 2, 4);
  if (c === 0x78) return hex(bytes, at + 2, 2);
  // Another spelling goes first: `\=6E` is a line break, and no `=`.
  if (c === 0x25 || c === 0x26 || c === 0x3d) return 0;
  if (c >= 0x30 && c <= 0x37) return octal(bytes, at + 1, length);
  // `\n`, `\r`, `\t` and the end of a continued line break a text, whoever joins it again.
  decoded = c === 0x6e || c === 0x72 || c === 0x74 || c === NEWLINE ? NEWLINE : c;
  return at + 2;
};

const octal = (bytes: Uint8Array, at: number, length: number): number => {
  let value = 0;
  let i = at;
  while (i < length && i < at + 3 && bytes[i]! >= 0x30 && bytes[i]! <= 0x37) {
    value = value * 8 + bytes[i]! - 0x30;
    i++;
  }
  decoded = value & 0xff;
  return i;
};

const entity = (bytes: Uint8Array, at: number, length: number): number => {
  let end = at + 1;
  while (end < length && end < at + LONGEST_ENTITY && bytes[end] !== 0x3b) end++;
  if (bytes[end] !== 0x3b || end >= length) return 0;
  const name = String.fromCharCode(...bytes.subarray(at + 1, end));
  const [, sixteen, ten] = /^#(?:[xX]([0-9a-fA-F]+)|(\d+))$/.exec(name) ?? [];
  const value =
    sixteen !== undefined
      ? Number.parseInt(sixteen, 16)
      : ten !== undefined
        ? Number(ten)
        : Object.hasOwn(ENTITIES, name)
          ? ENTITIES[name]!
          : -1;
  if (value < 0) return 0;
  decoded = Math.min(value, 0xff);
  return end + 1;
};

/** Whether a byte that was decoded breaks a text in two: white space, or half of a character of UTF-16. */
export const isBreak = (byte: number): boolean =>
  byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= NEWLINE) || byte === 0x0d;

const LONG_RUN = 48;

/** `%25`, `%26`, `%2D`, `%2E`, letters and digits, and NUL: not a space, a slash, a colon. */
const isOfToken = (high: number, low: number): boolean => {
  if (high === 2) return low === 5 || low === 6 || low >= 13;
  if (high === 3) return low <= 9;
  return high > 3 || (high === 0 && low === 0);
};

/**
 * Whether a word spells something, and holds the start of a token or spells a character of one. Nearly
 * all words end here, so it is quick rather than exact.
 */
export const mayHide = (bytes: Uint8Array, from: number, to: number): boolean => {
  let isSpelled = false;
  let isToken = false;
  let run = from;
  for (let i = from; i < to; i++) {
    const c = bytes[i]!;
    if (CLASS[c] === RUN) {
      if (c !== 0x65) continue;
      const next = bytes[i + 1]!;
      isToken ||= next === 0x79 || next === 0x77;
      continue;
    }
    // Base64 whose lines were joined is long, and seldom is anything else.
    if (i - run >= LONG_RUN) isToken = true;
    run = i + 1;
    const spelling = spellingAt(bytes, i, to);
    isSpelled ||= spelling > 0;
    isToken ||= spelling > 1;
  }
  return isSpelled && (isToken || to - run >= LONG_RUN);
};

/** 0 where nothing is spelled at `i`; 2 where it is a character that a token may have, else 1. */
const spellingAt = (bytes: Uint8Array, i: number, to: number): number => {
  const c = bytes[i]!;
  const next = bytes[i + 1]!;
  if (c === BACKSLASH) {
    const isCode = next === 0x75 || next === 0x78 || (next >= 0x30 && next <= 0x37);
    return isCode || next === BACKSLASH ? 2 : 1;
  }
  if (c === 0x26) return entity(bytes, i, to) > 0 ? 2 : 0;
  if (c !== 0x25 && c !== 0x3d) return 0;
  if (c === 0x25 && next === 0x75) return 2;
  const high = hexDigit(next);
  const low = hexDigit(bytes[i + 2]);
  if (high < 0 || low < 0) return 0;
  // `%3D79` may be `=79`, and that `y`.
  const isPadding = high === 3 && low === 13 && hex(bytes, i + 3, 2) > 0;
  return isPadding || isOfToken(high, low) ? 2 : 1;
};
