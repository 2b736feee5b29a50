import { createHash } from 'node:crypto';
import { EVENT_SCHEMA, type AuthEvent } from '../event/event.ts';
import { isoTime, tokenMembers, tokenTraits } from '../event/token.ts';
import type { IssuedToken } from './token.ts';

/** The event that tells of a token's issue, without the token; its id follows from the token's, so recording it twice is one event. */
export const issuedEvent = (issued: IssuedToken): AuthEvent => {
  const { issuedAt, judgement } = issued;
  const { verdict, reason, ...members } = tokenMembers(judgement, issued.verdict, issuedAt);
  return {
    schema: EVENT_SCHEMA,
    event_id: eventId(issued.tokenId),
    time: isoTime(issuedAt),
    file: null,
    line: null,
    offset: null,
    verdict,
    reason,
    token_id: issued.tokenId,
    ...members,
    event: 'token_issued',
    ip: null,
    user_agent: null,
    method: null,
    path: null,
    status: null,
    request_id: null,
    ...tokenTraits(judgement, Buffer.from(issued.token)),
  };
};

const eventId = (id: string): string =>
  createHash('sha256').update(`token_issued\0${id}`).digest('base64url').slice(0, 22);
