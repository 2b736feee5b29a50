import { createHmac } from 'node:crypto';
import type { UserIdType } from '../verify/identity.ts';
import type { AuthEvent } from './event.ts';

/** Keyed pseudonyms: the same for the same value wherever the same key is used, and no way back without it. */
export interface Pseudonyms {
  /** `u-…`; the number 1 and the text "1" get different ones. An empty id stays empty. */
  readonly user: (id: string | number, type: UserIdType) => string;
  /** `e-…` */
  readonly email: (address: string) => string;
  /** `ip-…` */
  readonly ip: (address: string) => string;
}

type Kind = 'user' | 'number' | 'email' | 'ip';

const PREFIXES: Readonly<Record<Kind, string>> = { user: 'u', number: 'u', email: 'e', ip: 'ip' };
/** 132 bits: no two values of a log meet. */
const LENGTH = 22;
const MOST_KNOWN = 1 << 16;
/** A longer value is not worth the memory of remembering it. */
const LONGEST_KNOWN = 256;

/** Pseudonyms by HMAC-SHA-256 (RFC 2104), each kind of value in a domain of its own. */
export const createPseudonyms = (key: Uint8Array): Pseudonyms => {
  const known = new Map<string, string>();
  const pseudonym = (kind: Kind, value: string): string => {
    if (value === '') return '';
    // As JSON, because UTF-8 would make all unpaired code units the same.
    const name = `authlog ${kind}\0${JSON.stringify(value)}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    const hash = createHmac('sha256', key).update(name).digest('base64url').slice(0, LENGTH);
    const made = `${PREFIXES[kind]}-${hash}`;
    if (known.size >= MOST_KNOWN) known.clear();
    if (name.length <= LONGEST_KNOWN) known.set(name, made);
    return made;
  };
  return {
    user: (id, type) => {
      const isNumber = typeof id === 'number' || type === 'number';
      return pseudonym(isNumber ? 'number' : 'user', String(id));
    },
    email: (address) => pseudonym('email', address),
    ip: (address) => pseudonym('ip', address),
  };
};

/** Words of ours and numbers that mean themselves: nobody's name, whatever they look like. */
const KEPT: ReadonlySet<string> = new Set([
  'schema',
  'time',
  'line',
  'offset',
  'verdict',
  'reason',
  'token_id',
  'signature_id',
  'key',
  'user_id_type',
  'iat',
  'nbf',
  'exp',
  'lifetime_s',
  'expired_by_s',
  'status',
  'latency_ms',
  'seq',
  'verified_by',
]);
/** The hash of a whole record lets anyone who guesses a short value see that the guess is right. */
const LINKS: ReadonlySet<string> = new Set(['prev', 'hash']);

/**
 * Puts pseudonyms in the place of an event's user id, e-mail address and ip address, and of the same
 * values wherever else its texts hold them. `user_id_type` becomes `string`; the links of a chain go.
 */
export const createPseudonymizer = (key: Uint8Array): ((event: AuthEvent) => AuthEvent) => {
  const pseudonyms = createPseudonyms(key);
  return (event) => {
    const { user_id: id, user_id_type: type, email, ip } = event;
    const names: Replacement[] = [];
    if (id !== null) names.push([String(id), pseudonyms.user(id, type)]);
    if (email !== null) names.push([email, pseudonyms.email(email)]);
    if (ip !== null) names.push([ip, pseudonyms.ip(ip)]);
    const replacements = names.flatMap(spellings).toSorted(longestFirst);
    const told: Record<string, unknown> = { ...event };
    for (const [name, value] of Object.entries(told)) {
      if (value === null || KEPT.has(name)) continue;
      if (LINKS.has(name)) delete told[name];
      else told[name] = replaced(value, replacements, 0);
    }
    return {
      ...(told as unknown as AuthEvent),
      user_id: id === null ? null : pseudonyms.user(id, type),
      user_id_type: type === 'number' ? 'string' : type,
      email: email === null ? null : pseudonyms.email(email),
      ip: ip === null ? null : pseudonyms.ip(ip),
    };
  };
};

type Replacement = readonly [value: string, pseudonym: string];

/** What a URL has as it is. */
const PLAIN = /^[\w.-]*$/;

/** The value as it is and as a URL has it. */
const spellings = ([value, pseudonym]: Replacement): readonly Replacement[] => {
  if (value === '') return [];
  if (PLAIN.test(value) || /\p{Cs}/u.test(value)) return [[value, pseudonym]];
  const encoded = encodeURIComponent(value);
  const lower = encoded.replace(/%[\dA-F]{2}/g, (escape) => escape.toLowerCase());
  return [...new Set([value, encoded, lower])].map((text) => [text, pseudonym]);
};

const longestFirst = ([a]: Replacement, [b]: Replacement): number => b.length - a.length;

/** Members nest no deeper in any event that means something. */
const DEEPEST = 32;

const replaced = (value: unknown, names: readonly Replacement[], depth: number): unknown => {
  if (typeof value === 'string') return replacedText(value, names);
  if (typeof value === 'number') {
    return names.find(([name]) => name === String(value))?.[1] ?? value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return null;
  if (Array.isArray(value)) return value.map((item) => replaced(item, names, depth + 1));
  const members = Object.entries(value).map(([name, item]: [string, unknown]) => [
    replacedText(name, names),
    replaced(item, names, depth + 1),
  ]);
  return Object.fromEntries(members) as unknown;
};

/** Shorter values are replaced only where they stand alone, as the 7 in `/users/7`. */
const LEAST_INSIDE = 4;
const WORD_END = /[\p{L}\p{N}]$/u;
const WORD_START = /^[\p{L}\p{N}]/u;

const replacedText = (text: string, names: readonly Replacement[]): string => {
  const [first, ...rest] = names;
  if (first === undefined || text === '') return text;
  const [value, pseudonym] = first;
  if (!text.includes(value)) return replacedText(text, rest);
  // What stands between is searched for the others; a pseudonym never is.
  return partsAround(text, value)
    .map((part) => replacedText(part, rest))
    .join(pseudonym);
};

const partsAround = (text: string, value: string): readonly string[] => {
  if (value.length >= LEAST_INSIDE) return text.split(value);
  const parts: string[] = [];
  let start = 0;
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const end = at + value.length;
    if (WORD_END.test(text.slice(Math.max(start, at - 2), at))) continue;
    if (at < start || WORD_START.test(text.slice(end, end + 2))) continue;
    parts.push(text.slice(start, at));
    start = end;
  }
  return [...parts, text.slice(start)];
};
