import { randomUUID } from 'node:crypto';
import { AuthlogError } from '../errors.ts';
import { tokenId } from '../event/token.ts';
import type { KeyNotice, VerificationKey } from '../keys/key.ts';
import { printable } from '../keys/printable.ts';
import { verdictAt, type Judgement } from '../verify/judgement.ts';
import { DEFAULT_USER_CLAIMS } from '../verify/policy.ts';
import { TokenVerifier } from '../verify/token-verifier.ts';
import type { Verdict } from '../verify/verdict.ts';
import { secretWeakness } from '../weak/weakness.ts';
import { buildClaims, type ClaimOptions } from './claims.ts';
import type { ClaimsObject } from './json.ts';
import { signingAlg, type SigningKey } from './signing-key.ts';

export interface IssueOptions extends ClaimOptions {
  readonly key: SigningKey;
  /** Undefined: HS256, RS256, ES256/384/512 or EdDSA, by the key. */
  readonly alg?: string | undefined;
  /** Undefined: the key's own `kid`, if it has one. */
  readonly kid?: string | undefined;
  /** Signs with a secret that can be guessed; a notice says so. */
  readonly allowWeakSecret?: boolean | undefined;
  /** The moment of issue in milliseconds, default now. */
  readonly now?: number | undefined;
}

/** The JOSE header (RFC 7515 section 4). */
export interface TokenHeader {
  readonly alg: string;
  readonly typ: 'JWT';
  readonly kid?: string;
}

export interface IssuedToken {
  /** The compact serialisation: whoever has it, is its user. */
  readonly token: string;
  readonly tokenId: string;
  readonly header: TokenHeader;
  readonly claims: ClaimsObject;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** How the token is judged at the moment of its issue: `valid`, `not_yet_valid` or `expired`. */
  readonly verdict: Verdict;
  readonly judgement: Judgement;
  readonly notices: readonly KeyNotice[];
}

/** Characters of the longest token that the readers judge by default. */
const LONGEST_TOKEN = 64 * 1024;

const weaknessNotices = (options: IssueOptions, alg: string): KeyNotice[] => {
  const { key, allowWeakSecret } = options;
  const { secret } = key.verifier;
  const weakness = secret === null ? null : secretWeakness(secret, alg);
  if (weakness === null) return [];
  if (allowWeakSecret === true)
    return [{ code: 'weak_secret', message: `${key.name} ${weakness}` }];
  throw new AuthlogError(
    'KEY',
    `${key.name} ${weakness}`,
    `Make a strong one: authlog issue --generate-key ${alg.toLowerCase()} -o FILE (or say --allow-weak-secret).`,
  );
};

const refuseRetired = ({ verifier, name }: SigningKey, now: number): void => {
  const { notBefore, notAfter } = verifier;
  const isIn = (notBefore ?? -Infinity) <= now / 1000 && now / 1000 <= (notAfter ?? Infinity);
  if (isIn) return;
  const hint = 'its members not_before and not_after say when it is';
  throw new AuthlogError('KEY', `${name} is not in use at this time`, hint);
};

/** Claims as they come out of the token: what JSON cannot hold is refused or left out here. */
const encodeClaims = (
  claims: ClaimsObject,
): { readonly json: string; readonly held: ClaimsObject } => {
  try {
    const json = JSON.stringify(claims);
    return { json, held: JSON.parse(json) as ClaimsObject };
  } catch {
    throw new AuthlogError('USAGE', 'the claims cannot be written as JSON');
  }
};

const sign = async (json: string, header: TokenHeader, key: SigningKey): Promise<string> => {
  const { CompactSign } = await import('jose');
  const signature = new CompactSign(new TextEncoder().encode(json));
  return signature.setProtectedHeader({ ...header }).sign(key.signer);
};

/** The key's name in events: the same that a ring gives it. */
const keyId = async ({ kid, jwk }: SigningKey['verifier']): Promise<string> => {
  if (kid !== null && kid !== '') return kid;
  if (jwk === null) return 'secret';
  const { calculateJwkThumbprint } = await import('jose');
  return calculateJwkThumbprint(jwk);
};

/** Reads the new token as every other command would: none is handed out that cannot be verified. */
const judge = async (token: string, { header, key, now }: Made): Promise<Judgement> => {
  const id = await keyId(key.verifier);
  const own: VerificationKey = { ...key.verifier, id, kid: header.kid ?? null };
  const verifier = new TokenVerifier(
    { keys: [own], notices: [] },
    {
      clock: 'now',
      now,
      leeway: 0,
      issuers: null,
      audiences: null,
      userClaims: DEFAULT_USER_CLAIMS,
      allowPadding: false,
      maxToken: LONGEST_TOKEN,
    },
  );
  const judgement = verifier.judge(token);
  if (judgement.verdict === null) return judgement;
  if (judgement.verdict === 'oversized') {
    const message = `the token would be ${token.length} characters long`;
    throw new AuthlogError('USAGE', message, `Keep it under ${LONGEST_TOKEN}: leave claims out.`);
  }
  if (judgement.verdict === 'bad_signature') {
    const message = `${key.name} is a private key that does not belong to its public half`;
    throw new AuthlogError('KEY', message, 'Take the key from where it was made.');
  }
  const why = judgement.reason ?? judgement.verdict;
  throw new AuthlogError('USAGE', `the token could not be verified again (${why})`);
};

interface Made {
  readonly header: TokenHeader;
  readonly key: SigningKey;
  readonly now: number;
}

const noticesOf = (claims: ClaimsObject, verdict: Verdict, judgement: Judgement): KeyNotice[] => {
  const notices: KeyNotice[] = [];
  const add = (code: string, message: string): void => void notices.push({ code, message });
  if (!Object.hasOwn(claims, 'exp')) {
    add(
      'no_expiry',
      'the token never expires: whoever finds it can use it until the key is changed',
    );
  }
  if (verdict === 'expired') add('expired', 'the token is expired already');
  if (judgement.claims?.identity.userIdType === 'none') {
    add('no_user', 'the token names no user: give --user-id, or a claim such as sub');
  }
  return notices;
};

const kidNotices = (own: string | null, stamped: string | undefined): KeyNotice[] => {
  if (own === null || own === stamped) return [];
  const message = `the key's own id is "${printable(own)}": who has its JWKS will not find it by this kid`;
  return [{ code: 'kid_differs', message }];
};

/**
 * Signs a token (RFC 7519) and verifies it again. Claims: those of the options, `iat`, `jti` (random
 * unless given), and `exp` unless `expiresIn` is null. Throws USAGE for claims that contradict each
 * other and KEY for a key that must not sign; no message holds a token or key material.
 */
export const issueToken = async (options: IssueOptions): Promise<IssuedToken> => {
  const { key, now = Date.now() } = options;
  const alg = signingAlg(key, options.alg);
  refuseRetired(key, now);
  const weak = weaknessNotices(options, alg);
  if (options.kid === '') throw new AuthlogError('USAGE', 'the key id (kid) is empty');
  const kid = options.kid ?? key.verifier.kid ?? undefined;
  const header: TokenHeader = { alg, typ: 'JWT', ...(kid !== undefined && { kid }) };
  const built = buildClaims(options, Math.floor(now / 1000), randomUUID());
  const { json, held } = encodeClaims(built);
  const token = await sign(json, header, key);
  const judgement = await judge(token, { header, key, now });
  const verdict = verdictAt(judgement, now, 0);
  return {
    token,
    tokenId: tokenId(Buffer.from(token, 'latin1')),
    header,
    claims: held,
    issuedAt: now,
    verdict,
    judgement,
    notices: [
      ...weak,
      ...kidNotices(key.verifier.kid, kid),
      ...noticesOf(held, verdict, judgement),
    ],
  };
};
