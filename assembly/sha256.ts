// SHA-256 (FIPS 180-4 section 6.2) of four messages at once, one in each 32-bit lane.
import { LANES } from './layout';

export const K256: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/** The initial hash value, section 5.3.3. */
export const IV256: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** The last sixteen words of the message schedule, each in four lanes. */
export const SCHEDULE256: usize = LANES;
/** The hash values, eight words in four lanes. */
export const STATE256: usize = LANES + 16 * 16;

// prettier-ignore
// @ts-ignore: decorator
@inline
function rotate(x: v128, by: i32): v128 {
  return v128.or(i32x4.shr_u(x, by), i32x4.shl(x, 32 - by));
}

// Rotations of rotations where that leaves more registers free; in big sigma 1 the next round would wait for them.
// @ts-ignore: decorator
@inline
function smallSigma0(x: v128): v128 {
  return v128.xor(rotate(v128.xor(x, rotate(x, 11)), 7), i32x4.shr_u(x, 3));
}

// @ts-ignore: decorator
@inline
function smallSigma1(x: v128): v128 {
  return v128.xor(rotate(v128.xor(x, rotate(x, 2)), 17), i32x4.shr_u(x, 10));
}

// @ts-ignore: decorator
@inline
function bigSigma0(x: v128): v128 {
  return rotate(v128.xor(x, rotate(v128.xor(x, rotate(x, 9)), 11)), 2);
}

// @ts-ignore: decorator
@inline
export function bigSigma1(x: v128): v128 {
  return v128.xor(v128.xor(rotate(x, 6), rotate(x, 11)), rotate(x, 25));
}

/** T1 of a round. */
// @ts-ignore: decorator
@inline
function first(e: v128, f: v128, g: v128, h: v128, word: v128, k: usize): v128 {
  const choice = v128.xor(g, v128.and(e, v128.xor(f, g)));
  const sum = i32x4.add(word, v128.load32_splat(k));
  return i32x4.add(i32x4.add(h, bigSigma1(e)), i32x4.add(choice, sum));
}

/** T2 of a round. */
// @ts-ignore: decorator
@inline
export function second(a: v128, b: v128, c: v128): v128 {
  const majority = v128.xor(b, v128.and(v128.xor(a, b), v128.xor(b, c)));
  return i32x4.add(bigSigma0(a), majority);
}

/** Words 4 * quarter and on of four message blocks into the schedule, big-endian. */
// @ts-ignore: decorator
@inline
function loadQuarter(a: usize, b: usize, c: usize, d: usize, quarter: usize): void {
  const swap = i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
  const at = quarter * 16;
  const w = v128.swizzle(v128.load(a + at), swap);
  const x = v128.swizzle(v128.load(b + at), swap);
  const y = v128.swizzle(v128.load(c + at), swap);
  const z = v128.swizzle(v128.load(d + at), swap);
  const wx = v128.shuffle<i32>(w, x, 0, 4, 1, 5);
  const yz = v128.shuffle<i32>(y, z, 0, 4, 1, 5);
  const wx2 = v128.shuffle<i32>(w, x, 2, 6, 3, 7);
  const yz2 = v128.shuffle<i32>(y, z, 2, 6, 3, 7);
  const to = SCHEDULE256 + quarter * 64;
  v128.store(to, v128.shuffle<i64>(wx, yz, 0, 2));
  v128.store(to + 16, v128.shuffle<i64>(wx, yz, 1, 3));
  v128.store(to + 32, v128.shuffle<i64>(wx2, yz2, 0, 2));
  v128.store(to + 48, v128.shuffle<i64>(wx2, yz2, 1, 3));
}

/** Takes one block of 64 bytes of each of four messages into the state. */
export function compressFour(a: usize, b: usize, c: usize, d: usize): void {
  loadQuarter(a, b, c, d, 0);
  loadQuarter(a, b, c, d, 1);
  loadQuarter(a, b, c, d, 2);
  loadQuarter(a, b, c, d, 3);
  compressSchedule();
}

// @ts-ignore: decorator
@inline
function word(i: usize): v128 {
  return v128.load(SCHEDULE256 + (i & 15) * 16);
}

/** The word sixteen behind word `i`, in its place. */
// @ts-ignore: decorator
@inline
function next(i: usize): v128 {
  const near = i32x4.add(smallSigma1(word(i + 14)), word(i + 9));
  const far = i32x4.add(smallSigma0(word(i + 1)), word(i));
  const sum = i32x4.add(near, far);
  v128.store(SCHEDULE256 + i * 16, sum);
  return sum;
}

/** Takes the sixteen words of the schedule into the state. */
export function compressSchedule(): void {
  let a = v128.load(STATE256);
  let b = v128.load(STATE256 + 16);
  let c = v128.load(STATE256 + 32);
  let d = v128.load(STATE256 + 48);
  let e = v128.load(STATE256 + 64);
  let f = v128.load(STATE256 + 80);
  let g = v128.load(STATE256 + 96);
  let h = v128.load(STATE256 + 112);
  let t = first(e, f, g, h, word(0), K256);
  d = i32x4.add(d, t);
  h = i32x4.add(t, second(a, b, c));
  t = first(d, e, f, g, word(1), K256 + 4);
  c = i32x4.add(c, t);
  g = i32x4.add(t, second(h, a, b));
  t = first(c, d, e, f, word(2), K256 + 8);
  b = i32x4.add(b, t);
  f = i32x4.add(t, second(g, h, a));
  t = first(b, c, d, e, word(3), K256 + 12);
  a = i32x4.add(a, t);
  e = i32x4.add(t, second(f, g, h));
  t = first(a, b, c, d, word(4), K256 + 16);
  h = i32x4.add(h, t);
  d = i32x4.add(t, second(e, f, g));
  t = first(h, a, b, c, word(5), K256 + 20);
  g = i32x4.add(g, t);
  c = i32x4.add(t, second(d, e, f));
  t = first(g, h, a, b, word(6), K256 + 24);
  f = i32x4.add(f, t);
  b = i32x4.add(t, second(c, d, e));
  t = first(f, g, h, a, word(7), K256 + 28);
  e = i32x4.add(e, t);
  a = i32x4.add(t, second(b, c, d));
  t = first(e, f, g, h, word(8), K256 + 32);
  d = i32x4.add(d, t);
  h = i32x4.add(t, second(a, b, c));
  t = first(d, e, f, g, word(9), K256 + 36);
  c = i32x4.add(c, t);
  g = i32x4.add(t, second(h, a, b));
  t = first(c, d, e, f, word(10), K256 + 40);
  b = i32x4.add(b, t);
  f = i32x4.add(t, second(g, h, a));
  t = first(b, c, d, e, word(11), K256 + 44);
  a = i32x4.add(a, t);
  e = i32x4.add(t, second(f, g, h));
  t = first(a, b, c, d, word(12), K256 + 48);
  h = i32x4.add(h, t);
  d = i32x4.add(t, second(e, f, g));
  t = first(h, a, b, c, word(13), K256 + 52);
  g = i32x4.add(g, t);
  c = i32x4.add(t, second(d, e, f));
  t = first(g, h, a, b, word(14), K256 + 56);
  f = i32x4.add(f, t);
  b = i32x4.add(t, second(c, d, e));
  t = first(f, g, h, a, word(15), K256 + 60);
  e = i32x4.add(e, t);
  a = i32x4.add(t, second(b, c, d));
  for (let k = K256 + 64; k < K256 + 256; k += 64) {
    t = first(e, f, g, h, next(0), k);
    d = i32x4.add(d, t);
    h = i32x4.add(t, second(a, b, c));
    t = first(d, e, f, g, next(1), k + 4);
    c = i32x4.add(c, t);
    g = i32x4.add(t, second(h, a, b));
    t = first(c, d, e, f, next(2), k + 8);
    b = i32x4.add(b, t);
    f = i32x4.add(t, second(g, h, a));
    t = first(b, c, d, e, next(3), k + 12);
    a = i32x4.add(a, t);
    e = i32x4.add(t, second(f, g, h));
    t = first(a, b, c, d, next(4), k + 16);
    h = i32x4.add(h, t);
    d = i32x4.add(t, second(e, f, g));
    t = first(h, a, b, c, next(5), k + 20);
    g = i32x4.add(g, t);
    c = i32x4.add(t, second(d, e, f));
    t = first(g, h, a, b, next(6), k + 24);
    f = i32x4.add(f, t);
    b = i32x4.add(t, second(c, d, e));
    t = first(f, g, h, a, next(7), k + 28);
    e = i32x4.add(e, t);
    a = i32x4.add(t, second(b, c, d));
    t = first(e, f, g, h, next(8), k + 32);
    d = i32x4.add(d, t);
    h = i32x4.add(t, second(a, b, c));
    t = first(d, e, f, g, next(9), k + 36);
    c = i32x4.add(c, t);
    g = i32x4.add(t, second(h, a, b));
    t = first(c, d, e, f, next(10), k + 40);
    b = i32x4.add(b, t);
    f = i32x4.add(t, second(g, h, a));
    t = first(b, c, d, e, next(11), k + 44);
    a = i32x4.add(a, t);
    e = i32x4.add(t, second(f, g, h));
    t = first(a, b, c, d, next(12), k + 48);
    h = i32x4.add(h, t);
    d = i32x4.add(t, second(e, f, g));
    t = first(h, a, b, c, next(13), k + 52);
    g = i32x4.add(g, t);
    c = i32x4.add(t, second(d, e, f));
    t = first(g, h, a, b, next(14), k + 56);
    f = i32x4.add(f, t);
    b = i32x4.add(t, second(c, d, e));
    t = first(f, g, h, a, next(15), k + 60);
    e = i32x4.add(e, t);
    a = i32x4.add(t, second(b, c, d));
  }
  v128.store(STATE256, i32x4.add(a, v128.load(STATE256)));
  v128.store(STATE256 + 16, i32x4.add(b, v128.load(STATE256 + 16)));
  v128.store(STATE256 + 32, i32x4.add(c, v128.load(STATE256 + 32)));
  v128.store(STATE256 + 48, i32x4.add(d, v128.load(STATE256 + 48)));
  v128.store(STATE256 + 64, i32x4.add(e, v128.load(STATE256 + 64)));
  v128.store(STATE256 + 80, i32x4.add(f, v128.load(STATE256 + 80)));
  v128.store(STATE256 + 96, i32x4.add(g, v128.load(STATE256 + 96)));
  v128.store(STATE256 + 112, i32x4.add(h, v128.load(STATE256 + 112)));
}
