import { TimeFlag, type LineFacts } from '../source/fields/fields.ts';
import type { Judgement } from '../verify/judgement.ts';
import type { Policy } from '../verify/policy.ts';
import { VERIFIED, type Verdict } from '../verify/verdict.ts';
import type { BlockNotice } from './judged.ts';

/** As seconds from the year 5138 on, as milliseconds the years 1973 to 5138. */
const LEAST_MILLISECONDS = 1e11;
const MOST_MILLISECONDS = 1e14;

/** Counts what lines and tokens give rise to remark. */
export class Notices {
  readonly #policy: Policy;
  #counts = new Map<string, number>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  add(code: string, count = 1): void {
    if (count > 0) this.#counts.set(code, (this.#counts.get(code) ?? 0) + count);
  }

  addLine({ time, timeFlags }: LineFacts): void {
    if ((timeFlags & TimeFlag.bad) !== 0) this.add('bad_timestamp');
    if ((timeFlags & TimeFlag.gap) !== 0) this.add('time_in_dst_gap');
    if ((timeFlags & TimeFlag.fold) !== 0) this.add('time_in_dst_fold');
    if (Number.isNaN(time) && this.#policy.clock === 'use') this.add('no_line_time');
  }

  addToken({ claims, header, key }: Judgement, verdict: Verdict, status: number): void {
    if (header !== null && header.offersKey) this.add('header_offers_key');
    if (claims !== null) {
      if (claims.duplicate) this.add('duplicate_claim');
      this.#addExpiry(claims.exp, key !== null, 1);
    }
    if (isSuccess(status) && REFUSED.has(verdict)) this.add('accepted_anyway');
  }

  /** The same of recorded uses of one token, some of them answered with 2xx. */
  addUses(
    verdict: Verdict,
    expiry: number,
    hasClaims: boolean,
    uses: number,
    accepted: number,
  ): void {
    if (hasClaims) this.#addExpiry(expiry, VERIFIED.has(verdict), uses);
    if (REFUSED.has(verdict)) this.add('accepted_anyway', accepted);
  }

  #addExpiry(expiry: number, verified: boolean, uses: number): void {
    if (expiry > LEAST_MILLISECONDS && expiry < MOST_MILLISECONDS) {
      this.add('exp_looks_like_ms', uses);
    }
    if (Number.isNaN(expiry) && verified) this.add('no_expiry', uses);
  }

  /** The counts since the last call. */
  take(): readonly BlockNotice[] {
    const counts = this.#counts;
    this.#counts = new Map();
    return Array.from(counts, ([code, count]) => ({ code, count }));
  }
}

/** HTTP 2xx. */
export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Verdicts on which a server ought to refuse. */
const REFUSED: ReadonlySet<Verdict> = new Set<Verdict>([
  'expired',
  'not_yet_valid',
  'bad_signature',
  'alg_none',
  'alg_not_allowed',
  'unknown_key',
  'wrong_issuer',
  'wrong_audience',
  'malformed',
]);
