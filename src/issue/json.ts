import { AuthlogError } from '../errors.ts';
import { countMembers } from '../verify/members.ts';

/** A claims set (RFC 7519 section 4): a JSON object. */
export type ClaimsObject = Readonly<Record<string, unknown>>;

const VALUE = /^(?:[[{"]|-?\d|(?:true|false|null)$)/;
const STRING_OR_NUMBER = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const parse = (text: string): { readonly value: unknown } | null => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The parser's own message quotes the text.
    return null;
  }
};

/** Whether JSON text holds a number that this program would sign as another one. */
const holdsInexact = (json: string): boolean => {
  for (const [token] of json.matchAll(STRING_OR_NUMBER)) {
    if (token.startsWith('"')) continue;
    const value = Number(token);
    if (!Number.isFinite(value)) return true;
    const isWhole = /^-?\d+$/.test(token);
    if (isWhole && !Number.isSafeInteger(value) && BigInt(token) !== BigInt(value)) return true;
  }
  return false;
};

const refuseInexact = (json: string, what: string): void => {
  if (!holdsInexact(json)) return;
  const hint = 'Give it as text, in double quotes: JSON readers round such numbers.';
  throw new AuthlogError('USAGE', `${what} holds a number that is too large to be exact`, hint);
};

/** The object that JSON text holds; `what` names it in messages. Throws USAGE. */
export const readJsonObject = (text: string, what: string): ClaimsObject => {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const parsed = parse(json);
  const hint = 'For example {"user_id": "12345", "email": "johndoe@example.com"}.';
  if (parsed === null) throw new AuthlogError('USAGE', `${what} is not valid JSON`, hint);
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AuthlogError('USAGE', `${what} is not a JSON object`, hint);
  }
  const bytes = new TextEncoder().encode(json);
  if (countMembers(bytes, bytes.length) !== Object.keys(value).length) {
    const why = 'Parsers differ in which of the two counts: leave one out.';
    throw new AuthlogError('USAGE', `${what} names a claim twice`, why);
  }
  refuseInexact(json, what);
  return value as ClaimsObject;
};

/**
 * The value of a claim typed as text: a JSON number, true, false, null, list, object or quoted
 * string is that, everything else the text itself. Throws USAGE for a number that is not exact.
 */
export const readClaimValue = (text: string, what: string): unknown => {
  const parsed = VALUE.test(text) ? parse(text) : null;
  if (parsed === null) return text;
  refuseInexact(text, what);
  return parsed.value;
};
