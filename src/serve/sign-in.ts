import type { Access, Connection } from './access.ts';
import { Attempts } from './attempts.ts';
import { Refusal } from './refusal.ts';
import { signInPage } from './sign-in-page.ts';

const LONGEST_FORM = 64 * 1024;
/** Pages to which signing in may lead: never another site's. */
const OWN_PAGE = /^\/(?:users\/[^/\\?#\s]{1,2000}|search)?(?:\?[^#\\\s]{0,2000})?$/;

/** Where a person who was asked to sign in wanted to go. */
export const pageAfter = (target: string): string => (OWN_PAGE.test(target) ? target : '/');

/** Takes the form: a token, once, for a cookie that stands for it. */
export class SignIn {
  readonly #access: Access;
  readonly #attempts = new Attempts();
  readonly #now: () => number;

  constructor(access: Access, now: () => number) {
    this.#access = access;
    this.#now = now;
  }

  async open(request: Request, connection: Connection): Promise<Response> {
    refuseForeign(request);
    const address = connection.address ?? '';
    const seconds = this.#attempts.wait(address, this.#now());
    const form = await formOf(request);
    const next = pageAfter(form.get('next') ?? '/');
    if (seconds > 0) {
      return signInPage(429, next, `Too many attempts: try again in ${seconds} s.`, {
        'retry-after': String(seconds),
      });
    }
    const token = (form.get('token') ?? '').trim().replace(/^Bearer\s+/i, '');
    const { status, event } = this.#access.decideToken(token, request, connection);
    if (status === 204) {
      const id = this.#access.sessions.open(token, this.#now());
      return new Response(null, {
        status: 303,
        headers: { location: next, 'set-cookie': this.#access.setCookie(id) },
      });
    }
    this.#attempts.failed(address, this.#now());
    if (status === 403) return signInPage(403, next, 'This token may not look here.', {});
    const isExpired = event.verdict === 'expired';
    const sentence = isExpired ? 'This token has expired.' : 'This token is not accepted here.';
    return signInPage(401, next, sentence, {});
  }

  close(request: Request): Response {
    refuseForeign(request);
    const id = this.#access.sessionOf(request);
    if (id !== null) this.#access.sessions.close(id);
    return new Response(null, {
      status: 303,
      headers: { location: '/', 'set-cookie': this.#access.setCookie(null) },
    });
  }
}

/** Throws a Refusal for a form that another site sent. */
const refuseForeign = ({ headers, url }: Request): void => {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  // Under `no-referrer` browsers send "null" for a form, and say whose it is in the other field.
  const isOwn = site === null ? origin === null || isHere(origin, url) : site === 'same-origin';
  if (!isOwn) throw new Refusal(403, 'This form was sent by another site.');
};

/** A proxy before us may speak https where we don't. */
const isHere = (origin: string, url: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === new URL(url).host;

const formOf = async (request: Request): Promise<URLSearchParams> => {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded(?:;|$)/i.test(type)) {
    throw new Refusal(400, 'Send the form as application/x-www-form-urlencoded.');
  }
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of request.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LONGEST_FORM) throw new Refusal(413, 'The form is too long.');
  }
  return new URLSearchParams(text);
};
