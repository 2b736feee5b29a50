import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import type { ClaimsObject } from './json.ts';

/** What a token shall say, by the names of the registered claims and the usual ones beside them. */
export interface ClaimOptions {
  /** The claim `user_id`. */
  readonly userId?: string | number | undefined;
  readonly email?: string | undefined;
  /** One becomes the claim `role`, several the list `roles`. */
  readonly roles?: readonly string[] | undefined;
  readonly issuer?: string | undefined;
  /** One becomes a text, several a list (RFC 7519 section 4.1.3). */
  readonly audience?: readonly string[] | undefined;
  /** Seconds from `iat` to `exp`, null for none; undefined: a day, unless `claims` has `exp`. */
  readonly expiresIn?: number | null | undefined;
  /** Seconds since the epoch. */
  readonly notBefore?: number | undefined;
  readonly jti?: string | undefined;
  /** Every other claim; none that an option above gives. */
  readonly claims?: ClaimsObject | undefined;
}

/** Seconds that a token lasts where nobody says how long. */
export const DEFAULT_LIFETIME = 86_400;

/** The last second of the year 9999: what lies beyond was counted in milliseconds. */
const LAST_SECOND = 253_402_300_799;

const ONCE = 'Give each claim once, by its own option or among the claims.';

const usage = (message: string, hint: string | null = null): AuthlogError =>
  new AuthlogError('USAGE', message, hint);

/** Adds claims, none of them twice: a value that wins in silence would be signed by mistake. */
const addTo =
  (claims: Map<string, unknown>) =>
  (name: string, value: unknown): void => {
    if (value === undefined) return;
    if (claims.has(name)) throw usage(`the claim ${printable(name)} is given twice`, ONCE);
    // Own members alone are read here, but not by every program that this token may meet.
    if (name === '__proto__') throw usage('a claim must not be named __proto__');
    claims.set(name, value);
  };

const refuseEmpty = (name: string, value: string | number | undefined): void => {
  if (value !== '') return;
  throw usage(`${name} is empty`, 'Was a variable of the shell not set?');
};

const refuseRoleTwice = (options: ClaimOptions): void => {
  if ((options.roles ?? []).length === 0) return;
  for (const name of ['role', 'roles']) {
    if (Object.hasOwn(options.claims ?? {}, name)) {
      throw usage('the roles are given twice', ONCE);
    }
  }
};

const oneOrAll = (values: readonly string[] | undefined): string | readonly string[] | undefined =>
  values === undefined || values.length < 2 ? values?.[0] : values;

/** `exp`: said as a lifetime, said as a claim, or a day from now. */
const expiryOf = (options: ClaimOptions, iat: number): number | undefined => {
  const { expiresIn, claims = {} } = options;
  const isClaim = Object.hasOwn(claims, 'exp');
  if (isClaim && expiresIn !== undefined) {
    const what = expiresIn === null ? 'no expiry' : 'a lifetime';
    throw usage(`${what} and the claim exp exclude each other`, 'Leave one of the two out.');
  }
  if (isClaim || expiresIn === null) return undefined;
  const lifetime = expiresIn ?? DEFAULT_LIFETIME;
  if (!(lifetime >= 1)) throw usage('a token must last at least a second');
  return iat + Math.floor(lifetime);
};

const refuseTypes = (claims: ReadonlyMap<string, unknown>): void => {
  for (const name of ['exp', 'nbf', 'iat']) {
    const value = claims.get(name);
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      const hint = 'It counts seconds since 1970-01-01T00:00:00Z (RFC 7519 section 2).';
      throw usage(`the claim ${name} must be a number`, hint);
    }
    if (value > LAST_SECOND) {
      const hint = 'It counts seconds, not milliseconds (RFC 7519 section 2).';
      throw usage(`the claim ${name} lies beyond the year 9999`, hint);
    }
  }
  for (const name of ['iss', 'sub', 'jti']) {
    const value = claims.get(name);
    if (value === undefined || typeof value === 'string') continue;
    throw usage(`the claim ${name} must be a text`, 'See RFC 7519 section 4.1.');
  }
  const aud = claims.get('aud') ?? '';
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (audiences.length > 0 && audiences.every((item) => typeof item === 'string')) return;
  throw usage('the claim aud must be a text or a list of texts', 'See RFC 7519 section 4.1.3.');
};

/**
 * The claims of a token issued at `iat` (seconds), in the order in which they are signed; `jti` is
 * the one that it gets where none is given. Throws USAGE for a claim given twice, a registered claim
 * of the wrong type (RFC 7519 section 4.1), and a token that would never be valid.
 */
export const buildClaims = (options: ClaimOptions, iat: number, jti: string): ClaimsObject => {
  const { userId, email, roles, issuer, audience, notBefore, claims: given = {} } = options;
  const texts = { 'the user id': userId, 'the e-mail': email, 'the issuer': issuer };
  for (const [name, value] of Object.entries({ ...texts, 'the token id (jti)': options.jti })) {
    refuseEmpty(name, value);
  }
  for (const role of roles ?? []) refuseEmpty('a role', role);
  for (const aud of audience ?? []) refuseEmpty('an audience', aud);
  refuseRoleTwice(options);
  const claims = new Map<string, unknown>();
  const add = addTo(claims);
  add('user_id', userId);
  add('email', email);
  const role = oneOrAll(roles);
  add(Array.isArray(role) ? 'roles' : 'role', role);
  for (const [name, value] of Object.entries(given)) add(name, value);
  add('iss', issuer);
  add('aud', oneOrAll(audience));
  add('nbf', notBefore);
  if (!claims.has('iat')) add('iat', iat);
  add('exp', expiryOf(options, iat));
  if (!claims.has('jti') || options.jti !== undefined) add('jti', options.jti ?? jti);
  refuseTypes(claims);
  const { exp, nbf } = { exp: claims.get('exp'), nbf: claims.get('nbf') };
  if (typeof exp === 'number' && typeof nbf === 'number' && nbf >= exp) {
    throw usage(
      'the token would expire before it becomes valid',
      'Its lifetime counts from now, not from the moment that it becomes valid.',
    );
  }
  return Object.fromEntries(claims);
};
