import type { VerificationKey } from '../keys/key.ts';
import type { Header } from '../scan/header.ts';
import type { Claims } from './claims.ts';
import type { Policy } from './policy.ts';
import type { Verdict } from './verdict.ts';

/** All that can be said of a token without knowing when it was used; shared by its occurrences. */
export interface Judgement {
  /** Null: the signature verified and the policy holds, so the clock decides (`verdictAt`). */
  verdict: Verdict | null;
  reason: string | null;
  header: Header | null;
  /** Hearsay unless the signature verified. */
  claims: Claims | null;
  /** The key that verified the signature. */
  key: VerificationKey | null;
  /** 64 bits that tell this token from others. */
  fingerprintHigh: number;
  fingerprintLow: number;
  /** Number of its identity among `Identities`, -1 where there are no claims. */
  identity: number;
}

export const newJudgement = (): Judgement => ({
  verdict: null,
  reason: null,
  header: null,
  claims: null,
  key: null,
  fingerprintHigh: 0,
  fingerprintLow: 0,
  identity: -1,
});

/** The time at which a token is judged: milliseconds; `time` is the line's own, NaN for none. */
export const clockTime = (policy: Policy, time: number): number =>
  policy.clock === 'now' || Number.isNaN(time) ? policy.now : time;

/** The verdict on one use of a token at `at` (milliseconds). */
export const verdictAt = (judgement: Judgement, at: number, leeway: number): Verdict => {
  if (isRetired(judgement, at)) return 'unknown_key';
  if (judgement.verdict !== null) return judgement.verdict;
  const claims = judgement.claims!;
  const seconds = at / 1000;
  // NaN, the absent claim, is neither above nor below anything.
  if (claims.nbf > seconds + leeway) return 'not_yet_valid';
  if (claims.exp <= seconds - leeway) return 'expired';
  return 'valid';
};

/** The key that verified was not in use at `at`, by its `not_before` and `not_after`. */
export const isRetired = ({ key }: Judgement, at: number): boolean => {
  if (key === null) return false;
  const seconds = at / 1000;
  return (
    (key.notBefore !== null && seconds < key.notBefore) ||
    (key.notAfter !== null && seconds > key.notAfter)
  );
};
