import { isIP } from 'node:net';
import type { GuardRequest } from './decide.ts';
import type { Fields } from './fields.ts';
import type { Peers } from './peers.ts';

/** Which request a proxy asks about; `isClear` is false where its fields contradict each other. */
export interface Asked {
  readonly request: GuardRequest;
  readonly isClear: boolean;
}

/**
 * The request that a trusted proxy describes in `X-Original-URI` and `-Method` (nginx) or
 * `X-Forwarded-Uri` and `-Method` (Caddy, Traefik).
 */
export const askedByFields = (fields: Fields, peers: Peers): Asked => {
  const { originalUri, originalMethod, forwardedUri, forwardedMethod } = fields;
  // The method belongs to the path: one of the other family may be the client's own.
  const isOriginal = originalUri !== null;
  const path = isOriginal ? originalUri : forwardedUri;
  const method = isOriginal ? originalMethod : forwardedMethod;
  const isClear =
    !fields.isDoubled && agree(originalUri, forwardedUri) && agree(originalMethod, forwardedMethod);
  return { request: requestOf(fields, method, path, clientIp(fields, peers)), isClear };
};

/** The request that Envoy repeats below a prefix: method and path are those of the question itself. */
export const askedByTarget = (
  fields: Fields,
  peers: Peers,
  method: string | null,
  path: string,
): Asked => ({
  request: requestOf(fields, method, path, clientIp(fields, peers)),
  isClear: true,
});

/** What can be said of a question that nobody trusted asks: nothing that it claims. */
export const askedByStranger = (fields: Fields, address: string | null): GuardRequest =>
  requestOf(fields, null, null, address);

/** Whether a proxy asks about another request, be it by fields that nobody checks. */
export const isAboutAnother = (fields: Fields): boolean =>
  fields.authorization.length > 0 ||
  fields.originalUri !== null ||
  fields.originalMethod !== null ||
  fields.forwardedUri !== null ||
  fields.forwardedMethod !== null ||
  fields.forwardedFor !== null ||
  fields.realIp !== null;

const agree = (one: string | null, other: string | null): boolean =>
  one === null || other === null || one === other;

const requestOf = (
  { authorization, userAgent, requestId }: Fields,
  method: string | null,
  path: string | null,
  ip: string | null,
): GuardRequest => ({ authorization, method, path, ip, userAgent, requestId });

/**
 * The client's address: `X-Real-IP`, or the last of `X-Forwarded-For` that is no trusted proxy.
 * Null where both are there and differ, for one of them may be the client's own.
 */
export const clientIp = ({ realIp, forwardedFor }: Fields, peers: Peers): string | null => {
  const real = realIp === null ? null : addressOf(realIp);
  if (forwardedFor === null) return real;
  const last = lastClient(forwardedFor, peers);
  return realIp === null || real === last ? last : null;
};

const MOST_HOPS = 32;

const lastClient = (list: string, peers: Peers): string | null => {
  let end = list.length;
  let address: string | null = null;
  for (let hop = 0; hop < MOST_HOPS && end > 0; hop++) {
    const comma = list.lastIndexOf(',', end - 1);
    address = addressOf(list.slice(comma + 1, end));
    if (address === null || !peers.trustsAddress(address)) return address;
    end = comma;
  }
  return address;
};

const addressOf = (text: string): string | null => {
  const address = text.length > 64 ? '' : text.trim();
  return isIP(address) === 0 ? null : address;
};
