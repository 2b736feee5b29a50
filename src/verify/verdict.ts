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
