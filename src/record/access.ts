import { EVENT_SCHEMA, type TokenMembers, type TokenTraits } from '../event/event.ts';
import { isoTime, NO_TOKEN, tokenId, tokenMembers, tokenTraits } from '../event/token.ts';
import { maskTokens } from '../source/fields/mask.ts';
import { verdictAt } from '../verify/judgement.ts';
import type { TokenVerifier } from '../verify/token-verifier.ts';
import type { FieldValue, RecordedEvent } from './event-log.ts';

/** One access, or attempt, as the program that saw it tells it; what is absent is not known. */
export interface Access {
  /** The token itself: judged, and not kept. */
  readonly token?: string | null;
  /** What was done, in words. */
  readonly event?: string | null;
  /** Milliseconds since the epoch; default: now. */
  readonly time?: number;
  readonly ip?: string | null;
  readonly userAgent?: string | null;
  readonly method?: string | null;
  /** Recorded without its query string. */
  readonly path?: string | null;
  readonly status?: number | null;
  readonly requestId?: string | null;
  /** Who it was where no token says so, such as at a failed login. */
  readonly userId?: string | number | null;
  readonly email?: string | null;
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

/** The event that an access is at `time` (milliseconds); tokens in its text lose their signatures. */
export const eventOfAccess = (
  access: Access,
  time: number,
  verifier: TokenVerifier,
  leeway: number,
): RecordedEvent => {
  const { userId = null, email = null, fields } = access;
  const status = access.status ?? null;
  const token = bareToken(access.token);
  const known = token === null ? NO_TOKEN : judge(token, time, verifier, leeway);
  const { verdict, reason, ...members } = known;
  const isNamed = members.user_id !== null || userId === null;
  return {
    schema: EVENT_SCHEMA,
    event_id: '',
    time: isoTime(time),
    file: null,
    line: null,
    offset: null,
    verdict,
    reason,
    token_id: token === null ? null : tokenId(Buffer.from(token)),
    ...members,
    ...(!isNamed && {
      user_id: typeof userId === 'string' ? maskTokens(userId) : userId,
      user_id_type: typeof userId === 'number' ? 'number' : 'string',
    }),
    email: members.email ?? masked(email),
    event: masked(access.event),
    ip: masked(access.ip),
    user_agent: masked(access.userAgent),
    method: masked(access.method),
    path: masked(withoutQuery(access.path)),
    status: status === null || Number.isSafeInteger(status) ? status : null,
    request_id: masked(access.requestId),
    ...(fields !== undefined && Object.keys(fields).length > 0 && { fields: maskFields(fields) }),
  };
};

/** The token without `Bearer` and white space around it; null for none. */
export const bareToken = (token: string | null | undefined): string | null => {
  const bare = token?.trim().replace(/^bearer +/i, '') ?? '';
  return bare === '' ? null : bare;
};

const judge = (
  token: string,
  time: number,
  verifier: TokenVerifier,
  leeway: number,
): TokenMembers & TokenTraits => {
  const judgement = verifier.judge(token);
  return {
    ...tokenMembers(judgement, verdictAt(judgement, time, leeway), time),
    ...tokenTraits(judgement, Buffer.from(token)),
  };
};

const masked = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : maskTokens(text);

const withoutQuery = (path: string | null | undefined): string | null =>
  path?.replace(/[?#].*$/s, '') ?? null;

/** Fields whose names and texts hold no usable token. */
export const maskFields = (
  fields: Readonly<Record<string, FieldValue>>,
): Readonly<Record<string, FieldValue>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      maskTokens(name),
      typeof value === 'string' ? maskTokens(value) : value,
    ]),
  );
