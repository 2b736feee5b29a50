import { maskTokens } from '../source/fields/mask.ts';
import { memberText } from './members.ts';

/**
 * How a user id came to be: a JSON string, a JSON number (as a string beyond 2^53), no identity
 * claim at all, a claim of another type, or (in reports) the row of all users over the limit.
 */
export const USER_ID_TYPES = ['string', 'number', 'none', 'non_string', 'other'] as const;

export type UserIdType = (typeof USER_ID_TYPES)[number];

/** Who a token says its bearer is. */
export interface Identity {
  readonly userIdType: UserIdType;
  readonly userId: string | number | null;
  readonly email: string | null;
  /** Sorted, without repeats. */
  readonly roles: readonly string[];
}

/** Distinguishes what reports keep apart: the number 1 and the string "1" are different users. */
export const userKey = (identity: Identity): string => {
  // A letter first: ids that look like array indices would all hash alike.
  switch (identity.userIdType) {
    case 'string':
      return `s${identity.userId}`;
    case 'number':
      return `n${identity.userId}`;
    default:
      return identity.userIdType;
  }
};

/** Names kept of a `roles` claim. */
export const MOST_ROLES = 64;

/** A claim by its name; `constructor` and `__proto__` are names like any other. */
export const claimOf = (claims: object, name: string): unknown =>
  Object.hasOwn(claims, name) ? (claims as Record<string, unknown>)[name] : undefined;

/** `eyJhbGciOiJIUzI1NiJ9.e30.` and the 43 characters of the shortest signature. */
export const SHORTEST_TOKEN = 68;

/** A claim's text as it may be shown: a token inside it loses its signature. */
export const shownText = (text: string): string =>
  text.length < SHORTEST_TOKEN ? text : maskTokens(text);

/**
 * The first of `userClaims` that holds a number or a string that is not empty; else an empty
 * string, else a claim of another type, else nothing. `json` is the source of `claims`: the text
 * of a number that is too large to be exact is taken from there.
 */
export const readIdentity = (
  claims: object,
  userClaims: readonly string[],
  json: Uint8Array,
  length: number,
): Identity => {
  const emailClaim = claimOf(claims, 'email');
  const email = typeof emailClaim === 'string' && emailClaim !== '' ? shownText(emailClaim) : null;
  const roles = readRoles(claimOf(claims, 'roles') ?? claimOf(claims, 'role'));
  let userIdType: UserIdType = 'none';
  for (const name of userClaims) {
    const value = claimOf(claims, name);
    if (typeof value === 'string' && value !== '') {
      return { userIdType: 'string', userId: shownText(value), email, roles };
    }
    if (typeof value === 'number') {
      const userId = isExact(value) ? value : memberText(json, length, name);
      return { userIdType: 'number', userId, email, roles };
    }
    if (value === '') userIdType = 'string';
    else if (value !== undefined && value !== null && userIdType === 'none') {
      userIdType = 'non_string';
    }
  }
  return { userIdType, userId: userIdType === 'string' ? '' : null, email, roles };
};

const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

/** The names in a `roles` claim, sorted; none where it is neither a text nor a list. */
export const readRoles = (roles: unknown): readonly string[] => {
  if (roles === undefined) return NO_ROLES;
  if (typeof roles === 'string') return roles === '' ? NO_ROLES : [shownText(roles)];
  if (!Array.isArray(roles)) return NO_ROLES;
  const names = roles.filter((role): role is string => typeof role === 'string' && role !== '');
  return [...new Set(names.map(shownText))].toSorted().slice(0, MOST_ROLES);
};

export const NO_ROLES: readonly string[] = [];
