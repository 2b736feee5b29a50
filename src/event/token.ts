import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { Claims } from '../verify/claims.ts';
import { markedId } from '../scan/own-mark.ts';
import { shownText } from '../verify/identity.ts';
import { isRetired, type Judgement } from '../verify/judgement.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { TokenMembers, TokenTraits } from './event.ts';

/** The members of an event that come from its token, judged at `at` (milliseconds). */
export const tokenMembers = (judgement: Judgement, verdict: Verdict, at: number): TokenMembers => ({
  verdict,
  reason: reasonOf(judgement, verdict, at),
  alg: shownOrNull(judgement.header?.alg),
  kid: shownOrNull(judgement.header?.kid),
  key: judgement.key?.id ?? null,
  ...claimMembers(judgement.claims, at),
});

/**
 * First 16 base64url characters of the token's SHA-256: joins lines and files, can't be replayed. A
 * token that `redact` masked tells the one that it had.
 */
export const tokenId = (token: Uint8Array): string =>
  markedId(token, 0, token.length) ?? hash('sha256', token, 'base64url').slice(0, 16);

const DOT = 0x2e;

/** What else a token tells, of its bytes: members that an event leaves out where they tell nothing. */
export const tokenTraits = (
  { header, claims, verdict }: Pick<Judgement, 'header' | 'claims' | 'verdict'>,
  token: Uint8Array,
): TokenTraits => {
  const signature = UNSIGNED.has(verdict) ? EMPTY : token.subarray(token.lastIndexOf(DOT) + 1);
  const typ = header?.typ ?? null;
  return {
    // RFC 7519 section 5.1: `JWT` says no more than that it is one.
    ...(typ === null || typ.toUpperCase() === 'JWT' ? null : { typ: shownText(typ) }),
    ...(header === null || header.params.length === 0
      ? null
      : { header_params: header.params.map(shownText) }),
    ...(claims === null || claims.scopes.length === 0
      ? null
      : { scopes: claims.scopes.slice(0, MOST_SCOPES).map(shownText) }),
    ...(signature.length === 0 ? null : { signature_id: tokenId(signature) }),
  };
};

const EMPTY = new Uint8Array(0);
const MOST_SCOPES = 64;

/** Verdicts of what has no signature that could be told from another. */
const UNSIGNED: ReadonlySet<Verdict | null> = new Set<Verdict>([
  'malformed',
  'encrypted',
  'masked',
  'oversized',
]);

/** The 64 bits of a token's id that tell it from others, as two words. */
export const tokenIdWords = (id: string): readonly [high: number, low: number] => {
  const bytes = Buffer.from(id, 'base64url');
  return [bytes.readUInt32BE(0) || 1, bytes.readUInt32BE(4)];
};

/** Why, beyond the verdict's own word. */
export const reasonOf = (judgement: Judgement, verdict: Verdict, at: number): string | null => {
  if (verdict !== judgement.verdict && isRetired(judgement, at)) return 'key_not_in_use';
  return verdict === judgement.verdict ? judgement.reason : null;
};

/** Milliseconds to RFC 3339 in UTC; null where that is no moment. */
export const isoTime = (milliseconds: number): string | null =>
  Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : null;

const shownOrNull = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : shownText(text);

const claimMembers = (claims: Claims | null, at: number): ClaimMembers => {
  if (claims === null) return NO_CLAIMS;
  const { exp, iat, nbf, identity } = claims;
  const overdue = at / 1000 - exp;
  return {
    user_id: identity.userId,
    user_id_type: identity.userIdType,
    email: identity.email,
    roles: identity.roles,
    iss: claims.iss,
    aud: claims.aud,
    jti: claims.jti,
    iat: numberOrNull(iat),
    nbf: numberOrNull(nbf),
    exp: claims.expText ?? numberOrNull(exp),
    lifetime_s: numberOrNull(exp - iat),
    expired_by_s: overdue >= 0 ? Math.round(overdue * 1000) / 1000 : null,
  };
};

type ClaimMembers = Omit<TokenMembers, 'verdict' | 'reason' | 'alg' | 'kid' | 'key'>;

const NO_CLAIMS: ClaimMembers = {
  user_id: null,
  user_id_type: 'none',
  email: null,
  roles: [],
  iss: null,
  aud: null,
  jti: null,
  iat: null,
  nbf: null,
  exp: null,
  lifetime_s: null,
  expired_by_s: null,
};

/** The members of an event without a token. */
export const NO_TOKEN: TokenMembers = {
  verdict: null,
  reason: null,
  alg: null,
  kid: null,
  key: null,
  ...NO_CLAIMS,
};

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
