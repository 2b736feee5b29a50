import { identityOf } from '../event/decode.ts';
import { hashOfText, shortHashOf } from '../event/text-hash.ts';
import type { AuthEvent } from '../event/event.ts';
import { audienceOf, type TokenFacts } from '../event/facts.ts';
import { userKey } from '../verify/identity.ts';
import type { Use } from './use.ts';

/** A recorded or printed event as rules see it. */
export const useOfEvent = (event: AuthEvent, behind = 0): Use => ({
  time: event.time === null ? Number.NaN : Date.parse(event.time),
  verdict: event.verdict,
  reason: event.reason,
  token: event.token_id === null ? null : tokenOfEvent(event, event.token_id),
  ip: event.ip,
  userAgent: event.user_agent,
  method: event.method,
  path: event.path,
  status: event.status ?? 0,
  requestId: event.request_id === null ? null : hashOfText(event.request_id),
  event: event.event,
  user: userKey(identityOf(event)),
  file: event.file,
  line: event.line,
  offset: event.offset,
  behind,
});

const tokenOfEvent = (event: AuthEvent, id: string): TokenFacts => ({
  id,
  hash: shortHashOf(id),
  signatureId: event.signature_id ?? null,
  alg: event.alg,
  kid: event.kid,
  typ: event.typ ?? null,
  headerParams: event.header_params ?? [],
  key: event.key,
  user: userKey(identityOf(event)),
  userId: event.user_id,
  userIdType: event.user_id_type,
  email: event.email,
  roles: event.roles,
  scopes: event.scopes ?? [],
  iss: event.iss,
  aud: audienceOf(event.aud),
  jti: event.jti,
  iat: dateOf(event.iat),
  nbf: dateOf(event.nbf),
  exp: dateOf(event.exp),
});

const dateOf = (date: number | string | null): number =>
  date === null ? Number.NaN : Number(date);
