import { latin1 } from './text.ts';

/** Characters of a `token_id`. */
export const ID_SIZE = 16;
const LONGEST = 32;
const MARK =
  /(?:\.\[redacted:|\.x\.redacted\.|\.=*\.redacted-|^\[?redacted:|^\[?token:)([\w-]{16})\]?$/;

/** What `redact` puts in the place of a signature: a mark as `maskEnd` knows it, with the token's id. */
export const signatureMark = (id: string): string => `[redacted:${id}]`;

/** What `redact` puts in the place of a whole token. */
export const tokenMark = (id: string): string => `[token:${id}]`;

/**
 * The parts of a redacted JWE after its header: five parts still, and nothing of the encrypted ones. The
 * third must be no word that is a mark, or it would end the token.
 */
export const encryptedMark = (id: string, hasKey: boolean): string =>
  `${hasKey ? 'redacted' : ''}.x.redacted.${id}`;

/** The signature of a redacted token without payload, which has no mark in brackets. */
export const detachedMark = (id: string): string => `redacted-${id}`;

/** The `token_id` that a redacted token in `bytes[start, end)` tells of itself; null for any other. */
export const markedId = (bytes: Uint8Array, start: number, end: number): string | null => {
  const last = end - (bytes[end - 1] === 0x5d ? 1 : 0);
  const before = bytes[last - ID_SIZE - 1];
  if (last - start <= ID_SIZE) return null;
  if (before !== 0x3a && before !== 0x2e && before !== 0x2d) return null;
  // Only a mark that is all of the text may stand at its start.
  const from = Math.max(start, end - LONGEST - 8);
  const found = MARK.exec(latin1(bytes, from, end));
  if (found === null || (from > start && found.index === 0)) return null;
  return found[1]!;
};
