import type { AuthEvent } from '../event/event.ts';
import { VERIFIED, type Verdict } from '../verify/verdict.ts';
import type { Level } from '../audit/level.ts';

/** How OCSF words what became of a request; ids of its dictionary. */
export interface Outcome {
  /** 0 Unknown, 1 Success, 2 Failure. */
  readonly status: 0 | 1 | 2;
  /** 1 Allowed, 2 Denied, 3 Observed. */
  readonly action: 1 | 2 | 3;
  /** 1 Allowed, 2 Blocked, 17 Logged. */
  readonly disposition: 1 | 2 | 17;
}

const ALLOWED: Outcome = { status: 1, action: 1, disposition: 1 };
const DENIED: Outcome = { status: 2, action: 2, disposition: 2 };
const DONE: Outcome = { status: 1, action: 3, disposition: 17 };
const FAILED: Outcome = { status: 2, action: 3, disposition: 17 };
const UNKNOWN: Outcome = { status: 0, action: 3, disposition: 17 };

/** Words of recorders. */
const WORDS: ReadonlyMap<string | null, Outcome> = new Map([
  ['access_allowed', ALLOWED],
  ['access_denied', DENIED],
  ['login_succeeded', DONE],
  ['login_failed', FAILED],
  ['token_issued', DONE],
  ['token_refreshed', DONE],
  ['token_revoked', DONE],
]);

/** By the answer's status, else by the recorder's word; only 2xx, 401 and 403 tell of a decision. */
export const outcomeOf = ({ status, event }: AuthEvent): Outcome => {
  if (status === null || status === 0) return WORDS.get(event) ?? UNKNOWN;
  if (status === 401 || status === 403) return DENIED;
  if (status >= 400) return FAILED;
  return status >= 200 && status < 300 ? ALLOWED : UNKNOWN;
};

/** Whom the signature, or a recorder without a token, vouches for; else an identity is a claim. */
export const isVouched = ({ verdict }: AuthEvent): boolean =>
  verdict === null || VERIFIED.has(verdict);

/** Whether the event is a recorder's word, not text of a log. */
export const isRecorderWord = (event: string | null): event is string => WORDS.has(event);

/** Verdicts that no honest client comes by: somebody made or changed the token, or it is not for us. */
export const SUSPECT: ReadonlySet<Verdict> = new Set<Verdict>([
  'bad_signature',
  'alg_none',
  'alg_not_allowed',
  'unknown_key',
  'wrong_issuer',
  'wrong_audience',
]);

/** High: accepted with a verdict that should have been refused. */
export const severityOf = (event: AuthEvent): Level => {
  if (event.verdict === null || !SUSPECT.has(event.verdict)) return 'info';
  return outcomeOf(event).action === 1 ? 'high' : 'low';
};
