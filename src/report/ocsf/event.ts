import type { AuthEvent } from '../../event/event.ts';
import { endpointOf, metadata, millisecondsOf, SEVERITY, userOf } from './base.ts';
import { told } from '../told.ts';
import { isVouched, outcomeOf, severityOf } from '../outcome.ts';

const CLASS = 6003;
const METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
]);
/** `type_id` of a `token`: API Token. A bearer token is one, whoever issued it. */
const API_TOKEN = 7;
const EMAIL = /^[\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+$/;

/**
 * An event as API Activity (OCSF class 6003) with the profile `security_control`.
 * `now`, milliseconds, stands in for a time that nobody knows: such a token was judged by it.
 */
export const ocsfEvent = (event: AuthEvent, now: number): object => {
  const activity = activityOf(event.method);
  const { status, disposition, action } = outcomeOf(event);
  return {
    activity_id: activity,
    category_uid: 6,
    class_uid: CLASS,
    type_uid: CLASS * 100 + activity,
    severity_id: SEVERITY[severityOf(event)],
    time: millisecondsOf(event.time) ?? now,
    message: messageOf(event),
    metadata: told({
      ...metadata(null, ['security_control']),
      uid: event.event_id,
      event_code: event.verdict,
      log_name: event.file,
      original_time: event.time,
    }),
    status_id: status,
    ...told({
      status_code: event.status === null ? null : String(event.status),
      status_detail: event.reason ?? event.verdict,
    }),
    action_id: action,
    disposition_id: disposition,
    actor: actorOf(event),
    api: apiOf(event),
    src_endpoint: endpointOf(event.ip),
    ...told({ http_request: requestOf(event), http_response: responseOf(event) }),
    unmapped: told(unmappedOf(event)),
  };
};

/** Create, Read, Update, Delete; 0 where no method is known, 99 for any other. */
const activityOf = (method: string | null): number => {
  switch (method?.toUpperCase()) {
    case undefined:
      return 0;
    case 'POST':
      return 1;
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
      return 2;
    case 'PUT':
    case 'PATCH':
      return 3;
    case 'DELETE':
      return 4;
    default:
      return 99;
  }
};

const messageOf = ({ verdict, event }: AuthEvent): string => {
  const token = verdict === null ? 'no token' : `token ${verdict}`;
  return event === null ? token : `${event} (${token})`;
};

const actorOf = (event: AuthEvent): object => {
  const user = isVouched(event) ? userOf(event.user_id) : null;
  if (user === null) return { app_name: 'unknown' };
  const { email, roles, iss } = event;
  return told({
    user: told({
      ...user,
      email_addr: email !== null && EMAIL.test(email) ? email : null,
      groups: roles.map((name) => ({ name })),
    }),
    idp: iss === null ? null : { name: iss },
  });
};

const apiOf = (event: AuthEvent): object => {
  const { method, path, status, request_id: request } = event;
  const word = event.event ?? 'unknown';
  return told({
    operation: method === null ? word : `${method} ${path ?? ''}`.trimEnd(),
    request: request === null ? null : { uid: request },
    response: status === null ? null : { code: status },
    token: tokenOf(event),
  });
};

const tokenOf = ({ token_id: uid, iat, exp }: AuthEvent): object | null =>
  uid === null
    ? null
    : told({
        uid,
        type_id: API_TOKEN,
        created_time: dateOf(iat),
        expiration_time: dateOf(exp),
      });

/** NumericDate to milliseconds, where that is exact. */
const dateOf = (date: number | string | null): number | null => {
  const at = typeof date === 'number' ? Math.round(date * 1000) : Number.NaN;
  return Number.isSafeInteger(at) ? at : null;
};

const requestOf = ({ method, path, user_agent, request_id }: AuthEvent): object | null => {
  const verb = method?.toUpperCase() ?? '';
  const query = path?.indexOf('?') ?? -1;
  const url =
    path === null
      ? null
      : query < 0
        ? { path }
        : { path: path.slice(0, query), query_string: path.slice(query + 1) };
  const request = told({
    http_method: METHODS.has(verb) ? verb : null,
    url,
    user_agent,
    uid: request_id,
  });
  return Object.keys(request).length === 0 ? null : request;
};

const responseOf = ({ status }: AuthEvent): object | null =>
  status === null ? null : { code: status };

/** What OCSF has no place for, under its own name; what an unverified token claims is called so. */
const unmappedOf = (event: AuthEvent): Readonly<Record<string, unknown>> => {
  const vouched = isVouched(event);
  return {
    verdict: event.verdict,
    reason: event.reason,
    file: event.file,
    line: event.line,
    offset: event.offset,
    event: event.event,
    method: event.method,
    alg: event.alg,
    kid: event.kid,
    key: event.key,
    user_id_type: event.user_id_type,
    email: vouched ? event.email : null,
    claimed_user_id: vouched ? null : event.user_id,
    claimed_email: vouched ? null : event.email,
    claimed_roles: vouched ? null : event.roles,
    iss: event.iss,
    aud: event.aud,
    jti: event.jti,
    iat: event.iat,
    nbf: event.nbf,
    exp: event.exp,
    lifetime_s: event.lifetime_s,
    expired_by_s: event.expired_by_s,
    typ: event.typ,
    header_params: event.header_params,
    scopes: event.scopes,
    signature_id: event.signature_id,
  };
};
