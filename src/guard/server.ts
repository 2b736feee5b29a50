import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { performance } from 'node:perf_hooks';
import { answer, answerText } from './answer.ts';
import type { Decision, RequestFault } from './decide.ts';
import { readFields, type Fields } from './fields.ts';
import { askedByFields, askedByStranger, askedByTarget, isAboutAnother } from './forwarded.ts';
import type { ServedGuard } from './guard.ts';
import type { Health } from './health.ts';
import type { Peers } from './peers.ts';

export interface ServerOptions {
  readonly guard: ServedGuard;
  readonly peers: Peers;
  /** It listens on a unix socket: the permissions of that say who may connect, and all who do are trusted. */
  readonly isUnix: boolean;
  readonly health: Health;
  /** Below it Envoy repeats the request: `/envoy`; null for none. */
  readonly envoyPrefix: string | null;
  readonly maxConnections: number;
  /** Sent where a header is too large to be read. */
  readonly challenge: string;
  /** Told of each decision and how long it and its record took, in seconds. */
  readonly onDecision: ((decision: Decision, seconds: number) => void) | null;
}

const ENDPOINT = '/verify';
/** More fields are refused; the parser keeps some more, so that it drops none unseen. */
const MOST_FIELDS = 100;

/** The server of the decision endpoint, `/healthz` and `/readyz`; it does not listen yet. */
export const createGuardServer = (options: ServerOptions): Server => {
  const server = createServer(
    {
      // Above what proxies let pass: a field too long for the guard is then refused by the guard.
      maxHeaderSize: 64 * 1024,
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      // Longer than a proxy keeps its connections (nginx: 60 s): the one who asks shall end them.
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: 1_000,
      noDelay: true,
      insecureHTTPParser: false,
    },
    (request, response) => handle(options, request, response),
  );
  server.maxHeadersCount = MOST_FIELDS + 28;
  server.maxConnections = options.maxConnections;
  server.maxRequestsPerSocket = 100_000;
  server.timeout = 20_000;
  for (const event of ['checkContinue', 'checkExpectation']) {
    server.on(event, (request: IncomingMessage, response: ServerResponse) => {
      handle(options, request, response);
    });
  }
  server.on('connect', (_request, socket: Duplex) => end(socket, '403 Forbidden', ''));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const { challenge } = options;
    if (error.code === 'HPE_HEADER_OVERFLOW') {
      end(socket, '401 Unauthorized', `WWW-Authenticate: ${challenge}\r\n`);
    } else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
      end(socket, '408 Request Timeout', '');
    } else end(socket, '400 Bad Request', '');
  });
  return server;
};

const end = (socket: Duplex, status: string, fields: string): void => {
  socket.on('error', () => undefined);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 ${status}\r\n${fields}Connection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    // Not half-closed for long: what the peer still sends is nobody's.
    socket.destroy(),
  );
};

const handle = (
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void => {
  const started = performance.now();
  const { rawHeaders } = request;
  const fields = readFields(rawHeaders);
  const isCrowded = rawHeaders.length > 2 * MOST_FIELDS;
  const isLast = isCrowded || fields.hasBody || fields.hasUpgrade || options.health.isDraining;
  if (!isCrowded && !fields.hasBody && answerProbe(options, request, response, fields)) return;
  decision(options, request, fields, isCrowded)
    .then((decided) => {
      answer(response, decided, isLast);
      options.onDecision?.(decided, (performance.now() - started) / 1000);
    })
    // Nothing here is meant to throw: no answer is a refusal too.
    .catch(() => request.socket.destroy());
};

const decision = (
  { guard, peers, isUnix, envoyPrefix }: ServerOptions,
  request: IncomingMessage,
  fields: Fields,
  isCrowded: boolean,
): Promise<Decision> => {
  const address = request.socket.remoteAddress ?? null;
  const refuse = (fault: RequestFault): Promise<Decision> =>
    guard.refuse(askedByStranger(fields, address), fault);
  if (!isUnix && !peers.trusts(request.socket)) return refuse('untrusted_peer');
  if (isCrowded) return refuse('too_many_headers');
  if (fields.hasBody) return refuse('body_refused');
  const target = request.url ?? '';
  if (isBelow(target, ENDPOINT)) {
    const asked = askedByFields(fields, peers);
    if (!asked.isClear) return guard.refuse(asked.request, 'ambiguous_path');
    return guard.check(asked.request);
  }
  if (envoyPrefix !== null && target.startsWith(`${envoyPrefix}/`)) {
    const path = target.slice(envoyPrefix.length);
    return guard.check(askedByTarget(fields, peers, request.method ?? null, path).request);
  }
  return refuse('no_endpoint');
};

const isBelow = (target: string, endpoint: string): boolean => {
  if (!target.startsWith(endpoint)) return false;
  const next = target.charCodeAt(endpoint.length);
  return Number.isNaN(next) || next === 0x2f || next === 0x3f;
};

/** Probes come without a request to decide on: else a proxy that passes paths on would grant these two. */
const answerProbe = (
  { health }: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  fields: Fields,
): boolean => {
  const { url, method } = request;
  if (url !== '/healthz' && url !== '/readyz') return false;
  if ((method !== 'GET' && method !== 'HEAD') || isAboutAnother(fields)) return false;
  if (url === '/healthz') answerText(response, 200, 'ok');
  else {
    const { isReady, text } = health.readiness(Date.now());
    answerText(response, isReady ? 200 : 503, text);
  }
  return true;
};
