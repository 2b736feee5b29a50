import { AuthlogError } from '../errors.ts';

/** The values of `WWW-Authenticate` (RFC 6750 section 3) that a guard sends: texts that no request has a part in. */
export interface Challenges {
  /** No credentials, or of another kind: no error code (section 3.1). */
  readonly none: string;
  readonly invalidRequest: string;
  readonly invalidToken: string;
  readonly expired: string;
  readonly insufficientRole: string;
  readonly insufficientScope: (scopes: readonly string[]) => string;
}

/** Printable ASCII without what ends or escapes a quoted string (RFC 9110 section 5.6.4). */
const QUOTABLE = /^[ !#-[\]-~]{1,200}$/;

/** The challenges of one realm. Throws USAGE for a realm that can't be quoted as it is. */
export const createChallenges = (realm: string): Challenges => {
  if (!QUOTABLE.test(realm)) {
    throw new AuthlogError(
      'USAGE',
      'the realm must be 1 to 200 printable ASCII characters without " and \\',
    );
  }
  const none = `Bearer realm="${realm}"`;
  const fault = (error: string, description: string): string =>
    `${none}, error="${error}", error_description="${description}"`;
  const tooLittle = fault('insufficient_scope', 'The access token does not grant this request');
  return {
    none,
    invalidRequest: fault('invalid_request', 'Send one Authorization field with one bearer token'),
    invalidToken: fault('invalid_token', 'The access token is not valid'),
    expired: fault('invalid_token', 'The access token expired'),
    insufficientRole: tooLittle,
    // The rules' reader let only scope-tokens pass (RFC 6749 section 3.3), which need no escape.
    insufficientScope: (scopes) => `${tooLittle}, scope="${scopes.join(' ')}"`,
  };
};
