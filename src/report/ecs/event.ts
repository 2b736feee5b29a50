import type { AuthEvent } from '../../event/event.ts';
import { told } from '../told.ts';
import { isRecorderWord, isVouched, outcomeOf } from '../outcome.ts';
import { ECS_VERSION, relatedOf, sourceOf } from './base.ts';

const OUTCOMES = ['unknown', 'success', 'failure'] as const;

/**
 * An event in the names of the Elastic Common Schema; what it has no name for is under `authlog`.
 * `now`, RFC 3339, stands in for a time that nobody knows: such a token was judged by it.
 */
export const ecsEvent = (event: AuthEvent, now: string): object => {
  const vouched = isVouched(event);
  const id = vouched ? event.user_id : null;
  return told({
    '@timestamp': event.time ?? now,
    ecs: { version: ECS_VERSION },
    message: event.event,
    event: told({
      kind: 'event',
      category: ['authentication'],
      type: [typeOf(event.event)],
      module: 'authlog',
      dataset: 'authlog.event',
      id: event.event_id,
      action: isRecorderWord(event.event) ? event.event : 'token_used',
      code: event.verdict,
      outcome: OUTCOMES[outcomeOf(event).status],
      reason: event.reason ?? event.verdict,
    }),
    user: vouched ? userOf(event) : null,
    source: sourceOf(event.ip),
    related: relatedOf(event.ip, [id]),
    user_agent: event.user_agent === null ? null : { original: event.user_agent },
    http: httpOf(event),
    url: urlOf(event.path),
    log: event.file === null ? null : { file: { path: event.file } },
    authlog: told(ownMembers(event, vouched)),
  });
};

/** What an authentication may be: its start, its end, or news of it. */
const typeOf = (event: string | null): 'start' | 'end' | 'info' => {
  if (event === 'login_succeeded' || event === 'login_failed' || event === 'token_issued') {
    return 'start';
  }
  return event === 'token_revoked' ? 'end' : 'info';
};

const userOf = ({ user_id: id, email, roles }: AuthEvent): object | null => {
  const user = told({ id: id === null || id === '' ? null : String(id), email, roles });
  return Object.keys(user).length === 0 ? null : user;
};

const httpOf = ({ method, status, request_id: id }: AuthEvent): object | null => {
  const request = told({ method, id });
  const http = told({
    request: Object.keys(request).length === 0 ? null : request,
    response: status === null ? null : { status_code: status },
  });
  return Object.keys(http).length === 0 ? null : http;
};

const urlOf = (path: string | null): object | null => {
  if (path === null) return null;
  const query = path.indexOf('?');
  if (query < 0) return { original: path, path };
  return { original: path, path: path.slice(0, query), query: path.slice(query + 1) };
};

/** Each member has one type, so that one mapping takes all events: ids are text, odd dates are apart. */
const ownMembers = (event: AuthEvent, vouched: boolean): Readonly<Record<string, unknown>> => {
  const { user_id: id, email, roles } = event;
  const claimed = vouched ? {} : told({ user_id: id === null ? null : String(id), email, roles });
  return {
    verdict: event.verdict,
    reason: event.reason,
    token_id: event.token_id,
    line: event.line,
    offset: event.offset,
    alg: event.alg,
    kid: event.kid,
    key: event.key,
    user_id_type: event.user_id_type,
    claimed: Object.keys(claimed).length === 0 ? null : claimed,
    iss: event.iss,
    aud: typeof event.aud === 'string' ? [event.aud] : event.aud,
    jti: event.jti,
    ...datesOf(event),
    lifetime_s: event.lifetime_s,
    expired_by_s: event.expired_by_s,
    typ: event.typ,
    header_params: event.header_params,
    scopes: event.scopes,
    signature_id: event.signature_id,
  };
};

const datesOf = (event: AuthEvent): Readonly<Record<string, number | string>> => {
  const dates: Record<string, number | string> = {};
  for (const name of ['iat', 'nbf', 'exp'] as const) {
    const date = event[name];
    if (date !== null) dates[typeof date === 'number' ? name : `${name}_text`] = date;
  }
  return dates;
};
