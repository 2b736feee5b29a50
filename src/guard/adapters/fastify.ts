import type { Guard } from '../guard.ts';
import { authOf, type Auth } from './auth.ts';
import { guardRequest, type NodeRequest } from './node.ts';
import { refusalOf } from './refusal.ts';

/** A request as Fastify has it. */
export interface FastifyRequest {
  readonly raw: NodeRequest;
  readonly originalUrl: string;
  auth?: Auth | null;
}

export interface FastifyReply {
  code(status: number): unknown;
  headers(headers: Record<string, string>): unknown;
  send(body: string): unknown;
}

export interface HookOptions<R> {
  /** The client's address, for the record; default: that of the connection. `(request) => request.ip` heeds `trustProxy`. */
  readonly ip?: (request: R) => string | null | undefined;
}

export type FastifyHook<R> = (request: R, reply: FastifyReply) => Promise<unknown>;

/**
 * An `onRequest` hook: granted requests get `request.auth`, others are answered by 401 or 403
 * (RFC 6750 section 3) before Fastify reads their body. Never rejects.
 */
export const guardFastify =
  <R extends FastifyRequest>(guard: Guard, { ip }: HookOptions<R> = {}): FastifyHook<R> =>
  async (request, reply) => {
    const { rawHeaders, method, socket } = request.raw;
    // The URL as it came: `rewriteUrl` may have changed that of the raw request.
    const asked = { rawHeaders, method, socket, originalUrl: request.originalUrl };
    const options = ip === undefined ? {} : { ip: () => ip(request) };
    const decision = await guard.check(guardRequest(asked, options));
    const refusal = refusalOf(decision);
    if (refusal === null) {
      request.auth = authOf(decision);
      return undefined;
    }
    reply.code(refusal.status);
    reply.headers({ ...refusal.headers });
    return reply.send(refusal.body);
  };
