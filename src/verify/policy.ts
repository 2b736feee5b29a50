/** What a token must satisfy beside its signature, and by which clock it is judged. */
export interface Policy {
  /** `use`: at the line's own time; `now`: at `now`, as if the log were read live. */
  readonly clock: 'use' | 'now';
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Seconds of tolerance for `exp` and `nbf` (RFC 7519 section 4.1.4). */
  readonly leeway: number;
  /** Accepted `iss` and `aud` values; null accepts any. */
  readonly issuers: readonly string[] | null;
  readonly audiences: readonly string[] | null;
  /** Claims that may name the user, the first that does wins. */
  readonly userClaims: readonly string[];
  /** Accept `=` padding in segments, as AWS load balancers write it. */
  readonly allowPadding: boolean;
  /** Characters of the longest token that is judged. */
  readonly maxToken: number;
}

export const DEFAULT_USER_CLAIMS: readonly string[] = [
  'user_id',
  'sub',
  'uid',
  'username',
  'preferred_username',
  'email',
  'client_id',
  'azp',
];
