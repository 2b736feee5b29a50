/** The decimal digit at `at` as a number, or a value above 9 where there is no digit or no byte. */
export const digitAt = (bytes: Uint8Array, at: number, end: number): number =>
  at < end ? (bytes[at]! - 48) >>> 0 : 99;

/** The byte at `at`, 0 behind the end: what lies there belongs to another line. */
export const byteAt = (bytes: Uint8Array, at: number, end: number): number =>
  at < end ? bytes[at]! : 0;

/** The two-digit number at `at`, or -1. */
export const pairAt = (bytes: Uint8Array, at: number, end: number): number => {
  const tens = digitAt(bytes, at, end);
  const ones = digitAt(bytes, at + 1, end);
  return tens > 9 || ones > 9 ? -1 : tens * 10 + ones;
};

/** The four-digit number at `at`, or -1. */
export const quadAt = (bytes: Uint8Array, at: number, end: number): number => {
  const high = pairAt(bytes, at, end);
  const low = pairAt(bytes, at + 2, end);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
};

/** Number of consecutive digits from `at`, counted to `most`. */
export const digitRun = (bytes: Uint8Array, at: number, end: number, most: number): number => {
  let length = 0;
  while (length < most && digitAt(bytes, at + length, end) <= 9) length += 1;
  return length;
};

export const isLetter = (byte: number): boolean => {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
};

/** Whether a letter, a digit or `_` stands at `at`. */
export const isWordAt = (bytes: Uint8Array, at: number, end: number): boolean => {
  if (at >= end) return false;
  const byte = bytes[at]!;
  return isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
};

/** Whether a `.` or `-` stands at `at`. */
export const isDotOrDashAt = (bytes: Uint8Array, at: number, end: number): boolean =>
  at < end && (bytes[at] === 0x2e || bytes[at] === 0x2d);

/** Whether the ASCII bytes of `word` stand at `at`. */
export const startsWith = (
  bytes: Uint8Array,
  at: number,
  end: number,
  word: Uint8Array,
): boolean => {
  if (at < 0 || at + word.length > end) return false;
  for (let i = 0; i < word.length; i += 1) if (bytes[at + i] !== word[i]) return false;
  return true;
};

/** ASCII text as bytes, for tables that are compared with lines. */
export const ascii = (word: string): Uint8Array =>
  Uint8Array.from(word, (char) => char.charCodeAt(0));
