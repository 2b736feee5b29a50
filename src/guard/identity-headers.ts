import type { Claims } from '../verify/claims.ts';
import { MOST_ROLES } from '../verify/identity.ts';

/** The fields that tell the application who calls. A proxy must set all of them on every request. */
export const IDENTITY_HEADERS = [
  'x-auth-user-type',
  'x-auth-user',
  'x-auth-token-id',
  'x-auth-email',
  'x-auth-roles',
  'x-auth-scopes',
  'x-auth-truncated',
] as const;

/** Characters of names, values and separators: with the rest of the answer under 4 KB, a proxy's usual buffer. */
const MOST = 3500;

export type IdentityHeaders = Readonly<Record<string, string>>;

/**
 * The header fields about the bearer of a verified token. Values are percent-encoded (UTF-8), roles
 * joined by `,` and scopes by a space; a field that does not fit is left out and `x-auth-truncated` is 1.
 */
export const identityHeaders = (claims: Claims, tokenId: string): IdentityHeaders => {
  const { identity, scopes } = claims;
  const headers: Record<string, string> = {};
  let left = MOST;
  let isWhole = true;
  const add = (name: (typeof IDENTITY_HEADERS)[number], value: string | null): void => {
    const size = name.length + (value?.length ?? 0) + 4;
    if (value === null || size > left) {
      isWhole = false;
      return;
    }
    left -= size;
    headers[name] = value;
  };
  add('x-auth-user-type', identity.userIdType);
  if (identity.userId !== null) add('x-auth-user', encoded(String(identity.userId)));
  add('x-auth-token-id', tokenId);
  if (identity.email !== null) add('x-auth-email', encoded(identity.email));
  if (identity.roles.length >= MOST_ROLES) isWhole = false;
  if (identity.roles.length > 0) add('x-auth-roles', joined(identity.roles, ','));
  if (scopes.length > 0) add('x-auth-scopes', joined(scopes, ' '));
  if (!isWhole) headers['x-auth-truncated'] = '1';
  return headers;
};

const SAFE = /^[\w.@:-]*$/;

/** Null where the text is too long or has no UTF-8: half a surrogate pair. */
const encoded = (text: string): string | null => {
  if (text.length > MOST) return null;
  if (SAFE.test(text)) return text;
  try {
    return encodeURIComponent(text).replaceAll('%40', '@').replaceAll('%3A', ':');
  } catch {
    return null;
  }
};

const joined = (names: readonly string[], separator: string): string | null => {
  const values: string[] = [];
  let length = 0;
  for (const name of names) {
    const value = encoded(name);
    length += (value?.length ?? 0) + 1;
    if (value === null || length > MOST) return null;
    values.push(value);
  }
  return values.join(separator);
};
