import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { EVENT_SCHEMA, type TokenMembers, type TokenTraits } from '../event/event.ts';
import { isoTime, NO_TOKEN, tokenId, tokenMembers, tokenTraits } from '../event/token.ts';
import type { RecordedEvent } from '../record/event-log.ts';
import { verdictAt, type Judgement } from '../verify/judgement.ts';
import type { TokenVerifier } from '../verify/token-verifier.ts';
import type { Verdict } from '../verify/verdict.ts';
import { readBearer, type CredentialProblem } from './bearer.ts';
import type { Challenges } from './challenge.ts';
import { identityHeaders, type IdentityHeaders } from './identity-headers.ts';
import { recordedAgent, recordedMethod, recordedName, recordedPath } from './recorded.ts';
import type { Revocations } from '../revocation/revocations.ts';
import type { Finding, Rule, RuleProblem, Rules } from './rules.ts';

/** A request as far as a decision needs it. */
export interface GuardRequest {
  /** Every Authorization field of the request, in order: two are none. */
  readonly authorization: readonly string[];
  readonly method: string | null;
  /** The original path; a query is cut off before it is recorded. */
  readonly path: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

/** What to answer, what to tell the application, what to record. */
export interface Decision {
  readonly status: 204 | 401 | 403;
  /** Value of `WWW-Authenticate` (RFC 6750 section 3); null where access is granted or no token would help. */
  readonly challenge: string | null;
  /** X-Auth-* header fields about the user; empty unless granted. Lower-case names. */
  readonly identity: IdentityHeaders;
  readonly event: RecordedEvent;
}

/** Why a request was refused, where the verdict on its token does not say it. */
export type Refusal =
  | CredentialProblem
  | RuleProblem
  | 'revoked'
  | 'insufficient_scope'
  | 'insufficient_role'
  | 'record_failed'
  | RequestFault;

/** What is wrong with the question itself: who asks, or how. */
export type RequestFault =
  | 'ambiguous_path'
  | 'untrusted_peer'
  | 'too_many_headers'
  | 'body_refused'
  | 'no_endpoint';

/** What decisions depend on beside the request. */
export interface Basis {
  readonly verifier: TokenVerifier;
  readonly leeway: number;
  readonly rules: Rules | null;
  readonly revocations: Revocations | null;
  readonly challenges: Challenges;
  /** Tells the events of this guard from those of others. */
  readonly nextEventId: () => string;
}

/** What does not change about a token while the keys do not. */
interface Known {
  readonly tokenId: string;
  readonly traits: TokenTraits;
  headers: IdentityHeaders | null;
  /** What its events say while it is valid. */
  members: TokenMembers | null;
}

interface Ruling {
  readonly status: 204 | 401 | 403;
  readonly challenge: string | null;
  readonly reason: Refusal | null;
}

const NOBODY: IdentityHeaders = {};
const UNRULED: Finding = { rule: null, problem: null };
const GRANTED: Ruling = { status: 204, challenge: null, reason: null };

/** Decides requests: the credentials, the token, the clock, the revocations, the rule; in this order, anew each time. */
export class Decider {
  readonly #basis: Basis;
  /** A judgement is kept by the verifier as long as its token is remembered. */
  readonly #known = new WeakMap<Judgement, Known>();
  #now = Number.NaN;
  #time: string | null = null;

  constructor(basis: Basis) {
    this.#basis = basis;
  }

  /** @param now milliseconds since the epoch */
  decide(request: GuardRequest, now: number): Decision {
    const started = performance.now();
    const { verifier, leeway, rules, challenges } = this.#basis;
    const found = rules === null ? UNRULED : rules.find(request.method, request.path);
    const { token, problem } = readBearer(request.authorization);
    if (problem !== null) {
      const ruling = rulingWithout(problem, found, challenges);
      return this.#decision(request, ruling, NO_TOKEN, null, NOBODY, now, started);
    }
    const judgement = verifier.judge(token);
    const verdict = verdictAt(judgement, now, leeway);
    const known = this.#knownOf(judgement, token);
    const ruling = this.#rulingOn(judgement, verdict, known, found);
    const headers = ruling.status === 204 ? headersOf(known, judgement) : NOBODY;
    const members = membersOf(known, judgement, verdict, now);
    return this.#decision(request, ruling, members, known, headers, now, started);
  }

  /** The refusal of a request that is not looked at any further. */
  refuse(request: GuardRequest, fault: RequestFault, now: number): Decision {
    const started = performance.now();
    return this.#decision(request, forbidden(fault), NO_TOKEN, null, NOBODY, now, started);
  }

  #rulingOn(judgement: Judgement, verdict: Verdict, known: Known, found: Finding): Ruling {
    const { challenges, revocations } = this.#basis;
    if (found.problem === 'ambiguous_path') return forbidden(found.problem);
    if (verdict === 'expired') return unauthorized(challenges.expired, null);
    const { claims } = judgement;
    if (verdict !== 'valid' || claims === null) return unauthorized(challenges.invalidToken, null);
    if (revocations?.has(claims, known.tokenId) === true) {
      return unauthorized(challenges.invalidToken, 'revoked');
    }
    if (found.problem !== null) return forbidden(found.problem);
    return found.rule === null ? GRANTED : rulingBy(found.rule, judgement, challenges);
  }

  #knownOf(judgement: Judgement, token: string): Known {
    let known = this.#known.get(judgement);
    if (known === undefined) {
      const bytes = Buffer.from(token, 'latin1');
      const traits = tokenTraits(judgement, bytes);
      known = { tokenId: tokenId(bytes), traits, headers: null, members: null };
      this.#known.set(judgement, known);
    }
    return known;
  }

  /** Many requests come within one millisecond. */
  #timeOf(now: number): string | null {
    if (now !== this.#now) {
      this.#now = now;
      this.#time = isoTime(now);
    }
    return this.#time;
  }

  #decision(
    request: GuardRequest,
    { status, challenge, reason }: Ruling,
    members: TokenMembers,
    known: Known | null,
    identity: IdentityHeaders,
    now: number,
    started: number,
  ): Decision {
    const event: RecordedEvent = {
      schema: EVENT_SCHEMA,
      event_id: this.#basis.nextEventId(),
      time: this.#timeOf(now),
      file: null,
      line: null,
      offset: null,
      verdict: members.verdict,
      reason: reason ?? members.reason,
      token_id: known?.tokenId ?? null,
      alg: members.alg,
      kid: members.kid,
      key: members.key,
      user_id: members.user_id,
      user_id_type: members.user_id_type,
      email: members.email,
      roles: members.roles,
      iss: members.iss,
      aud: members.aud,
      jti: members.jti,
      iat: members.iat,
      nbf: members.nbf,
      exp: members.exp,
      lifetime_s: members.lifetime_s,
      expired_by_s: members.expired_by_s,
      event: status === 204 ? 'access_allowed' : 'access_denied',
      ip: recordedName(request.ip),
      user_agent: recordedAgent(request.userAgent),
      method: recordedMethod(request.method),
      path: recordedPath(request.path),
      status,
      request_id: recordedName(request.requestId),
      ...known?.traits,
      latency_ms: Math.round((performance.now() - started) * 1000) / 1000,
    };
    return { status, challenge, identity, event };
  }
}

const unauthorized = (challenge: string, reason: Refusal | null): Ruling => ({
  status: 401,
  challenge,
  reason,
});

const forbidden = (reason: Refusal): Ruling => ({ status: 403, challenge: null, reason });

/** No usable credentials. Only where there are none at all does a public rule let the request pass. */
const rulingWithout = (
  problem: CredentialProblem,
  found: Finding,
  challenges: Challenges,
): Ruling => {
  if (found.problem === 'ambiguous_path') return forbidden(found.problem);
  if (problem === 'missing_token') {
    return found.rule?.isPublic === true ? GRANTED : unauthorized(challenges.none, problem);
  }
  const isOther = problem === 'bad_scheme';
  return unauthorized(isOther ? challenges.none : challenges.invalidRequest, problem);
};

const rulingBy = (rule: Rule, { claims }: Judgement, challenges: Challenges): Ruling => {
  const { scopes, identity } = claims!;
  if (!rule.scopes.every((scope) => scopes.includes(scope))) {
    const challenge = challenges.insufficientScope(rule.scopes);
    return { status: 403, challenge, reason: 'insufficient_scope' };
  }
  if (rule.roles.length > 0 && !rule.roles.some((role) => identity.roles.includes(role))) {
    return { status: 403, challenge: challenges.insufficientRole, reason: 'insufficient_role' };
  }
  return GRANTED;
};

const headersOf = (known: Known, { claims }: Judgement): IdentityHeaders =>
  (known.headers ??= identityHeaders(claims!, known.tokenId));

/** Of a valid token nothing changes from one use to the next, unless only the leeway keeps it valid. */
const membersOf = (
  known: Known,
  judgement: Judgement,
  verdict: Verdict,
  now: number,
): TokenMembers => {
  if (verdict !== 'valid' || now / 1000 >= judgement.claims!.exp) {
    return tokenMembers(judgement, verdict, now);
  }
  return (known.members ??= tokenMembers(judgement, verdict, now));
};
