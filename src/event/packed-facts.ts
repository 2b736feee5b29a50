import type { TokenFacts } from './facts.ts';

/**
 * Values of tokens in a row: to hand names over with every one would cost threads more than the values. Undefined: as
 * that of the token before, so that what most tokens share is kept once.
 */
export type PackedFacts = readonly (TokenFacts[keyof TokenFacts] | undefined)[];

/** Values of one token. */
const PACKED = 20;

export const packFacts = (tokens: readonly TokenFacts[]): PackedFacts => {
  const packed: (TokenFacts[keyof TokenFacts] | undefined)[] = [];
  let before: TokenFacts | null = null;
  for (const facts of tokens) {
    const { id, hash, signatureId, user, userId, userIdType, email, jti, iat, nbf, exp } = facts;
    packed.push(id, hash, signatureId, user, userId, userIdType, email, jti, iat, nbf, exp);
    for (const name of SHARED) {
      const value = facts[name];
      packed.push(before !== null && isSame(value, before[name]) ? undefined : value);
    }
    before = facts;
  }
  return packed;
};

const SHARED = [
  'alg',
  'kid',
  'typ',
  'headerParams',
  'key',
  'roles',
  'scopes',
  'iss',
  'aud',
] as const;

type Shared = TokenFacts[(typeof SHARED)[number]];

const isSame = (a: Shared, b: Shared): boolean =>
  a === b ||
  (Array.isArray(a) &&
    Array.isArray(b) &&
    a.length === b.length &&
    a.every((text, at) => text === b[at]));

/**
 * The facts of all tokens: objects that are all made here are alike, which makes rules quick.
 * @param textOf one text for equal ones, by which rules look things up
 */
export const unpackFacts = (
  packed: PackedFacts,
  textOf: (text: string) => string,
): readonly TokenFacts[] => {
  const tokens: TokenFacts[] = [];
  let before = {} as TokenFacts;
  for (let at = 0; at < packed.length; at += PACKED) {
    const own = (place: number): unknown => packed[at + place];
    const shared = <K extends (typeof SHARED)[number]>(name: K, place: number): TokenFacts[K] => {
      const value = packed[at + place];
      if (value === undefined) return before[name];
      return (typeof value === 'string' ? textOf(value) : value) as TokenFacts[K];
    };
    before = {
      id: own(0) as TokenFacts['id'],
      hash: own(1) as TokenFacts['hash'],
      signatureId: own(2) as TokenFacts['signatureId'],
      user: textOf(own(3) as TokenFacts['user']),
      userId: own(4) as TokenFacts['userId'],
      userIdType: own(5) as TokenFacts['userIdType'],
      email: own(6) as TokenFacts['email'],
      jti: own(7) as TokenFacts['jti'],
      iat: own(8) as TokenFacts['iat'],
      nbf: own(9) as TokenFacts['nbf'],
      exp: own(10) as TokenFacts['exp'],
      alg: shared('alg', 11),
      kid: shared('kid', 12),
      typ: shared('typ', 13),
      headerParams: shared('headerParams', 14),
      key: shared('key', 15),
      roles: shared('roles', 16),
      scopes: shared('scopes', 17),
      iss: shared('iss', 18),
      aud: shared('aud', 19),
    };
    tokens.push(before);
  }
  return tokens;
};
