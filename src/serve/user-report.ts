import type { Finding } from '../audit/finding.ts';
import type { AuthEvent } from '../event/event.ts';
import type { Notice } from '../summarize/summary.ts';
import type { UserIdType } from '../verify/identity.ts';
import type { Span, VerdictCounts } from './tally.ts';

/** One token of a user. */
export interface UserToken extends Span {
  readonly token_id: string;
  uses: number;
  readonly verdicts: VerdictCounts;
  readonly alg: string | null;
  readonly key: string | null;
  readonly roles: readonly string[];
  readonly issued_at: string | null;
  readonly expires_at: string | null;
}

/** One address from which a user came. */
export interface UserAddress extends Span {
  readonly ip: string;
  uses: number;
  readonly verdicts: VerdictCounts;
}

/** Roles that tokens of a user had, together. */
export interface UserRoles extends Span {
  readonly roles: readonly string[];
  uses: number;
}

/** What tokens did that only claim to be the user's: anyone can make one. */
export interface Claimed {
  readonly uses: number;
  readonly verdicts: VerdictCounts;
  readonly tokens: readonly UserToken[];
  readonly addresses: readonly UserAddress[];
}

/** A use of a token, or an event without one. */
export type UserEvent = Pick<
  AuthEvent,
  'time' | 'verdict' | 'reason' | 'token_id' | 'ip' | 'method' | 'path' | 'status' | 'event'
>;

/** What happened from `start` on, for one step of the timeline. */
export interface Moment {
  readonly start: string;
  readonly verdicts: VerdictCounts;
}

/** `authlog.user/1`: all that a store tells of one user in a window of time. */
export interface UserReport {
  readonly schema: 'authlog.user/1';
  readonly now: string;
  readonly since: string | null;
  readonly until: string | null;
  readonly user_id: string | number | null;
  readonly user_id_type: UserIdType;
  /** The newest, of tokens that verified. */
  readonly email: string | null;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly events: number;
  /** Uses of tokens that verified. */
  readonly uses: number;
  readonly verdicts: VerdictCounts;
  readonly tokens: readonly UserToken[];
  readonly addresses: readonly UserAddress[];
  readonly roles: readonly UserRoles[];
  readonly claimed: Claimed;
  readonly timeline: { readonly step_s: number; readonly moments: readonly Moment[] };
  readonly latest: readonly UserEvent[];
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
}
