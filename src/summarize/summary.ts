import type { Incomplete } from '../source/input.ts';
import type { UserIdType } from '../verify/identity.ts';
import type { Verdict } from '../verify/verdict.ts';

/** The object that `authlog analyze --json` prints; `schema/authlog.summary-1.json` describes it. */
export interface Summary {
  readonly schema: 'authlog.summary/1';
  /** RFC 3339, UTC. */
  readonly now: string;
  readonly clock: 'use' | 'now';
  readonly tz: string;
  readonly verification: Verification;
  readonly inputs: readonly InputSummary[];
  readonly totals: Totals;
  readonly users: readonly UserSummary[];
  readonly unverified_users: readonly UnverifiedUser[];
  readonly expiry: readonly ExpiryBucket[];
  readonly expiry_dates: readonly ExpiryDate[];
  /** Findings of `authlog audit` by level; null where the rules did not run. */
  readonly findings: Readonly<Record<string, number>> | null;
  readonly notices: readonly Notice[];
  readonly incomplete: readonly Incomplete[] | null;
}

export interface Verification {
  readonly mode: 'verified' | 'none';
  /** Whose verdicts these are: of keys that were given, of the recorder of an event file, of both; null for `none`. */
  readonly verified_by: 'key' | 'recorder' | 'both' | null;
  readonly keys: readonly KeySummary[];
}

export interface KeySummary {
  readonly id: string;
  readonly kty: string;
  readonly algs: readonly string[];
  /** Token occurrences that this key verified. */
  readonly tokens: number;
}

export interface InputSummary {
  readonly path: string;
  /** Bytes of the decoded stream. */
  readonly bytes: number;
  readonly lines: number;
}

export interface Totals {
  readonly lines: number;
  readonly lines_with_token: number;
  readonly lines_without_token: number;
  readonly lines_skipped: number;
  readonly tokens: number;
  readonly distinct_tokens: number;
  /** Every verdict is present, also with 0. */
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

export interface UserSummary {
  readonly user_id: string | number | null;
  readonly user_id_type: UserIdType;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly tokens: number;
  readonly distinct_tokens: number;
  /** Only verdicts that occurred. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  /** Null for a token that never expires, and for a moment past the year 9999. */
  readonly latest_expiry: string | null;
  readonly expiry_state: 'active' | 'expired' | 'never';
}

/** All users together; a summary may list only the first of them. */
export interface People {
  readonly count: number;
  /** RFC 3339; null where no time is known. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}

export interface UnverifiedUser {
  readonly user_id: string | number | null;
  readonly user_id_type: UserIdType;
  readonly tokens: number;
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
}

export const EXPIRY_BUCKETS = [
  'expired',
  'within_1h',
  'within_24h',
  'within_7d',
  'within_30d',
  'later',
  'never',
] as const;

export type ExpiryBucketName = (typeof EXPIRY_BUCKETS)[number];

/** All seven buckets are always present. */
export interface ExpiryBucket {
  readonly bucket: ExpiryBucketName;
  readonly tokens: number;
  readonly distinct_tokens: number;
  readonly users: number;
  readonly earliest: string | null;
  readonly latest: string | null;
}

export interface ExpiryDate {
  /** Calendar day in `tz`. */
  readonly date: string;
  readonly tokens: number;
  readonly distinct_tokens: number;
  readonly users: number;
}

export interface Notice {
  readonly code: string;
  readonly message: string;
  readonly count: number;
}
