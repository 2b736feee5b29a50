// SHA-512 (FIPS 180-4 section 6.4) of two messages at once, one in each 64-bit lane; SHA-384 differs in its start.
import { LANES } from './layout';

const K: usize = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
  0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
  0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
  0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
  0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
  0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
  0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
  0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
  0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
  0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
  0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
  0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
  0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
  0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
  0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
  0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
  0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
]);

/** The initial hash values, sections 5.3.4 and 5.3.5. */
export const IV384: usize = memory.data<u64>([
  0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
  0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
]);
export const IV512: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

/** 80 words of the message schedule, each in two lanes. */
export const SCHEDULE512: usize = LANES + 0x800;
/** The hash values, eight words in two lanes. */
export const STATE512: usize = SCHEDULE512 + 80 * 16;

// @ts-ignore: decorator
@inline
function rotate(x: v128, by: i32): v128 {
  return v128.or(i64x2.shr_u(x, by), i64x2.shl(x, 64 - by));
}

// @ts-ignore: decorator
@inline
function smallSigma0(x: v128): v128 {
  return v128.xor(v128.xor(rotate(x, 1), rotate(x, 8)), i64x2.shr_u(x, 7));
}

// @ts-ignore: decorator
@inline
function smallSigma1(x: v128): v128 {
  return v128.xor(v128.xor(rotate(x, 19), rotate(x, 61)), i64x2.shr_u(x, 6));
}

// @ts-ignore: decorator
@inline
function bigSigma0(x: v128): v128 {
  return v128.xor(v128.xor(rotate(x, 28), rotate(x, 34)), rotate(x, 39));
}

// @ts-ignore: decorator
@inline
function bigSigma1(x: v128): v128 {
  return v128.xor(v128.xor(rotate(x, 14), rotate(x, 18)), rotate(x, 41));
}

/** Takes one block of 128 bytes of each of two messages into the state. */
export function compressTwo(a: usize, b: usize): void {
  const swap = i8x16(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
  for (let at: usize = 0; at < 128; at += 16) {
    const x = v128.swizzle(v128.load(a + at), swap);
    const y = v128.swizzle(v128.load(b + at), swap);
    const to = SCHEDULE512 + at * 2;
    v128.store(to, v128.shuffle<i64>(x, y, 0, 2));
    v128.store(to + 16, v128.shuffle<i64>(x, y, 1, 3));
  }
  compressWideSchedule();
}

/** Takes the sixteen words at the start of the schedule into the state. */
export function compressWideSchedule(): void {
  for (let at = SCHEDULE512 + 256; at < SCHEDULE512 + 1280; at += 16) {
    const near = i64x2.add(smallSigma1(v128.load(at - 32)), v128.load(at - 112));
    const far = i64x2.add(smallSigma0(v128.load(at - 240)), v128.load(at - 256));
    v128.store(at, i64x2.add(near, far));
  }
  let a = v128.load(STATE512);
  let b = v128.load(STATE512 + 16);
  let c = v128.load(STATE512 + 32);
  let d = v128.load(STATE512 + 48);
  let e = v128.load(STATE512 + 64);
  let f = v128.load(STATE512 + 80);
  let g = v128.load(STATE512 + 96);
  let h = v128.load(STATE512 + 112);
  for (let at: usize = 0, k = K; at < 1280; at += 16, k += 8) {
    const choice = v128.xor(g, v128.and(e, v128.xor(f, g)));
    const word = i64x2.add(v128.load(SCHEDULE512 + at), v128.load64_splat(k));
    const t = i64x2.add(i64x2.add(h, bigSigma1(e)), i64x2.add(choice, word));
    const majority = v128.xor(b, v128.and(v128.xor(a, b), v128.xor(b, c)));
    h = g;
    g = f;
    f = e;
    e = i64x2.add(d, t);
    d = c;
    c = b;
    b = a;
    a = i64x2.add(t, i64x2.add(bigSigma0(b), majority));
  }
  v128.store(STATE512, i64x2.add(a, v128.load(STATE512)));
  v128.store(STATE512 + 16, i64x2.add(b, v128.load(STATE512 + 16)));
  v128.store(STATE512 + 32, i64x2.add(c, v128.load(STATE512 + 32)));
  v128.store(STATE512 + 48, i64x2.add(d, v128.load(STATE512 + 48)));
  v128.store(STATE512 + 64, i64x2.add(e, v128.load(STATE512 + 64)));
  v128.store(STATE512 + 80, i64x2.add(f, v128.load(STATE512 + 80)));
  v128.store(STATE512 + 96, i64x2.add(g, v128.load(STATE512 + 96)));
  v128.store(STATE512 + 112, i64x2.add(h, v128.load(STATE512 + 112)));
}
