import { BASE64URL } from '../scan/base64url.ts';
import { CLASS } from './alphabet.ts';

/** Groups of four characters, three bytes each: the shortest token there is takes 24 of them. */
const SHORTEST = 21;

/**
 * Whether the text that a segment decodes to has a word as long as a token is: a cheap look before it
 * is decoded, which reads one group in 21 where words are short. Bytes that are no base64url are
 * skipped by who decodes it; here they count as part of any word.
 */
export const mayNest = (bytes: Uint8Array, from: number, to: number): boolean => {
  const groups = (to - from) >> 2;
  let low = 0;
  for (let probe = SHORTEST - 1; probe < groups; probe += SHORTEST) {
    if (!isInWord(bytes, from, probe)) continue;
    let start = probe;
    while (start > low && isInWord(bytes, from, start - 1)) start--;
    let end = probe + 1;
    while (end < groups && isInWord(bytes, from, end)) end++;
    if (end - start >= SHORTEST) return true;
    low = end;
    probe = end;
  }
  return false;
};

/** Whether all three bytes of a group are of the kinds that tokens are spelled with. */
const isInWord = (bytes: Uint8Array, from: number, group: number): boolean => {
  const i = from + group * 4;
  const a = BASE64URL[bytes[i]!]!;
  const b = BASE64URL[bytes[i + 1]!]!;
  const c = BASE64URL[bytes[i + 2]!]!;
  const d = BASE64URL[bytes[i + 3]!]!;
  if ((a | b | c | d) < 0) return true;
  return (
    CLASS[((a << 2) | (b >> 4)) & 255] !== 0 &&
    CLASS[((b << 4) | (c >> 2)) & 255] !== 0 &&
    CLASS[((c << 6) | d) & 255] !== 0
  );
};
