import type { UserIdType } from '../verify/identity.ts';
import type { Verdict } from '../verify/verdict.ts';

/** The name of the contract, and the first member of every line. */
export const EVENT_SCHEMA = 'authlog.event/1' as const;

/** How every line of an event file begins: what is no log line that somebody else may write. */
export const EVENT_START: string = `{"schema":"${EVENT_SCHEMA}",`;

/** One use of a token, or an attempt without one; `schema/authlog.event-1.json` describes the members. */
export interface AuthEvent {
  readonly schema: typeof EVENT_SCHEMA;
  readonly event_id: string;
  /** RFC 3339 in UTC. */
  readonly time: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly offset: number | null;
  /** Null: there was no token. */
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  readonly token_id: string | null;
  readonly alg: string | null;
  readonly kid: string | null;
  readonly key: string | null;
  readonly user_id: string | number | null;
  readonly user_id_type: UserIdType;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly iss: string | null;
  readonly aud: string | readonly string[] | null;
  readonly jti: string | null;
  /** NumericDate in seconds; text where the number is too large to be exact. */
  readonly iat: number | string | null;
  readonly nbf: number | string | null;
  readonly exp: number | string | null;
  readonly lifetime_s: number | null;
  readonly expired_by_s: number | null;
  readonly event: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly method: string | null;
  readonly path: string | null;
  readonly status: number | null;
  readonly request_id: string | null;
  /** `typ` of the header; this and the next three are left out where there is nothing to tell. */
  readonly typ?: string;
  /** Header parameters that offer keys (`jku`) or demand what is not understood (`crit`). */
  readonly header_params?: readonly string[];
  readonly scopes?: readonly string[];
  /** First 16 base64url characters of the SHA-256 of the signature alone. */
  readonly signature_id?: string;
}

/** What a token says, as far as an event tells it; hearsay unless the verdict is one of a verified token. */
export type TokenMembers = Pick<
  AuthEvent,
  | 'verdict'
  | 'reason'
  | 'alg'
  | 'kid'
  | 'key'
  | 'user_id'
  | 'user_id_type'
  | 'email'
  | 'roles'
  | 'iss'
  | 'aud'
  | 'jti'
  | 'iat'
  | 'nbf'
  | 'exp'
  | 'lifetime_s'
  | 'expired_by_s'
>;

/** Members that are left out where they have nothing to tell. */
export type TokenTraits = Pick<AuthEvent, 'typ' | 'header_params' | 'scopes' | 'signature_id'>;
