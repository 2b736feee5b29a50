import { words } from './text.ts';
import { ascii, digitAt, isLetter, isWordAt, startsWith } from './time/bytes.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const WINDOW = 5;

const TATUS = ascii('tatus');
const HTTP = ascii('HTTP/');

/** For each byte where in the two words it may stand: bits 0 to 4 for `tatus`, 5 to 9 for `HTTP/`. */
const PLACES = new Uint16Array(256);
[TATUS, HTTP].forEach((word, which) => {
  word.forEach((byte, index) => {
    PLACES[byte] = PLACES[byte]! | (1 << (which * WINDOW + index));
  });
});

/** The last byte of either word. */
const LAST = (1 << (WINDOW - 1)) | (1 << (2 * WINDOW - 1));

const PREFIXES = words('http_ http. http.response. response_ response. resp_ resp. res_ res.').map(
  ascii,
);
const SUFFIXES = words('_code Code code').map(ascii);

/** The status at `at`, 0 where no number from 100 to 599 stands there alone. */
export const statusAt = (bytes: Uint8Array, at: number, end: number): number => {
  const hundreds = digitAt(bytes, at, end);
  const tens = digitAt(bytes, at + 1, end);
  const ones = digitAt(bytes, at + 2, end);
  if (hundreds < 1 || hundreds > 5 || tens > 9 || ones > 9) return 0;
  if (isWordAt(bytes, at + 3, end)) return 0;
  if (at + 3 < end && bytes[at + 3] === 0x2e && digitAt(bytes, at + 4, end) <= 9) return 0;
  return hundreds * 100 + tens * 10 + ones;
};

/** Behind `HTTP/`: the version, a closing quote, a space and the status. */
const statusBehindRequest = (bytes: Uint8Array, at: number, end: number): number => {
  let next = at;
  while (next < end && next - at < 3 && (digitAt(bytes, next, end) <= 9 || bytes[next] === 0x2e)) {
    next += 1;
  }
  if (next + 1 >= end || bytes[next] !== QUOTE || bytes[next + 1] !== 0x20) return 0;
  return statusAt(bytes, next + 2, end);
};

/** Where the key begins whose `status` begins at `at`, -1 where another word ends in it. */
const keyStart = (bytes: Uint8Array, at: number, from: number): number => {
  let start = at;
  while (
    start > from &&
    at - start < 16 &&
    (isLetter(bytes[start - 1]!) || bytes[start - 1] === 0x5f || bytes[start - 1] === 0x2e)
  ) {
    start -= 1;
  }
  const known =
    start === at ||
    PREFIXES.some((prefix) => prefix.length === at - start && startsWith(bytes, start, at, prefix));
  if (!known) return -1;
  if (start === from) return start;
  const before = bytes[start - 1]!;
  // White space, `(`, `,`, `;`, `[`, `{`, `|`: a key, not the tail of a URL.
  return before === 0x20 ||
    before === 0x09 ||
    before === 0x28 ||
    before === 0x2c ||
    before === 0x3b ||
    before === 0x5b ||
    before === 0x7b ||
    before === 0x7c
    ? start
    : -1;
};

/** Behind `status`: `_code` perhaps, `=` or `:`, and the number. */
const statusBehindKey = (bytes: Uint8Array, at: number, end: number): number => {
  let next = at;
  for (const suffix of SUFFIXES) {
    if (startsWith(bytes, at, end, suffix)) next = at + suffix.length;
  }
  if (next >= end) return 0;
  if (bytes[next] === 0x3a) next += bytes[next + 1] === 0x20 ? 2 : 1;
  else if (bytes[next] === 0x3d) next += 1;
  else return 0;
  return statusAt(bytes, next < end && bytes[next] === QUOTE ? next + 1 : next, end);
};

/** Offset of the word that has the byte at `at` in one of `places`, -1 for none; see `PLACES`. */
const wordAround = (bytes: Uint8Array, at: number, end: number, places: number): number => {
  for (let place = 0, left = places; left > 0; place += 1, left >>= 1) {
    if ((left & 1) === 0) continue;
    const start = at - (place % WINDOW);
    if (startsWith(bytes, start, end, place < WINDOW ? TATUS : HTTP)) return start;
  }
  return -1;
};

/**
 * The HTTP status that text names: `status=401`, `statusCode: 401` and so on outside of double
 * quotes, or the number behind `HTTP/1.1"`; the first one, 0 where there is none. Makes no strings.
 */
export const findStatus = (bytes: Uint8Array, from: number, end: number): number => {
  let counted = from;
  let quoted = false;
  // Both words have five bytes, so one byte in five tells whether either is around it.
  for (let at = from + WINDOW - 1; at < end; at += WINDOW) {
    const places = PLACES[bytes[at]!]!;
    if (places === 0) continue;
    // A neighbour that fits as well, before the words themselves are compared.
    const fits = ((places & ~LAST) << 1) & PLACES[bytes[at + 1]!]!;
    if (fits === 0 && (((places & LAST) >> 1) & PLACES[bytes[at - 1]!]!) === 0) continue;
    const start = wordAround(bytes, at, end, places);
    if (start < 0) continue;
    const next = start + WINDOW;
    if (bytes[start] === HTTP[0]) {
      const status = statusBehindRequest(bytes, next, end);
      if (status > 0) return status;
    } else if (start > from && (bytes[start - 1]! | 0x20) === 0x73) {
      const key = keyStart(bytes, start - 1, from);
      const status = key < 0 ? 0 : statusBehindKey(bytes, next, end);
      if (status === 0) continue;
      for (; counted < key; counted += 1) {
        if (bytes[counted] === QUOTE) quoted = !quoted;
        else if (bytes[counted] === BACKSLASH) counted += 1;
      }
      if (!quoted) return status;
    }
  }
  return 0;
};
