import { randomBytes } from 'node:crypto';
import type { KeyRing } from '../keys/key.ts';
import type { EventLog, RecordedEvent } from '../record/event-log.ts';
import { DEFAULT_USER_CLAIMS } from '../verify/policy.ts';
import { TokenVerifier } from '../verify/token-verifier.ts';
import { createChallenges } from './challenge.ts';
import {
  Decider,
  type Decision,
  type GuardRequest,
  type Refusal,
  type RequestFault,
} from './decide.ts';
import type { Revocations } from '../revocation/revocations.ts';
import type { Rules } from './rules.ts';

export type { Decision, GuardRequest } from './decide.ts';

/** What may change while a guard works. */
export interface GuardSettings {
  readonly ring: KeyRing;
  /** `createRules`, `parseRules`; null or absent: any valid token is enough everywhere. */
  readonly rules?: Rules | null;
  /** `parseRevocations`; null or absent: none. */
  readonly revocations?: Revocations | null;
}

export interface GuardOptions extends GuardSettings {
  /** Accepted `iss` and `aud` values; null or absent accepts any. */
  readonly issuers?: readonly string[] | null;
  readonly audiences?: readonly string[] | null;
  /** Seconds of tolerance for `exp` and `nbf`; default 0. */
  readonly leeway?: number;
  /** Claims that may name the user, the first that does wins. */
  readonly userClaims?: readonly string[];
  /** Characters of the longest token that is judged; default 16,384. */
  readonly maxToken?: number;
  /** Where decisions are recorded; null: nowhere. */
  readonly log: EventLog | null;
  /** What becomes of a granted request that can't be recorded; default `deny`. */
  readonly onRecordFail?: 'deny' | 'allow';
  /** Told of each event that could not be recorded. */
  readonly onRecordError?: (error: unknown) => void;
  /** RFC 6750 section 3; default `authlog`. */
  readonly realm?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface Guard {
  /** The decision alone: no I/O, no framework. Never throws. */
  decide(request: GuardRequest): Decision;
  /** Decides, then records; a granted request that can't be recorded is refused with 403 unless told otherwise. Never rejects. */
  check(request: GuardRequest): Promise<Decision>;
  /** Takes new keys, rules and revocations; what was remembered of tokens is forgotten. */
  update(settings: GuardSettings): void;
}

/** A guard as its own server uses it. */
export interface ServedGuard extends Guard {
  /** Refuses with 403 and records it. Never rejects. */
  refuse(request: GuardRequest, fault: RequestFault): Promise<Decision>;
}

export const DEFAULT_MAX_TOKEN = 16_384;

/** A guard that judges bearer tokens by `options`. Throws USAGE for a realm that can't be quoted. */
export const createGuard = (options: GuardOptions): Guard => createServedGuard(options);

/** `createGuard` for the server. */
export const createServedGuard = (options: GuardOptions): ServedGuard => {
  const { log, onRecordError } = options;
  const now = options.now ?? Date.now;
  const isStrict = options.onRecordFail !== 'allow';
  const create = deciderMaker(options);
  let decider = create(options);
  const record = async (decision: Decision): Promise<Decision> => {
    if (log === null) return decision;
    try {
      await log.append(decision.event);
      return decision;
    } catch (error) {
      onRecordError?.(error);
      return isStrict && decision.status === 204 ? unrecorded(decision.event) : decision;
    }
  };
  return {
    decide: (request) => decider.decide(request, now()),
    check: async (request) => record(decider.decide(request, now())),
    refuse: async (request, fault) => record(decider.refuse(request, fault, now())),
    update: (settings) => {
      decider = create(settings);
    },
  };
};

const deciderMaker = (options: GuardOptions): ((settings: GuardSettings) => Decider) => {
  const challenges = createChallenges(options.realm ?? 'authlog');
  const leeway = options.leeway ?? 0;
  const policy = {
    clock: 'now' as const,
    now: 0,
    leeway,
    issuers: options.issuers ?? null,
    audiences: options.audiences ?? null,
    userClaims: options.userClaims ?? DEFAULT_USER_CLAIMS,
    // Padding would give one token many spellings, and each an id that no revocation names.
    allowPadding: false,
    maxToken: options.maxToken ?? DEFAULT_MAX_TOKEN,
  };
  const nextEventId = eventIds();
  return ({ ring, rules = null, revocations = null }) =>
    new Decider({
      verifier: new TokenVerifier(ring, policy),
      leeway,
      rules,
      revocations,
      challenges,
      nextEventId,
    });
};

const eventIds = (): (() => string) => {
  const prefix = `g-${randomBytes(9).toString('base64url')}-`;
  let count = 0;
  return () => prefix + (count++).toString(36);
};

const unrecorded = (event: RecordedEvent): Decision => {
  const reason: Refusal = 'record_failed';
  return {
    status: 403,
    challenge: null,
    identity: {},
    event: { ...event, status: 403, event: 'access_denied', reason },
  };
};
