import type { TokenFacts } from '../event/facts.ts';
import { VERIFIED, type Verdict } from '../verify/verdict.ts';

/** One use of a token, or an event without one, as rules see it. */
export interface Use {
  /** Milliseconds since the epoch, NaN where nobody knows. */
  readonly time: number;
  /** Null: there was no token. */
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  readonly token: TokenFacts | null;
  /** The client's address; null where unknown, and where it is a trusted proxy's. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly method: string | null;
  readonly path: string | null;
  /** HTTP status, 0 for none. */
  readonly status: number;
  /** Hash of the request's id: equal for equal ones. */
  readonly requestId: number | null;
  /** A recorder's word (`token_issued`, `login_failed`), else text of the log. */
  readonly event: string | null;
  /** Whom an event without token is about (`userKey`), `none` where it names nobody. */
  readonly user: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly offset: number | null;
  /** Milliseconds that the line is older than the newest line before it in its file. */
  readonly behind: number;
}

/** What a finding tells of a use: all that rules need to keep of one. */
export type Proof = Pick<
  Use,
  'time' | 'verdict' | 'token' | 'ip' | 'user' | 'file' | 'line' | 'offset'
>;

/** A use of which nothing is known: what rules start from that tell of a place, not of an event. */
export const UNKNOWN_USE: Use = {
  time: Number.NaN,
  verdict: null,
  reason: null,
  token: null,
  ip: null,
  userAgent: null,
  method: null,
  path: null,
  status: 0,
  requestId: null,
  event: null,
  user: 'none',
  file: null,
  line: null,
  offset: null,
  behind: 0,
};

/** A use of a token, whose verdict is known. */
export interface TokenUse extends Use {
  readonly verdict: Verdict;
  readonly token: TokenFacts;
}

/** Whether the use is one of a token. */
export const isTokenUse = (use: Use): use is TokenUse => use.token !== null;

/** HTTP 2xx, or a recorder's word that access was allowed. */
export const isAccepted = ({ status, event }: Use): boolean =>
  (status >= 200 && status < 300) || (status === 0 && event === 'access_allowed');

/** The signature verified, so that the token's claims are facts. */
export const isVerified = ({ verdict }: Pick<Use, 'verdict'>): boolean =>
  // What mostly is so is soonest said.
  verdict === 'valid' || (verdict !== null && VERIFIED.has(verdict));
