// Base64url (RFC 4648 section 5) sixteen characters at a time.

/** Bit i is set where character i of the sixteen at `at` is none of the alphabet. */
// @ts-ignore: decorator
@inline
export function foreign(at: usize): i32 {
  const text = v128.load(at);
  // Each low half of a byte names the high halves with which it makes a character of the alphabet.
  const low = v128.swizzle(
    // 0: 0pP.  1-9: digit, A-I a-i, Q-Y q-y.  A: JjZz.  B, C: letters.  D: - M m.  E: N n.  F: O o _
    i8x16(-88, -8, -8, -8, -8, -8, -8, -8, -8, -8, -16, 0x50, 0x50, 0x54, 0x50, 0x70),
    v128.and(text, i8x16.splat(0x0f)),
  );
  const high = v128.swizzle(
    i8x16(0, 0, 0x04, 0x08, 0x10, 0x20, 0x40, -128, 0, 0, 0, 0, 0, 0, 0, 0),
    i8x16.shr_u(text, 4),
  );
  return i8x16.bitmask(i8x16.eq(v128.and(low, high), i8x16.splat(0)));
}

/** The place of the first byte from `at` on that is none of the alphabet. */
export function endOfRun(at: usize): usize {
  let i = at;
  while (true) {
    const mask = foreign(i);
    if (mask != 0) return i + ctz(mask);
    i += 16;
  }
}

/** Sixteen characters of the alphabet to twelve bytes, in the first places of the result. */
// @ts-ignore: decorator
@inline
function decodeSixteen(text: v128): v128 {
  // What to add to a character to get its value depends on its high half, and `_` shares that with P to Z.
  const offsets = v128.swizzle(
    i8x16(0, 0, 17, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0),
    i8x16.shr_u(text, 4),
  );
  const underscore = v128.and(i8x16.eq(text, i8x16.splat(0x5f)), i8x16.splat(33));
  const values = i8x16.add(i8x16.add(text, offsets), underscore);
  // Four values of six bits, the first the highest, to 24 bits.
  const ab = i16x8.shl(v128.and(values, i16x8.splat(0x00ff)), 6);
  const pairs = v128.or(ab, i16x8.shr_u(values, 8));
  const front = i32x4.shl(v128.and(pairs, i32x4.splat(0x0000ffff)), 12);
  const words = v128.or(front, i32x4.shr_u(pairs, 16));
  return v128.swizzle(words, i8x16(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
}

/**
 * Decodes the run of the alphabet in [from, end) to `to`, where up to 16 bytes behind the result are
 * written over. Returns the number of bytes, -1 where the length or the last character is not canonical.
 */
export function decode(from: usize, end: usize, to: usize): i32 {
  let i = from;
  let o = to;
  for (; i + 16 <= end; i += 16, o += 12) v128.store(o, decodeSixteen(v128.load(i)));
  const rest = <i32>(end - i);
  if (rest == 0) return <i32>(o - to);
  const spare = rest & 3;
  if (spare == 1) return -1;
  // What stands behind the run becomes `A`, six zero bits.
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const inside = i8x16.lt_s(places, i8x16.splat(<i8>rest));
  const last = decodeSixteen(v128.bitselect(v128.load(i), i8x16.splat(0x41), inside));
  v128.store(o, last);
  const whole = (rest >> 2) * 3;
  if (spare == 0) return <i32>(o - to) + whole;
  // The bits of the last character that no byte takes must be zero: they lie in the byte behind.
  const bytes = whole + spare - 1;
  if (load<u8>(o + bytes) != 0) return -1;
  return <i32>(o - to) + bytes;
}
