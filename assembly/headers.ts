// Headers that the host has read: a log holds few different ones, so each is parsed once.
import { EXCHANGE, HEADERS, HEADER_SIZE, MOST_HEADERS } from './layout';

const HEADER_LENGTH: usize = 0;
/** 256, 384 or 512 for HMAC, `BY_HOST` or `HASHED`; 0 for a header whose tokens are the host's. */
export const HEADER_ALG: usize = 4;
export const HEADER_KEY_COUNT: usize = 8;
/** Slots of the keys that may verify, one byte each. */
export const HEADER_KEYS: usize = 12;
/** The block in which it was last seen. */
const HEADER_BLOCK: usize = 44;
/** What no other header ever has: its place may become that of another one. */
const HEADER_NUMBER: usize = 48;
const HEADER_TEXT: usize = 64;
export const MOST_KEYS: i32 = 32;
/** Another algorithm: the host checks the signature, and no more. */
export const BY_HOST: u32 = 1;
/** The same, and the host wants the SHA-256 of what was signed. */
export const HASHED: u32 = 2;

let count: i32 = 0;
let last: usize = HEADERS;
let blockNumber: u32 = 0;

/** To be called before each block. */
export function startHeaders(): void {
  blockNumber++;
}

/** Whether a place is free, or its header was not seen in this block: tokens may wait that have it. */
export function isHeaderRoom(): bool {
  if (count < MOST_HEADERS) return true;
  return load<u32>(HEADERS + (count % MOST_HEADERS) * HEADER_SIZE + HEADER_BLOCK) != blockNumber;
}

/**
 * Remembers the header at `EXCHANGE`, `length` characters; its key slots lie 1,024 bytes behind it. When all
 * places are taken the oldest makes room. Returns the place.
 */
export function addHeader(length: i32, alg: i32, keys: i32): usize {
  const place = HEADERS + (count % MOST_HEADERS) * HEADER_SIZE;
  count++;
  store<u32>(place + HEADER_LENGTH, length);
  store<u32>(place + HEADER_ALG, alg);
  store<u32>(place + HEADER_KEY_COUNT, keys);
  store<u32>(place + HEADER_BLOCK, 0);
  store<u32>(place + HEADER_NUMBER, count);
  for (let i: usize = 0; i < <usize>keys; i++) {
    store<u8>(place + HEADER_KEYS + i, load<u8>(EXCHANGE + 0x400 + i));
  }
  for (let i: usize = 0; i < <usize>length; i += 16) {
    v128.store(place + HEADER_TEXT + i, v128.load(EXCHANGE + i));
  }
  last = place;
  return place;
}

/** From now on what tokens with this header sign is hashed for the host. */
export function hashInputsOf(header: usize): void {
  store<u32>(header + HEADER_ALG, HASHED);
}

/** Whether the host checks signatures under this header. */
// @ts-ignore: decorator
@inline
export function isByHost(header: usize): bool {
  return load<u32>(header + HEADER_ALG) - BY_HOST <= HASHED - BY_HOST;
}

/** Whether the `length` bytes at `a` and at `b` are the same; up to 15 more are read. */
// @ts-ignore: decorator
@inline
export function same(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 16 <= length; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  if (i == length) return true;
  const differs = i8x16.bitmask(i8x16.ne(v128.load(a + i), v128.load(b + i)));
  return (differs & ((1 << <i32>(length - i)) - 1)) == 0;
}

// @ts-ignore: decorator
@inline
function isAt(header: usize, at: usize): bool {
  const length = <usize>load<u32>(header + HEADER_LENGTH);
  return load<u8>(at + length) == 0x2e && same(header + HEADER_TEXT, at, length);
}

/** The place of the header that stands at `at` with its dot, 0 for one that is not known. */
export function headerAt(at: usize): usize {
  if (count > 0 && isAt(last, at)) {
    store<u32>(last + HEADER_BLOCK, blockNumber);
    return last;
  }
  const known = min(count, MOST_HEADERS);
  for (let i = 0; i < known; i++) {
    const header = HEADERS + i * HEADER_SIZE;
    if (isAt(header, at)) {
      last = header;
      store<u32>(header + HEADER_BLOCK, blockNumber);
      return header;
    }
  }
  return 0;
}

// @ts-ignore: decorator
@inline
export function headerNumber(header: usize): u32 {
  return load<u32>(header + HEADER_NUMBER);
}

// @ts-ignore: decorator
@inline
export function headerLength(header: usize): usize {
  return <usize>load<u32>(header + HEADER_LENGTH);
}
