/** Why the credentials of a request can't be read; `missing_token`: there are none. */
export type CredentialProblem =
  | 'missing_token'
  | 'duplicate_authorization'
  | 'bad_scheme'
  | 'malformed_authorization';

export type Credentials =
  | { readonly token: string; readonly problem: null }
  | { readonly token: null; readonly problem: CredentialProblem };

const SCHEME_LENGTH = 'bearer'.length;
/** RFC 9110 section 11.2: letters, digits and `-._~+/`, then `=`; no alternation, so linear. */
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;

const problems: Readonly<Record<CredentialProblem, Credentials>> = {
  missing_token: { token: null, problem: 'missing_token' },
  duplicate_authorization: { token: null, problem: 'duplicate_authorization' },
  bad_scheme: { token: null, problem: 'bad_scheme' },
  malformed_authorization: { token: null, problem: 'malformed_authorization' },
};

/**
 * The bearer token of a request's `Authorization` fields (RFC 6750 section 2.1): exactly one
 * field, the scheme in any case, spaces, one token68.
 */
export const readBearer = (fields: readonly string[]): Credentials => {
  if (fields.length === 0) return problems.missing_token;
  // Two fields: this program and the one behind it might each believe another.
  if (fields.length > 1) return problems.duplicate_authorization;
  const field = fields[0]!;
  if (field.slice(0, SCHEME_LENGTH).toLowerCase() !== 'bearer') {
    return field === '' ? problems.malformed_authorization : problems.bad_scheme;
  }
  let at = SCHEME_LENGTH;
  while (field.charCodeAt(at) === 0x20) at++;
  if (at === SCHEME_LENGTH) {
    return at === field.length ? problems.malformed_authorization : problems.bad_scheme;
  }
  const token = field.slice(at);
  return TOKEN68.test(token) ? { token, problem: null } : problems.malformed_authorization;
};
