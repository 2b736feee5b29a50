import type { KeyRing, VerificationKey } from '../../src/keys/key.ts';
import type { TokenSample } from '../../src/weak/weak-secret.ts';
import { claims, hmac, mint, type MintOptions } from '../support/tokens.ts';

/** A token that nobody verified, signed with `secret`. */
export const sampleOf = (
  secret: string | Uint8Array,
  {
    alg = 'HS256',
    kid = null,
    sub = 'ada',
  }: { alg?: string; kid?: string | null; sub?: string } = {},
  more: Partial<TokenSample> = {},
): TokenSample => {
  const options: MintOptions = { alg, secret, header: kid === null ? {} : { kid } };
  const token = mint(claims({ sub }), options);
  const dot = token.lastIndexOf('.');
  const input = token.slice(0, dot);
  return {
    id: `token-of-${sub}`,
    alg,
    kid,
    input: Buffer.from(input),
    signature: Buffer.from(hmac(alg, input, secret), 'base64url'),
    key: null,
    file: 'auth.log',
    line: 1,
    offset: 33,
    time: 0,
    ...more,
  };
};

export const keyOf = (
  secret: string | Uint8Array,
  more: Partial<VerificationKey> = {},
): VerificationKey => ({
  id: 'secret',
  kid: null,
  kty: 'oct',
  algs: ['HS256', 'HS384', 'HS512'],
  secret: Uint8Array.from(Buffer.from(secret)),
  jwk: null,
  notBefore: null,
  notAfter: null,
  ...more,
});

export const ringOf = (...keys: readonly VerificationKey[]): KeyRing => ({ keys, notices: [] });
