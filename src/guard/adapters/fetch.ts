import type { Guard } from '../guard.ts';
import { authOf, type Auth } from './auth.ts';
import { refusalOf } from './refusal.ts';

/** Either who may go on, or the answer to send instead. */
export type Checked =
  | { readonly auth: Auth | null; readonly response: null }
  | { readonly auth: null; readonly response: Response };

export interface CheckOptions {
  /** The client's address, for the record: a `Request` does not tell it. */
  readonly ip?: string | null | undefined;
}

export interface FetchOptions {
  readonly ip?: (request: Request) => string | null | undefined;
}

/** Asks the guard about a Fetch `Request`: for Hono, Next and everything else that has one. Never rejects. */
export const checkRequest = async (
  guard: Guard,
  request: Request,
  options: CheckOptions = {},
): Promise<Checked> => {
  const { headers, method, url } = request;
  const authorization = headers.get('authorization');
  const decision = await guard.check({
    // Headers join two fields by a comma, which no bearer token has: such a request is refused.
    authorization: authorization === null ? [] : [authorization],
    method,
    path: pathOf(url),
    ip: options.ip ?? null,
    userAgent: headers.get('user-agent'),
    requestId: headers.get('x-request-id'),
  });
  const refusal = refusalOf(decision);
  if (refusal === null) return { auth: authOf(decision), response: null };
  const { body, status } = refusal;
  return { auth: null, response: new Response(body, { status, headers: refusal.headers }) };
};

/**
 * A handler that is asked only for granted requests; others are answered by 401 or 403 (RFC 6750
 * section 3). Rejects only with what `handler` throws.
 */
export const guardFetch =
  (
    guard: Guard,
    handler: (request: Request, auth: Auth | null) => Response | Promise<Response>,
    { ip }: FetchOptions = {},
  ): ((request: Request) => Promise<Response>) =>
  async (request) => {
    const { auth, response } = await checkRequest(guard, request, { ip: ip?.(request) });
    return response ?? handler(request, auth);
  };

/** Path and query as they are: a parser would take `..` out before the guard can refuse it. */
const pathOf = (url: string): string | null => {
  const authority = url.indexOf('://');
  const start = authority < 0 ? -1 : url.indexOf('/', authority + 3);
  return start < 0 ? null : url.slice(start);
};
