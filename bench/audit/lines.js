// Requests and events as lines: JSON of the application, a combined access log of the proxy, events of the recorder.
import { createHash } from 'node:crypto';
import { shortId } from './keys.js';
import { SECOND } from './story.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (number) => String(number).padStart(2, '0');

const shown = ({ token, isMasked }) =>
  isMasked ? `${token.text.slice(0, token.text.lastIndexOf('.'))}.[REDACTED]` : token.text;

const cutAt = { payload: 90, signature: 12 };

/** A line that a shipper cut off: the rest of it never came. */
const cutLine = (line, { token, cut }) => {
  const start = line.indexOf(token.text);
  const end =
    cut === 'payload' ? start + cutAt.payload : start + token.text.length - cutAt.signature;
  return line.slice(0, end);
};

export const appLine = (request) => {
  const { logged, server, ip, forwarded, agent, method, path, status, id, token, cut } = request;
  const line = JSON.stringify({
    time: new Date(logged).toISOString(),
    level: status < 400 ? 'info' : 'warn',
    msg: status === 401 ? 'request refused' : 'request',
    server: `api-${server + 1}`,
    ip,
    ...(forwarded === undefined ? null : { x_forwarded_for: forwarded }),
    user_agent: agent,
    method,
    path,
    status,
    request_id: id,
    ...(token === null ? null : { authorization: `Bearer ${shown(request)}` }),
  });
  return cut === undefined ? line : cutLine(line, request);
};

/** nginx' combined format and two fields more: the request's id, and the token where it is not in the query. */
export const proxyLine = (request) => {
  const { logged, ip, agent, method, path, status, id, token, isInQuery } = request;
  const at = new Date(logged);
  const date = `${pad(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  const clock = at.toISOString().slice(11, 19);
  const query = isInQuery ? `?access_token=${shown(request)}` : '';
  const header = isInQuery ? '-' : `Bearer ${shown(request)}`;
  return `${ip} - - [${date}:${clock} +0000] "${method} ${path}${query} HTTP/1.1" ${status} ${300 + (token.text.length % 89)} "-" "${agent}" request_id=${id} "${header}"`;
};

const NOTHING = {
  verdict: null,
  reason: null,
  token_id: null,
  alg: null,
  kid: null,
  key: null,
  user_id: null,
  user_id_type: 'none',
  email: null,
  roles: [],
  iss: null,
  aud: null,
  jti: null,
  iat: null,
  nbf: null,
  exp: null,
  lifetime_s: null,
  expired_by_s: null,
};

const tokenMembers = ({ id, header, claims }, time) => {
  const { sub, email, roles, iss, aud, jti, iat, nbf, exp } = claims;
  const overdue = time / SECOND - exp;
  return {
    verdict: 'valid',
    reason: null,
    token_id: id,
    alg: header.alg,
    kid: header.kid,
    key: header.kid,
    user_id: sub,
    user_id_type: 'string',
    email: email ?? null,
    roles: roles ?? [],
    iss: iss ?? null,
    aud: aud ?? null,
    jti: jti ?? null,
    iat: iat ?? null,
    nbf: nbf ?? null,
    exp: exp ?? null,
    lifetime_s: exp === undefined || iat === undefined ? null : exp - iat,
    expired_by_s: overdue >= 0 ? overdue : null,
  };
};

const traitsOf = ({ header, signature }) => ({
  ...(header.typ === undefined || header.typ === 'JWT' ? null : { typ: header.typ }),
  signature_id: shortId(signature),
});

const userMembers = (user) =>
  user === undefined
    ? null
    : { user_id: user.id, user_id_type: 'string', email: user.email ?? null };

/** One line of `authlog.event/1`, as `authlog record` writes it. */
export const eventLine = (event, number) => {
  const { time, token, user, ip, agent, method, path, status, fields } = event;
  return JSON.stringify({
    schema: 'authlog.event/1',
    event_id: shortId(`${event.event} ${time} ${number}`),
    time: new Date(time).toISOString(),
    file: null,
    line: null,
    offset: null,
    ...NOTHING,
    ...(token === undefined ? userMembers(user) : tokenMembers(token, time)),
    event: event.event,
    ip: ip ?? null,
    user_agent: agent ?? null,
    method: method ?? null,
    path: path ?? null,
    status: status ?? null,
    request_id: null,
    ...(token === undefined ? null : traitsOf(token)),
    ...(fields === undefined ? null : { fields }),
  });
};

/** Makes each event a link of a chain, as `authlog record --chain` does. */
export const chainedLines = () => {
  let prev = null;
  return (event, number) => {
    const link = { writer: 'recorder', seq: number + 1, prev };
    const start = `${eventLine(event, number).slice(0, -1)},${JSON.stringify(link).slice(1, -1)}`;
    const hash = createHash('sha256').update(start).digest('base64url');
    prev = hash;
    return `${start},"hash":"${hash}"}`;
  };
};
