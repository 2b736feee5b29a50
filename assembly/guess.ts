// Many keys tried on few texts: HMAC-SHA-256 (RFC 2104) with four keys in four lanes. In an instance of its own.
import { JSON } from './layout';
import {
  bigSigma1,
  compressFour,
  compressSchedule,
  IV256,
  K256,
  SCHEDULE256,
  second,
  STATE256,
} from './sha256';

/** Keys of one call, each of 64 bytes, shorter ones with zeros behind. */
export const MOST_GUESSES: i32 = 256;
export const GUESS_KEYS: usize = JSON;
/** Where the host writes a text with its padding, and the signature. */
export const MOST_TEXT_BLOCKS: i32 = 32;
export const GUESS_TEXT: usize = GUESS_KEYS + <usize>MOST_GUESSES * 64;
export const GUESS_SIGNATURE: usize = GUESS_TEXT + <usize>MOST_TEXT_BLOCKS * 64;
export const MOST_TARGETS: i32 = 64;

/** Of a target: the signature's words, the number of blocks, then each block's schedule with its constants. */
const TARGET_BLOCKS: usize = 32;
const TARGET_WORDS: usize = 64;
const TARGET_SIZE: usize = TARGET_WORDS + <usize>MOST_TEXT_BLOCKS * 256;

const TARGETS: usize = GUESS_SIGNATURE + 64;
const PADS: usize = TARGETS + <usize>MOST_TARGETS * TARGET_SIZE;
/** States after the padded keys, eight words in four lanes each. */
const INNER: usize = PADS + 256;
const OUTER: usize = INNER + 128;
const END: usize = OUTER + 128;

let targets: i32 = 0;

/** Makes room and forgets all targets; false where memory ran out. */
export function startGuesses(): bool {
  targets = 0;
  const have = <usize>memory.size() << 16;
  return END <= have || memory.grow(<i32>((END - have + 0xffff) >> 16)) >= 0;
}

/** Takes the text of `blocks` blocks and the signature that the host has written. */
export function addTarget(blocks: i32): void {
  const target = TARGETS + <usize>targets * TARGET_SIZE;
  targets++;
  for (let i: usize = 0; i < 32; i += 4) {
    store<u32>(target + i, bswap<u32>(load<u32>(GUESS_SIGNATURE + i)));
  }
  store<u32>(target + TARGET_BLOCKS, blocks);
  for (let block: usize = 0; block < <usize>blocks; block++) {
    expand(GUESS_TEXT + block * 64, target + TARGET_WORDS + block * 256);
  }
}

/** The message schedule of a block (FIPS 180-4 section 6.2.2), each word with its round's constant added. */
function expand(from: usize, to: usize): void {
  for (let at: usize = 0; at < 64; at += 4) store<u32>(to + at, bswap<u32>(load<u32>(from + at)));
  for (let at: usize = 64; at < 256; at += 4) {
    const x = load<u32>(to + at - 60);
    const y = load<u32>(to + at - 8);
    const low = rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >> 3);
    const high = rotr<u32>(y, 17) ^ rotr<u32>(y, 19) ^ (y >> 10);
    store<u32>(to + at, load<u32>(to + at - 64) + low + load<u32>(to + at - 28) + high);
  }
  for (let at: usize = 0; at < 256; at += 4) {
    store<u32>(to + at, load<u32>(to + at) + load<u32>(K256 + at));
  }
}

/** The first of the keys `[from, count)` that signs any target, -1 for none. */
export function tryGuesses(from: i32, count: i32): i32 {
  for (let i = from & ~3; i < count; i += 4) {
    padKeys(GUESS_KEYS + <usize>i * 64, 0x36);
    hashPads(INNER);
    padKeys(GUESS_KEYS + <usize>i * 64, 0x5c);
    hashPads(OUTER);
    let lanes = 0;
    for (let target = 0; target < targets; target++) {
      lanes |= lanesOf(TARGETS + <usize>target * TARGET_SIZE);
    }
    if (lanes == 0) continue;
    for (let key = max(i, from); key < min(i + 4, count); key++) {
      if ((lanes & (1 << (key - i))) != 0) return key;
    }
  }
  return -1;
}

function padKeys(keys: usize, pad: i8): void {
  const pads = i8x16.splat(pad);
  for (let at: usize = 0; at < 256; at += 16) {
    v128.store(PADS + at, v128.xor(v128.load(keys + at), pads));
  }
}

function hashPads(to: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    v128.store(STATE256 + i * 16, v128.load32_splat(IV256 + i * 4));
  }
  compressFour(PADS, PADS + 64, PADS + 128, PADS + 192);
  for (let i: usize = 0; i < 128; i += 16) v128.store(to + i, v128.load(STATE256 + i));
}

/** The lanes, one bit each, whose key signs the target. */
function lanesOf(target: usize): i32 {
  for (let i: usize = 0; i < 128; i += 16) v128.store(STATE256 + i, v128.load(INNER + i));
  const end = target + TARGET_WORDS + <usize>load<u32>(target + TARGET_BLOCKS) * 256;
  for (let words = target + TARGET_WORDS; words < end; words += 256) compressWords(words);
  for (let i: usize = 0; i < 128; i += 16) {
    v128.store(SCHEDULE256 + i, v128.load(STATE256 + i));
    v128.store(STATE256 + i, v128.load(OUTER + i));
  }
  v128.store(SCHEDULE256 + 128, i32x4.splat(0x80000000));
  for (let i: usize = 144; i < 240; i += 16) v128.store(SCHEDULE256 + i, i32x4.splat(0));
  v128.store(SCHEDULE256 + 240, i32x4.splat((64 + 32) << 3));
  compressSchedule();
  let equal = i32x4.splat(-1);
  for (let i: usize = 0; i < 8; i++) {
    const word = v128.load32_splat(target + i * 4);
    equal = v128.and(equal, i32x4.eq(v128.load(STATE256 + i * 16), word));
  }
  return i32x4.bitmask(equal);
}

/** T1 of a round whose word and constant are the same in all lanes. */
// @ts-ignore: decorator
@inline
function known(e: v128, f: v128, g: v128, h: v128, word: usize): v128 {
  const choice = v128.xor(g, v128.and(e, v128.xor(f, g)));
  return i32x4.add(i32x4.add(h, bigSigma1(e)), i32x4.add(choice, v128.load32_splat(word)));
}

/** Takes a block of which the schedule is known into the state: of all lanes the same. */
function compressWords(words: usize): void {
  let a = v128.load(STATE256);
  let b = v128.load(STATE256 + 16);
  let c = v128.load(STATE256 + 32);
  let d = v128.load(STATE256 + 48);
  let e = v128.load(STATE256 + 64);
  let f = v128.load(STATE256 + 80);
  let g = v128.load(STATE256 + 96);
  let h = v128.load(STATE256 + 112);
  for (let at = words, end = words + 256; at < end; at += 32) {
    let t = known(e, f, g, h, at);
    d = i32x4.add(d, t);
    h = i32x4.add(t, second(a, b, c));
    t = known(d, e, f, g, at + 4);
    c = i32x4.add(c, t);
    g = i32x4.add(t, second(h, a, b));
    t = known(c, d, e, f, at + 8);
    b = i32x4.add(b, t);
    f = i32x4.add(t, second(g, h, a));
    t = known(b, c, d, e, at + 12);
    a = i32x4.add(a, t);
    e = i32x4.add(t, second(f, g, h));
    t = known(a, b, c, d, at + 16);
    h = i32x4.add(h, t);
    d = i32x4.add(t, second(e, f, g));
    t = known(h, a, b, c, at + 20);
    g = i32x4.add(g, t);
    c = i32x4.add(t, second(d, e, f));
    t = known(g, h, a, b, at + 24);
    f = i32x4.add(f, t);
    b = i32x4.add(t, second(c, d, e));
    t = known(f, g, h, a, at + 28);
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
