import type { UserIdType } from '../../verify/identity.ts';
import type { Decision } from '../decide.ts';

/** Who makes a request, by the token that was verified. */
export interface Auth {
  readonly userId: string | number | null;
  readonly userIdType: UserIdType;
  readonly email: string | null;
  readonly roles: readonly string[];
  /** None where they are too long for a header field: too few rather than too many. */
  readonly scopes: readonly string[];
  readonly tokenId: string;
  readonly jti: string | null;
  readonly issuer: string | null;
  readonly audience: string | readonly string[] | null;
  /** Seconds since the epoch; a text where the number is too large to be exact, null: never. */
  readonly expiresAt: number | string | null;
}

/** The bearer of a granted request; null where a public rule granted it without a token. */
export const authOf = ({ event, identity }: Decision): Auth | null =>
  event.token_id === null
    ? null
    : {
        userId: event.user_id,
        userIdType: event.user_id_type,
        email: event.email,
        roles: event.roles,
        scopes: scopesOf(identity['x-auth-scopes']),
        tokenId: event.token_id,
        jti: event.jti,
        issuer: event.iss,
        audience: event.aud,
        expiresAt: event.exp,
      };

const scopesOf = (header: string | undefined): readonly string[] =>
  header === undefined ? [] : header.split(' ').map(decodeURIComponent);
