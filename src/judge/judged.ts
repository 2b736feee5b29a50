import type { Identity } from '../verify/identity.ts';

/** A remark that `count` lines or tokens of a block gave rise to. */
export interface BlockNotice {
  readonly code: string;
  readonly count: number;
}

/**
 * What a block says, in columns: one entry per token occurrence, in the order of the log.
 * Plain data without tokens or keys, so that a worker thread can hand it over.
 */
export interface JudgedBlock {
  readonly lines: number;
  readonly linesWithToken: number;
  readonly linesSkipped: number;
  readonly count: number;
  /** Index into `VERDICTS`. */
  readonly verdicts: Uint8Array;
  /** Number of the identity, `NO_IDENTITY` where no claims could be read. */
  readonly identities: Uint32Array;
  /** `exp` in seconds, NaN where the token never expires. */
  readonly expiries: Float64Array;
  /** The line's own time in milliseconds, NaN for none. */
  readonly times: Float64Array;
  /** High and low word of each token's fingerprint, in turn. */
  readonly fingerprints: Uint32Array;
  /** Index of the key that verified, -1 for none. */
  readonly keys: Int16Array;
  /** The least identity number that still stands for anything; what lies below may be forgotten. */
  readonly firstIdentity: number;
  /** Identities that were not numbered before: they carry the judge's next numbers, from 0 on. */
  readonly newIdentities: readonly Identity[];
  readonly notices: readonly BlockNotice[];
  /** Lines of events (NDJSON), null where none were asked for. */
  readonly events: Uint8Array | null;
}

export const NO_IDENTITY = 0xffffffff;
