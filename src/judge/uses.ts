import type { PackedFacts } from '../event/packed-facts.ts';
import type { TokenSample } from '../weak/weak-secret.ts';

/**
 * What a block tells the audit: numbers in one piece of memory, and each token and each text once. Plain data
 * without tokens, so that a thread can hand it over.
 */
export interface UseColumns {
  readonly count: number;
  /** `USE_SIZE` numbers for each use, as `UseField` says. */
  readonly numbers: Float64Array;
  /** The least numbers that still stand for anything. */
  readonly firstToken: number;
  readonly firstText: number;
  /** Those that were not numbered before: they carry the judge's next numbers. */
  readonly newTokens: PackedFacts;
  readonly newTexts: readonly string[];
  /** Tokens to try guesses on; their `line` is that in the block, from 0, their `file` is null. */
  readonly samples: readonly TokenSample[];
}

/** Where the numbers of a use stand. Texts are numbers too, `NO_TEXT` where there is none. */
export const UseField = {
  /** Milliseconds, NaN for none. */
  time: 0,
  /** Bytes from the start of the decoded source. */
  offset: 1,
  /** From 0, in the block. */
  line: 2,
  token: 3,
  /** Index into `VERDICTS`. */
  verdict: 4,
  /** HTTP status, 0 for none. */
  status: 5,
  reason: 6,
  /** This and the next five in the order of `FIELDS`. */
  ip: 7,
  userAgent: 8,
  method: 9,
  path: 10,
  /** A hash of it, `NO_TEXT` for none. */
  requestId: 11,
  event: 12,
} as const;

export const USE_SIZE = 13;
export const NO_TEXT = -1;
