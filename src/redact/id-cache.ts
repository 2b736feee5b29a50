import { tokenId } from '../event/token.ts';
import { BASE64URL } from '../scan/base64url.ts';

const SLOTS = 8192;
/** Longer ones are rare, and to keep them takes memory. */
const LONGEST = 2048;

/**
 * Remembers the ids of tokens that come again: a hash takes longer than a comparison. A token is kept
 * the second time it is seen, and compared as a whole. Bounded: 8192 tokens.
 */
export class IdCache {
  readonly #tags = new Int32Array(SLOTS);
  readonly #tokens: (Uint8Array | undefined)[] = [];
  readonly #ids: string[] = [];

  /** `token_id` of the token in `bytes[start, end)`. */
  get(bytes: Uint8Array, start: number, end: number): string {
    if (end - start < 8 || end - start > LONGEST) return tokenId(bytes.subarray(start, end));
    // Of a signature: chance, as far as anybody knows who has no key.
    const tag = fingerprint(bytes, end);
    const slot = tag & (SLOTS - 1);
    if (this.#tags[slot] !== tag) {
      this.#tags[slot] = tag;
      this.#tokens[slot] = undefined;
      return tokenId(bytes.subarray(start, end));
    }
    const known = this.#tokens[slot];
    if (known !== undefined && isEqual(known, bytes, start, end)) return this.#ids[slot]!;
    const id = tokenId(bytes.subarray(start, end));
    this.#tokens[slot] = new Uint8Array(bytes.subarray(start, end));
    this.#ids[slot] = id;
    return id;
  }
}

const fingerprint = (bytes: Uint8Array, end: number): number =>
  ((BASE64URL[bytes[end - 3]!]! & 63) |
    ((BASE64URL[bytes[end - 4]!]! & 63) << 6) |
    ((BASE64URL[bytes[end - 5]!]! & 63) << 12) |
    ((BASE64URL[bytes[end - 6]!]! & 63) << 18) |
    ((BASE64URL[bytes[end - 7]!]! & 63) << 24)) ^
  0x2a;

const isEqual = (known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean => {
  const { length } = known;
  if (length !== end - start) return false;
  let i = 0;
  for (const last = length - 4; i <= last; i += 4) {
    const at = start + i;
    const differs =
      (known[i]! ^ bytes[at]!) |
      (known[i + 1]! ^ bytes[at + 1]!) |
      (known[i + 2]! ^ bytes[at + 2]!) |
      (known[i + 3]! ^ bytes[at + 3]!);
    if (differs !== 0) return false;
  }
  while (i < length && known[i] === bytes[start + i]) i++;
  return i === length;
};
