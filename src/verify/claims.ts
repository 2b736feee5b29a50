import { decodeBase64url, NON_CANONICAL } from '../scan/base64url.ts';
import { decodeUtf8 } from '../scan/text.ts';
import { claimOf, readIdentity, shownText, type Identity } from './identity.ts';
import { countMembers, memberText } from './members.ts';

/** The claims of a token (RFC 7519 section 4.1) that reports need. */
export interface Claims {
  /** NumericDate in seconds, NaN where the claim is absent. */
  readonly exp: number;
  readonly nbf: number;
  readonly iat: number;
  /** `exp` as the token spells it, where the number is too large to be exact; else null. */
  readonly expText: string | null;
  readonly iss: string | null;
  readonly aud: string | readonly string[] | null;
  readonly jti: string | null;
  readonly identity: Identity;
  /** What the bearer may do: `scope` (RFC 8693 section 4.2), else `scp`. */
  readonly scopes: readonly string[];
  /** A name occurs twice: the last one counts, another parser may take the first. */
  readonly duplicate: boolean;
}

export type PayloadProblem =
  | 'payload_empty'
  | 'payload_base64'
  | 'payload_non_canonical'
  | 'payload_utf8'
  | 'payload_json'
  | 'payload_not_an_object'
  | 'claim_exp'
  | 'claim_nbf'
  | 'claim_iat';

export type PayloadResult =
  | { readonly claims: Claims; readonly problem: null }
  | { readonly claims: null; readonly problem: PayloadProblem };

const failed = (problem: PayloadProblem): PayloadResult => ({ claims: null, problem });
const FAILED = {
  utf8: failed('payload_utf8'),
  json: failed('payload_json'),
  notAnObject: failed('payload_not_an_object'),
};

/**
 * Decodes the payload in `bytes[start, end)` into `out`, which must have room for it. Returns its
 * length, or why it can't be decoded.
 */
export const decodePayload = (
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
): number | PayloadProblem => {
  if (start === end) return 'payload_empty';
  const length = decodeBase64url(bytes, start, end, out);
  if (length >= 0) return length;
  return length === NON_CANONICAL ? 'payload_non_canonical' : 'payload_base64';
};

/** Reads a claims set (RFC 7519 section 7.2): UTF-8, JSON, an object, its dates numbers. */
export const readClaims = (
  json: Uint8Array,
  length: number,
  userClaims: readonly string[],
): PayloadResult => {
  const text = decodeUtf8(json, 0, length);
  if (text === null) return FAILED.utf8;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return FAILED.json;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return FAILED.notAnObject;
  }
  const exp = numericDate(claimOf(value, 'exp'));
  const nbf = numericDate(claimOf(value, 'nbf'));
  const iat = numericDate(claimOf(value, 'iat'));
  if (exp === null) return failed('claim_exp');
  if (nbf === null) return failed('claim_nbf');
  if (iat === null) return failed('claim_iat');
  return {
    problem: null,
    claims: {
      exp,
      nbf,
      iat,
      expText: Math.abs(exp) > Number.MAX_SAFE_INTEGER ? memberText(json, length, 'exp') : null,
      iss: textOrNull(claimOf(value, 'iss')),
      aud: readAudience(claimOf(value, 'aud')),
      jti: textOrNull(claimOf(value, 'jti')),
      identity: readIdentity(value, userClaims, json, length),
      scopes: readScopes(claimOf(value, 'scope') ?? claimOf(value, 'scp')),
      duplicate: countMembers(json, length) !== Object.keys(value).length,
    },
  };
};

/** NaN where the claim is absent, null where it is no number; `1e400` is no number either. */
const numericDate = (value: unknown): number | null => {
  if (value === undefined) return Number.NaN;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

const textOrNull = (value: unknown): string | null =>
  typeof value === 'string' ? shownText(value) : null;

/** A text of words between spaces, or a list of words. */
const readScopes = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  if (!Array.isArray(value)) return NO_SCOPES;
  return value.filter((word): word is string => typeof word === 'string' && word !== '');
};

const NO_SCOPES: readonly string[] = [];

const readAudience = (value: unknown): string | readonly string[] | null => {
  if (typeof value === 'string') return shownText(value);
  if (!Array.isArray(value)) return null;
  return value.every((item) => typeof item === 'string') ? value.map(shownText) : null;
};
