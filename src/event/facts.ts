import type { VerificationKey } from '../keys/key.ts';
import type { Header } from '../scan/header.ts';
import type { Claims } from '../verify/claims.ts';
import { shownText, userKey, type UserIdType } from '../verify/identity.ts';
import type { TokenTraits } from './event.ts';
import { shortHashOf } from './text-hash.ts';

/** What rules look at of a token; shared by all uses of it. Hearsay unless the use's verdict is a verified one. */
export interface TokenFacts {
  /** `token_id`. */
  readonly id: string;
  /** 32 bits of the id (`shortHashOf`). */
  readonly hash: number;
  /** Hash of the signature alone, null where there is none: a changed token that kept its signature has it too. */
  readonly signatureId: string | null;
  readonly alg: string | null;
  readonly kid: string | null;
  /** `typ` of the header where it says more than `JWT` (RFC 7519 section 5.1). */
  readonly typ: string | null;
  /** Header parameters that offer a key (`jwk`, `jku`, `x5u`, `x5c`) or demand what no verifier knows (`crit`). */
  readonly headerParams: readonly string[];
  /** Id of the key that verified. */
  readonly key: string | null;
  /** Tells users apart (`userKey`): `s12345`, `n12345`, `none`. */
  readonly user: string;
  readonly userId: string | number | null;
  readonly userIdType: UserIdType;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly iss: string | null;
  readonly aud: readonly string[];
  readonly jti: string | null;
  /** NumericDates in seconds, NaN where absent. */
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
}

/** What was found out about a token, wherever that was: in a log, by a kernel. */
export interface KnownToken {
  readonly header: Header | null;
  readonly claims: Claims | null;
  readonly key: VerificationKey | null;
}

export const factsOf = (
  id: string,
  { header, claims, key }: KnownToken,
  { typ, header_params: headerParams, scopes, signature_id: signatureId }: TokenTraits,
): TokenFacts => ({
  id,
  hash: shortHashOf(id),
  signatureId: signatureId ?? null,
  alg: shownOrNull(header?.alg),
  kid: shownOrNull(header?.kid),
  typ: typ ?? null,
  headerParams: headerParams ?? NONE,
  key: key?.id ?? null,
  user: claims === null ? 'none' : userKey(claims.identity),
  userId: claims?.identity.userId ?? null,
  userIdType: claims?.identity.userIdType ?? 'none',
  email: claims?.identity.email ?? null,
  roles: claims?.identity.roles ?? NONE,
  scopes: scopes ?? NONE,
  iss: claims?.iss ?? null,
  aud: audienceOf(claims?.aud ?? null),
  jti: claims?.jti ?? null,
  iat: claims?.iat ?? Number.NaN,
  nbf: claims?.nbf ?? Number.NaN,
  exp: claims?.exp ?? Number.NaN,
});

const NONE: readonly string[] = [];

const shownOrNull = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : shownText(text);

/** The audiences of a claim as a list. */
export const audienceOf = (aud: string | readonly string[] | null): readonly string[] => {
  if (aud === null) return NONE;
  return typeof aud === 'string' ? [aud] : aud;
};
