import { shownText, USER_ID_TYPES, userKey, type Identity } from '../verify/identity.ts';
import { VERDICTS, type Verdict } from '../verify/verdict.ts';
import { EVENT_SCHEMA, type AuthEvent, type TokenTraits } from './event.ts';

/** An event that was read back, with what it has beyond the members of `AuthEvent`. */
export interface ReadEvent {
  readonly event: AuthEvent;
  readonly more: Readonly<Record<string, unknown>>;
}

const TOKEN_ID = /^[A-Za-z0-9_-]{16}$/;
const VERDICT_WORDS: ReadonlySet<unknown> = new Set(VERDICTS);
const ID_TYPES: ReadonlySet<unknown> = new Set(USER_ID_TYPES);
const TEXTS = [
  'time',
  'file',
  'reason',
  'alg',
  'kid',
  'key',
  'email',
  'iss',
  'jti',
  'event',
  'ip',
  'user_agent',
  'method',
  'path',
  'request_id',
] as const;
const COUNTS = ['line', 'offset', 'status'] as const;
const DATES = ['iat', 'nbf', 'exp'] as const;
const SPANS = ['lifetime_s', 'expired_by_s'] as const;

/**
 * Reads one line of an event file: null where it is no `authlog.event/1`. Whoever wrote it, no
 * text of it holds a usable token: a nested one loses its signature.
 */
export const decodeEvent = (line: string): ReadEvent | null => {
  let value: unknown;
  try {
    value = JSON.parse(line, withoutTokens);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !isEvent(value as Members)) return null;
  const { schema, event_id, ...rest } = value as Members;
  const members: Record<string, unknown> = { schema, event_id };
  const more: Record<string, unknown> = {};
  for (const name of NAMES) members[name] = rest[name] ?? null;
  for (const name of TRAITS.keys()) if (isGiven(rest[name])) members[name] = rest[name];
  for (const [name, item] of Object.entries(rest)) {
    if (!NAMES.has(name) && !TRAITS.has(name)) more[name] = item;
  }
  return { event: members as unknown as AuthEvent, more };
};

type Members = Readonly<Record<string, unknown>>;

/** Members after `schema` and `event_id`, in the order in which they are written. */
const NAMES: ReadonlySet<string> = new Set<keyof AuthEvent>([
  'time',
  'file',
  'line',
  'offset',
  'verdict',
  'reason',
  'token_id',
  'alg',
  'kid',
  'key',
  'user_id',
  'user_id_type',
  'email',
  'roles',
  'iss',
  'aud',
  'jti',
  'iat',
  'nbf',
  'exp',
  'lifetime_s',
  'expired_by_s',
  'event',
  'ip',
  'user_agent',
  'method',
  'path',
  'status',
  'request_id',
]);

const withoutTokens = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? shownText(value) : value;

const isEvent = (members: Members): boolean =>
  members['schema'] === EVENT_SCHEMA &&
  typeof members['event_id'] === 'string' &&
  members['event_id'] !== '' &&
  hasVerdict(members) &&
  hasIdentity(members) &&
  isAudience(members['aud']) &&
  TEXTS.every((name) => isNullOr(members[name], isText)) &&
  COUNTS.every((name) => isNullOr(members[name], isCount)) &&
  DATES.every((name) => isNullOr(members[name], isDate)) &&
  SPANS.every((name) => isNullOr(members[name], isNumber)) &&
  [...TRAITS].every(([name, is]) => isNullOr(members[name], is));

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;

const isNullOr = (value: unknown, is: (value: unknown) => boolean): boolean =>
  !isGiven(value) || is(value);

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isDate = (value: unknown): boolean =>
  isNumber(value) || (isText(value) && Number.isFinite(Number(value)));
const isAudience = (value: unknown): boolean => isNullOr(value, (v) => isText(v) || isTexts(v));

/** Members that stand after the others where they are told, and what each may hold. */
const TRAITS: ReadonlyMap<string, (value: unknown) => boolean> = new Map<
  keyof TokenTraits,
  (value: unknown) => boolean
>([
  ['typ', isText],
  ['header_params', isTexts],
  ['scopes', isTexts],
  ['signature_id', (value) => isText(value) && TOKEN_ID.test(value)],
]);

/** A verdict comes with the id of the token that it is about. */
const hasVerdict = ({ verdict, token_id: id }: Members): boolean =>
  isNullOr(verdict, (word) => VERDICT_WORDS.has(word) && isText(id) && TOKEN_ID.test(id));

const hasIdentity = ({ user_id: id, user_id_type: type, roles }: Members): boolean =>
  ID_TYPES.has(type) && isNullOr(id, (v) => isText(v) || isNumber(v)) && isTexts(roles);

/** Who the event says the bearer was. */
export const identityOf = ({ user_id, user_id_type, email, roles }: AuthEvent): Identity => ({
  userIdType: user_id_type,
  userId: user_id,
  email,
  roles,
});

/** Verdicts on tokens whose claims could not be read. */
const WITHOUT_CLAIMS: ReadonlySet<Verdict> = new Set<Verdict>([
  'malformed',
  'encrypted',
  'oversized',
]);

/** Whether the event tells claims: that there was no identity is known only where claims were read. */
export const tellsClaims = (event: AuthEvent): boolean => {
  if (event.verdict === null) return false;
  if (!WITHOUT_CLAIMS.has(event.verdict) || userKey(identityOf(event)) !== 'none') return true;
  return event.reason?.startsWith('signature_') ?? false;
};
