// Pieces of JSON (RFC 8259), as far as it is plain: ASCII, no escapes.

export const QUOTE: u8 = 0x22;

/** The place of the quote that ends the text from `at` on; 0 where the text is not plain. */
// @ts-ignore: decorator
@inline
export function endOfText(at: usize, end: usize): usize {
  let i = at;
  while (true) {
    const text = v128.load(i);
    const quotes = i8x16.bitmask(i8x16.eq(text, i8x16.splat(QUOTE)));
    // As signed bytes whatever is not ASCII lies below the space.
    const odd = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.lt_s(text, i8x16.splat(0x20)), i8x16.eq(text, i8x16.splat(0x5c))),
        i8x16.eq(text, i8x16.splat(0x7f)),
      ),
    );
    const stops = quotes | odd;
    if (stops != 0) {
      const stop = ctz(stops);
      const found = i + stop;
      return found < end && ((quotes >> stop) & 1) != 0 ? found : 0;
    }
    i += 16;
    if (i >= end) return 0;
  }
}

// @ts-ignore: decorator
@inline
export function isDigit(c: u8): bool {
  return <u8>(c - 0x30) < 10;
}

/** The end of the number at `at` (section 6), 0 where it is none. */
export function endOfNumber(at: usize): usize {
  let i = load<u8>(at) == 0x2d ? at + 1 : at;
  const digits = i;
  while (isDigit(load<u8>(i))) i++;
  if (i == digits || (load<u8>(digits) == 0x30 && i > digits + 1)) return 0;
  if (load<u8>(i) == 0x2e) {
    const fraction = i + 1;
    i = fraction;
    while (isDigit(load<u8>(i))) i++;
    if (i == fraction) return 0;
  }
  if ((load<u8>(i) | 0x20) == 0x65) {
    i++;
    if (load<u8>(i) == 0x2b || load<u8>(i) == 0x2d) i++;
    const exponent = i;
    while (isDigit(load<u8>(i))) i++;
    if (i == exponent) return 0;
  }
  return i;
}

/** The end of `true`, `false` or `null` at `at`, 0 for anything else. */
export function endOfWord(at: usize): usize {
  const word = load<u32>(at);
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4;
  return word == 0x736c6166 && load<u8>(at + 4) == 0x65 ? at + 5 : 0;
}
