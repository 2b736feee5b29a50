/** One word per token occurrence, in the order in which reports list them. */
export const VERDICTS = [
  'valid',
  'expired',
  'not_yet_valid',
  'bad_signature',
  'alg_none',
  'alg_not_allowed',
  'unknown_key',
  'wrong_issuer',
  'wrong_audience',
  'malformed',
  'encrypted',
  'masked',
  'oversized',
  'unverified',
] as const;

export type Verdict = (typeof VERDICTS)[number];

/** The place of each in `VERDICTS`, as columns have it. */
export const VERDICT_INDEX: ReadonlyMap<Verdict, number> = new Map(VERDICTS.map((v, i) => [v, i]));

/** Verdicts of tokens whose signature verified: only these reach `users` and `expiry`. */
export const VERIFIED: ReadonlySet<Verdict> = new Set<Verdict>([
  'valid',
  'expired',
  'not_yet_valid',
  'wrong_issuer',
  'wrong_audience',
]);

export type VerdictCounts = Readonly<Partial<Record<Verdict, number>>>;

/**
 * The counts that are not zero, in the order of `VERDICTS`.
 * @param countAt gives the count of the verdict at a place in `VERDICTS`; all of them add up to `sum`
 */
export const nonZeroCounts = (countAt: (index: number) => number, sum: number): VerdictCounts => {
  const valid = countAt(0);
  const expired = countAt(1);
  // Made in one piece, which is all for most users: an object that gets its members one by one takes far longer.
  const counts: Partial<Record<Verdict, number>> =
    valid === 0
      ? expired === 0
        ? {}
        : { expired }
      : expired === 0
        ? { valid }
        : { valid, expired };
  let rest = sum - valid - expired;
  for (let index = 2; rest > 0 && index < VERDICTS.length; index++) {
    const count = countAt(index);
    if (count > 0) counts[VERDICTS[index]!] = count;
    rest -= count;
  }
  return counts;
};
