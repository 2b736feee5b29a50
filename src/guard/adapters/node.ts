import type { GuardRequest } from '../decide.ts';
import { readFields } from '../fields.ts';
import type { Guard } from '../guard.ts';
import { authOf, type Auth } from './auth.ts';
import { refusalOf } from './refusal.ts';

/** A request as Node's `http`, Express and Connect have it. */
export interface NodeRequest {
  readonly rawHeaders: readonly string[];
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Set by Express and Connect, which take the path they are mounted at off `url`. */
  readonly originalUrl?: string | undefined;
  readonly socket: { readonly remoteAddress?: string | undefined };
  /** Who makes the request; null where a public rule granted it without a token. */
  auth?: Auth | null;
}

export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: string): unknown;
}

export interface MiddlewareOptions<R> {
  /**
   * The client's address, for the record; default: that of the connection. Behind a proxy say whom
   * you believe, as Express does: `(req) => req.ip`.
   */
  readonly ip?: (request: R) => string | null | undefined;
}

export type Middleware<R> = (
  request: R,
  response: NodeResponse,
  next: () => unknown,
) => Promise<void>;

/**
 * Lets granted requests pass, with `req.auth`; answers others by 401 or 403 (RFC 6750 section 3)
 * without `next`. For Node's `http`, Express and Connect. Rejects only with what `next` throws.
 */
export const guardMiddleware =
  <R extends NodeRequest>(guard: Guard, options: MiddlewareOptions<R> = {}): Middleware<R> =>
  async (request, response, next) => {
    const decision = await guard.check(guardRequest(request, options));
    const refusal = refusalOf(decision);
    if (refusal === null) {
      request.auth = authOf(decision);
      next();
      return;
    }
    response.writeHead(refusal.status, { ...refusal.headers });
    response.end(refusal.body);
  };

/** What a guard asks of a Node request. */
export const guardRequest = <R extends NodeRequest>(
  request: R,
  { ip }: MiddlewareOptions<R>,
): GuardRequest => {
  const { authorization, userAgent, requestId } = readFields(request.rawHeaders);
  const address = ip === undefined ? request.socket.remoteAddress : ip(request);
  return {
    authorization,
    method: request.method ?? null,
    path: request.originalUrl ?? request.url ?? null,
    ip: plainAddress(address ?? null),
    userAgent,
    requestId,
  };
};

/** An IPv4 address as it is, also where the socket listens to IPv6 and writes `::ffff:192.0.2.1`. */
const plainAddress = (address: string | null): string | null =>
  address?.startsWith('::ffff:') === true && address.includes('.') ? address.slice(7) : address;
