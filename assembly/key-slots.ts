// Keys of HMAC (RFC 2104), prepared once: what the hash is behind the block with the key.
import { EXCHANGE, KEY_SLOTS, KEY_SLOT_SIZE } from './layout';
import { compressFour, IV256, STATE256 } from './sha256';
import { compressTwo, IV384, IV512, STATE512 } from './sha512';

/** A key slot: hash values behind the key's inner and outer block, and the key's index. */
export const SLOT_INNER: usize = 0;
export const SLOT_OUTER: usize = 64;
export const SLOT_KEY: usize = 128;

/**
 * Prepares a key: the host has put the key, padded to a block and xored with ipad, at `EXCHANGE`, and with opad
 * 128 bytes behind it (RFC 2104).
 */
export function prepareKey(slot: i32, alg: i32, key: i32): void {
  const place = KEY_SLOTS + slot * KEY_SLOT_SIZE;
  for (let part: usize = 0; part < 2; part++) {
    const from = EXCHANGE + part * 128;
    const to = place + part * 64;
    if (alg == 256) {
      for (let i: usize = 0; i < 8; i++) {
        v128.store(STATE256 + i * 16, v128.load32_splat(IV256 + i * 4));
      }
      compressFour(from, from, from, from);
      for (let i: usize = 0; i < 8; i++) store<u32>(to + i * 4, load<u32>(STATE256 + i * 16));
    } else {
      const iv = alg == 384 ? IV384 : IV512;
      for (let i: usize = 0; i < 8; i++) {
        v128.store(STATE512 + i * 16, v128.load64_splat(iv + i * 8));
      }
      compressTwo(from, from);
      for (let i: usize = 0; i < 8; i++) store<u64>(to + i * 8, load<u64>(STATE512 + i * 16));
    }
  }
  store<i32>(place + SLOT_KEY, key);
}
