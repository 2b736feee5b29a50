import type { Decision, Guard } from '../guard/guard.ts';
import { Refusal } from './refusal.ts';
import { Sessions } from './sessions.ts';

/** What is known of a connection beside its request. */
export interface Connection {
  /** The client's address; null over a unix socket. */
  readonly address: string | null;
  /** The path and query as they were sent: a parser takes `..` out. */
  readonly target: string;
}

/** Who looks at the page, by a bearer token or a session; the guard decides, with every request. */
export class Access {
  readonly sessions: Sessions = new Sessions();
  readonly #guard: Guard;
  readonly #now: () => number;
  readonly #cookie: string;

  constructor(guard: Guard, now: () => number, isSecure: boolean) {
    this.#guard = guard;
    this.#now = now;
    // The prefix binds a cookie to https and to this very host.
    this.#cookie = isSecure ? '__Host-authlog' : 'authlog';
  }

  /** The decision on a request; `path` is the page's own, free of what only looks like it. */
  decide(request: Request, path: string, { address }: Connection): Decision {
    const field = request.headers.get('authorization');
    const token = field === null ? this.#tokenOf(request) : null;
    const bearer = token === null ? [] : [`Bearer ${token}`];
    return this.#decide(field === null ? bearer : [field], request, path, address);
  }

  /** The decision on a token that somebody signs in with. */
  decideToken(token: string, request: Request, { address }: Connection): Decision {
    return this.#decide([`Bearer ${token}`], request, '/', address);
  }

  /** The field that gives a browser its session, or takes it away. */
  setCookie(id: string | null): string {
    const secure = this.#cookie.startsWith('__Host-') ? '; Secure' : '';
    const fields = `Path=/; HttpOnly; SameSite=Strict${secure}`;
    return id === null
      ? `${this.#cookie}=; Max-Age=0; ${fields}`
      : `${this.#cookie}=${id}; ${fields}`;
  }

  /** The id of the session that a request names; two are none. */
  sessionOf({ headers }: Request): string | null {
    const prefix = `${this.#cookie}=`;
    const ids = (headers.get('cookie') ?? '')
      .split(';')
      .map((cookie) => cookie.trim())
      .filter((cookie) => cookie.startsWith(prefix));
    return ids.length === 1 ? ids[0]!.slice(prefix.length) : null;
  }

  #tokenOf(request: Request): string | null {
    const id = this.sessionOf(request);
    return id === null ? null : this.sessions.tokenOf(id, this.#now());
  }

  #decide(
    authorization: readonly string[],
    { method, headers }: Request,
    path: string,
    ip: string | null,
  ): Decision {
    return this.#guard.decide({
      authorization,
      // A HEAD request sees no more than a GET request.
      method: method === 'HEAD' ? 'GET' : method,
      path,
      ip,
      userAgent: headers.get('user-agent'),
      requestId: null,
    });
  }
}

/** Why a decision is no access; null where it is. The reason is for logs alone. */
export const refusalOf = ({ status, challenge }: Decision): Refusal | null => {
  if (status === 204) return null;
  const fields = challenge === null ? {} : { 'www-authenticate': challenge };
  return status === 401
    ? new Refusal(401, 'Sign in, or send a bearer token that is accepted here.', fields)
    : new Refusal(403, 'This token is good, but not for this.', fields);
};
