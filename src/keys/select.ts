import { keyTypeFor } from './algs.ts';
import type { KeyRing, VerificationKey } from './key.ts';

/** Most keys that one token is tried against: a bound on the work that a token can cause. */
export const TRIED_AT_MOST = 16;

/** The keys to try, or why none may be: fixed words, nothing from the token but a known algorithm's name. */
export type Selection =
  | { readonly keys: readonly VerificationKey[] }
  | { readonly refused: 'alg_not_allowed' | 'unknown_key'; readonly reason: string };

export type KeySelector = (alg: string, kid: string | null) => Selection;

const notAllowed = (alg: string, keys: readonly VerificationKey[]): Selection => {
  const types = [...new Set(keys.map(({ kty }) => kty))];
  const noun = types.length > 1 ? 'keys' : 'key';
  const link = types.some((kty) => kty === keyTypeFor(alg)) ? 'not allowed for' : 'with';
  return { refused: 'alg_not_allowed', reason: `${alg} ${link} ${types.join(' and ')} ${noun}` };
};

interface Choices {
  /** For a kid of the ring. */
  readonly byKid: ReadonlyMap<string, Selection>;
  readonly otherKid: Selection;
  readonly noKid: Selection;
}

const selection = (keys: readonly VerificationKey[]): Selection => ({
  keys: keys.slice(0, TRIED_AT_MOST),
});

const groupByKid = (ring: KeyRing): ReadonlyMap<string, readonly VerificationKey[]> => {
  const groups = new Map<string, VerificationKey[]>();
  for (const key of ring.keys) {
    if (key.kid === null) continue;
    const group = groups.get(key.kid);
    if (group === undefined) groups.set(key.kid, [key]);
    else group.push(key);
  }
  return groups;
};

const fit = (alg: string, keys: readonly VerificationKey[]): readonly VerificationKey[] =>
  keys.filter(({ algs }) => algs.includes(alg));

const choicesFor = (
  alg: string,
  ring: KeyRing,
  groups: ReadonlyMap<string, readonly VerificationKey[]>,
): Choices => {
  const byKid = new Map<string, Selection>();
  for (const [kid, named] of groups) {
    const usable = fit(alg, named);
    byKid.set(kid, usable.length > 0 ? selection(usable) : notAllowed(alg, named));
  }
  const fitting = fit(alg, ring.keys);
  if (fitting.length === 0) {
    const refusal = notAllowed(alg, ring.keys);
    return { byKid, otherKid: refusal, noKid: refusal };
  }
  const kidless = fitting.filter(({ kid }) => kid === null);
  const unknown: Selection = { refused: 'unknown_key', reason: 'no key has this key id' };
  const otherKid = kidless.length > 0 ? selection(kidless) : unknown;
  return { byKid, otherKid, noKid: selection(fitting) };
};

const UNKNOWN_ALG: Selection = { refused: 'alg_not_allowed', reason: 'unknown algorithm' };

/**
 * Makes the function that picks keys for a token's `alg` and `kid`: an algorithm counts only where the
 * key's own type allows it (RFC 8725 section 3.1). A `kid` of the ring means that key alone; another one
 * means the keys without `kid`. Answers are made once for each known algorithm, so no token can grow them.
 */
export const createKeySelector = (ring: KeyRing): KeySelector => {
  const groups = groupByKid(ring);
  const byAlg = new Map<string, Choices>();
  return (alg, kid) => {
    let choices = byAlg.get(alg);
    if (choices === undefined) {
      if (keyTypeFor(alg) === null) return UNKNOWN_ALG;
      choices = choicesFor(alg, ring, groups);
      byAlg.set(alg, choices);
    }
    return kid === null ? choices.noKid : (choices.byKid.get(kid) ?? choices.otherKid);
  };
};
