/**
 * One entry of a list; `issuedBefore` and `revokedAt` in seconds, null for tokens of any age and for
 * a moment that nobody knows, `issuer` null for any.
 */
export type Revocation = {
  readonly issuer: string | null;
  readonly issuedBefore: number | null;
  readonly revokedAt: number | null;
} & (
  | { readonly kind: 'jti' | 'token_id'; readonly value: string }
  | { readonly kind: 'subject'; readonly value: string | number }
  | { readonly kind: 'everyone'; readonly value: null }
);
