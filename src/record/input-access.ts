import { AuthlogError } from '../errors.ts';
import { maskTokens } from '../source/fields/mask.ts';
import type { Access } from './access.ts';
import type { FieldValue } from './event-log.ts';

/** The sentence's end: `line 3 is no JSON`. */
export const badInput = (what: string): AuthlogError => new AuthlogError('INPUT', what);

/** The name of a member as it may be shown: not long, and no token. */
export const shownName = (name: string): string =>
  maskTokens(name.length > 40 ? `${name.slice(0, 40)}…` : name);

const TEXTS: ReadonlyMap<string, keyof Access> = new Map([
  ['token', 'token'],
  ['event', 'event'],
  ['ip', 'ip'],
  ['user_agent', 'userAgent'],
  ['method', 'method'],
  ['path', 'path'],
  ['request_id', 'requestId'],
  ['email', 'email'],
]);

/** The access that members of an event's names tell of; all other names are fields of its own. */
export const readAccess = (members: ReadonlyMap<string, unknown>): Access => {
  const known: [string, unknown][] = [];
  const fields: [string, FieldValue][] = [];
  for (const [name, value] of members) {
    const text = TEXTS.get(name);
    if (value === null) continue;
    if (text !== undefined) known.push([text, textOf(name, value)]);
    else if (name === 'status') known.push(['status', statusOf(value)]);
    else if (name === 'time') known.push(['time', timeOf(value)]);
    else if (name === 'user_id') known.push(['userId', userOf(value)]);
    else if (name === 'fields') fields.push(...fieldsOf(value));
    else fields.push([name, fieldOf(name, value)]);
  }
  if (known.length === 0 && fields.length === 0) throw badInput('says nothing');
  return { ...(Object.fromEntries(known) as Access), fields: Object.fromEntries(fields) };
};

/** The fields of an event, each a single value. */
export const fieldsOf = (value: unknown): [string, FieldValue][] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badInput('has fields that are no object');
  }
  return Object.entries(value).map(([name, field]) => [name, fieldOf(name, field)]);
};

const fieldOf = (name: string, value: unknown): FieldValue => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return value;
  throw badInput(`has a field that is no single value: ${shownName(name)}`);
};

const textOf = (name: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  throw badInput(`has a member that is no text: ${shownName(name)}`);
};

const userOf = (value: unknown): string | number => {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw badInput('has a user_id that is neither text nor a number');
};

const statusOf = (value: unknown): number => {
  const status = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 0 && status <= 999) {
    return status;
  }
  throw badInput('has a status that is no number such as 200');
};

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** RFC 3339, or seconds or milliseconds since the epoch → milliseconds. */
const timeOf = (value: unknown): number => {
  if (typeof value === 'number' && value >= 0 && value < 1e14) {
    return value < 1e11 ? value * 1000 : value;
  }
  const time =
    typeof value === 'string' && RFC_3339.test(value)
      ? Date.parse(value.replace(' ', 'T').toUpperCase())
      : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw badInput('has a time that is none such as 2026-11-20T08:00:00Z');
};
