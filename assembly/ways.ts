// Eight numbers that lie one behind the other, looked through at once.

/** Bits of the ways, of eight from `at` on, that are `wanted`. */
// @ts-ignore: decorator
@inline
export function waysWith(at: usize, wanted: u32): i32 {
  const all = i32x4.splat(wanted);
  return (
    i32x4.bitmask(i32x4.eq(v128.load(at), all)) |
    (i32x4.bitmask(i32x4.eq(v128.load(at + 16), all)) << 4)
  );
}
