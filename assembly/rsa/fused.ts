// Exact products by fused multiply-add, which rounds once: adding 2^103 leaves of a product what is above 2^51, and
// taking that off again leaves what is below. Read as whole numbers, sums of such results are sums of digits, and of
// what the constants look like: what columns start with takes that off (starts.ts).
import { CONSTANTS, DIGIT } from './layout';

/** 2^103, and 3 * 2^51. */
export const HIGH_BITS: i64 = 0x4660000000000000;
export const LOW_BITS: i64 = 0x4338000000000000;
export const MASK: i64 = (1 << 51) - 1;
/** Keeps columns positive, so that what is carried needs no sign: they have up to 90 products, of which each adds less than 2^52 and takes off no more than 2^50. A multiple of 2^51. */
export const LIFT: i64 = 1 << 59;
/** The same where the column before was lifted, which its carry tells. */
export const LIFTED: i64 = LIFT - (LIFT >> 51);

// V8 makes constants anew wherever they are used: from memory they come once.
export const HIGH: usize = CONSTANTS;
export const LOW: usize = CONSTANTS + DIGIT;

export function writeConstants(): void {
  v128.store(HIGH, i64x2.splat(HIGH_BITS));
  v128.store(LOW, f64x2.add(i64x2.splat(HIGH_BITS), f64x2.splat(6755399441055744)));
}

// @ts-ignore: decorator
@inline
export function high(a: v128, b: v128, c: v128): v128 {
  return f64x2.relaxed_madd(a, b, c);
}

/** What `high` left of the product. */
// @ts-ignore: decorator
@inline
export function low(a: v128, b: v128, h: v128, c: v128): v128 {
  return f64x2.relaxed_madd(a, b, f64x2.sub(c, h));
}

// @ts-ignore: decorator
@inline
export function sum(a: v128, b: v128): v128 {
  return i64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
export function digitOf(column: v128): v128 {
  return v128.and(column, i64x2.splat(MASK));
}

// @ts-ignore: decorator
@inline
export function carryOf(column: v128): v128 {
  return i64x2.shr_u(column, 51);
}

/** A digit as a number to multiply with. */
// @ts-ignore: decorator
@inline
export function float(digit: v128): v128 {
  const two52 = f64x2.splat(4503599627370496);
  return f64x2.sub(v128.or(digit, two52), two52);
}

/** Whether this machine rounds once, of a product of two digits: others know no such products. */
export function isFused(a: f64, b: f64): bool {
  const x = f64x2.splat(a);
  const y = f64x2.splat(b);
  const h = high(x, y, v128.load(HIGH));
  const l = low(x, y, h, v128.load(LOW));
  const above = i64x2.extract_lane(h, 1) - HIGH_BITS;
  return (above << 51) + (i64x2.extract_lane(l, 1) - LOW_BITS) == <i64>a * <i64>b;
}
