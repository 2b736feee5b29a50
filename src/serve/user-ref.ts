import type { UserIdType } from '../verify/identity.ts';

/** Who a page is about: the number 1 and the text "1" are two users, and so are all without an id. */
export interface UserRef {
  readonly userIdType: UserIdType;
  readonly userId: string | number | null;
}

/** Text that a URL can hold as it is: no control characters, no unpaired code units. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const PLAIN = /^[^\u0000-\u001F\u007F-\u009F\p{Cs}]*$/u;

/** `string:ada`, `number:7`, `none`; an id that is no plain text as `json:"a\u0000"`. Not percent-encoded. */
export const userRefText = ({ userIdType, userId }: UserRef): string => {
  if (userId === null) return userIdType;
  const text = String(userId);
  return PLAIN.test(text) ? `${userIdType}:${text}` : `json:${asciiJson(text)}`;
};

/** What `userRefText` wrote; null for any other text. */
export const readUserRef = (text: string): UserRef | null => {
  if (text === 'none' || text === 'non_string') return { userIdType: text, userId: null };
  const [, kind, rest] = /^(string|number|json):(.*)$/su.exec(text) ?? [];
  if (kind === undefined || rest === undefined) return null;
  if (kind === 'json') return refOfJson(rest);
  if (!PLAIN.test(rest)) return null;
  if (kind === 'string') return { userIdType: 'string', userId: rest };
  return NUMBER.test(rest) ? { userIdType: 'number', userId: numberOf(rest) } : null;
};

const NUMBER = /^-?\d{1,400}(?:\.\d{1,400})?(?:e[+-]?\d{1,4})?$/i;

/** A number that is not exact is a text in events. */
const numberOf = (text: string): string | number => {
  const value = Number(text);
  return String(value) === text ? value : text;
};

const refOfJson = (json: string): UserRef | null => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? { userIdType: 'string', userId: value } : null;
  } catch {
    return null;
  }
};

const asciiJson = (text: string): string =>
  JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
