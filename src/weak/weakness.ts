import { secretBytesFor } from '../keys/algs.ts';
import { knownRank } from './known.ts';

const LONGEST_PATTERN = 16;
/** Bits that a text has at most, by its length and the number of its different bytes. */
const LEAST_BITS = 96;

const repeatsItself = (secret: Uint8Array): boolean => {
  const longest = Math.min(LONGEST_PATTERN, secret.length >> 1);
  for (let period = 1; period <= longest; period++) {
    if (secret.every((byte, i) => i < period || byte === secret[i - period])) return true;
  }
  return false;
};

/** `abcdefgh`, `0123456789`, `aaaa`: nine of ten bytes follow from the one before. */
const isSequence = (secret: Uint8Array): boolean => {
  let steps = 0;
  for (let i = 1; i < secret.length; i++) {
    if (Math.abs(secret[i]! - secret[i - 1]!) <= 1) steps++;
  }
  return steps > 0.9 * (secret.length - 1);
};

/**
 * Why a secret is too weak to sign with `alg`, null when it is not. The sentence goes on from the
 * secret's name and holds no part of it (RFC 7518 section 3.2, RFC 8725 section 3.5).
 */
export const secretWeakness = (secret: Uint8Array, alg: string): string | null =>
  knownRank(secret) === null ? secretFault(secret, alg) : 'is one of those that are guessed first';

/** The same for a secret that no list has. */
export const secretFault = (secret: Uint8Array, alg: string): string | null => {
  const needed = secretBytesFor(alg);
  if (secret.length < needed) {
    return `is ${secret.length} bytes long; ${alg} needs at least ${needed} (RFC 7518 section 3.2)`;
  }
  if (repeatsItself(secret)) return 'repeats itself, so it is easily guessed';
  if (isSequence(secret)) return 'is a sequence, so it is easily guessed';
  const bits = secret.length * Math.log2(new Set(secret).size);
  return bits < LEAST_BITS ? 'has too few different characters, so it is easily guessed' : null;
};
