import { hash } from 'node:crypto';
import type { KeyRing, VerificationKey } from '../keys/key.ts';
import { createKeySelector, type Selection } from '../keys/select.ts';
import { decodeBase64url, NON_CANONICAL } from '../scan/base64url.ts';
import { SpanKind, type Spans } from '../scan/spans.ts';
import { hasForeignSalt, verifyAsymmetric } from './asymmetric.ts';
import { TokenCache } from './cache.ts';
import { decodePayload, readClaims, type Claims, type PayloadProblem } from './claims.ts';
import { Identities } from './identities.ts';
import { hmacSize, isHmac, verifyHmac } from './hmac.ts';
import { KeyConfusion } from './key-confusion.ts';
import { newJudgement, type Judgement } from './judgement.ts';
import type { Policy } from './policy.ts';
import type { Verdict } from './verdict.ts';

const EQUALS = 0x3d;

/**
 * Judges tokens: shape, then algorithm against the key's type, then signature, then issuer and
 * audience (RFC 8725 section 3). The clock comes last and elsewhere (`verdictAt`), because the
 * same token is used at many times.
 */
export class Verifier {
  readonly #policy: Policy;
  readonly #select: ((alg: string, kid: string | null) => Selection) | null;
  #cache: TokenCache<Judgement> | null = null;
  readonly #payload: Uint8Array;
  readonly #signature: Uint8Array;
  readonly #identities: Identities;
  readonly #confusion: KeyConfusion | null;

  /** @param ring null: signatures are not checked, and no token is more than `unverified` */
  constructor(ring: KeyRing | null, policy: Policy, identities: Identities = new Identities()) {
    this.#policy = policy;
    this.#identities = identities;
    this.#select = ring === null ? null : createKeySelector(ring);
    this.#confusion = ring === null ? null : new KeyConfusion(ring);
    this.#payload = new Uint8Array(policy.maxToken + 3);
    this.#signature = new Uint8Array(policy.maxToken + 3);
  }

  /** Fills `out[i]` for every span of a block. */
  judge(bytes: Uint8Array, spans: Spans, out: Judgement[]): void {
    if (spans.count === 0) return;
    const cache = (this.#cache ??= new TokenCache<Judgement>());
    for (let i = 0; i < spans.count; i++) {
      const start = spans.start[i]!;
      const end = spans.end[i]!;
      const kind = spans.kind[i]!;
      // Of the other kinds a token's bytes alone do not tell which it is: what follows does.
      const isKept = kind === SpanKind.jws;
      const known = isKept ? cache.get(bytes, start, end) : undefined;
      if (known !== undefined) {
        out[i] = known;
        continue;
      }
      const judgement = newJudgement();
      out[i] = judgement;
      this.#judgeOne(bytes, spans, i, judgement);
      if (judgement.fingerprintHigh === 0) {
        // Where padding is accepted, it does not make another token.
        const isPadded = this.#policy.allowPadding && spans.padded[i] === 1;
        const last = isPadded ? withoutPadding(bytes, start, end) : end;
        setFingerprint(judgement, bytes, start, last);
      }
      if (isKept) cache.set(bytes, start, end, judgement);
    }
  }

  #judgeOne(bytes: Uint8Array, spans: Spans, at: number, judgement: Judgement): void {
    const header = spans.header[at] ?? null;
    judgement.header = header;
    const kind = spans.kind[at]!;
    if (kind === SpanKind.notAToken) return reject(judgement, 'malformed', 'not_a_token');
    if (kind === SpanKind.oversized) return reject(judgement, 'oversized', 'longer_than_max_token');
    if (kind === SpanKind.cut) return reject(judgement, 'oversized', 'cut_off');
    if (header === null) return reject(judgement, 'malformed', 'not_a_token');
    if (kind === SpanKind.jwe) {
      return header.encrypts
        ? reject(judgement, 'encrypted', null)
        : reject(judgement, 'malformed', header.problem ?? 'five_parts');
    }
    if (header.problem !== null) return reject(judgement, 'malformed', header.problem);
    if (spans.padded[at] === 1 && !this.#policy.allowPadding) {
      return reject(judgement, 'malformed', 'padding');
    }
    const payloadStart = spans.firstDot[at]! + 1;
    const payloadEnd = withoutPadding(bytes, payloadStart, spans.secondDot[at]!);
    const problem = this.#readPayload(bytes, payloadStart, payloadEnd, judgement);
    if (problem !== null) return reject(judgement, 'malformed', problem);
    if (kind === SpanKind.masked) return reject(judgement, 'masked', 'signature_removed');
    return this.#judgeSignature(bytes, spans, at, judgement, judgement.claims!);
  }

  #readPayload(
    bytes: Uint8Array,
    start: number,
    end: number,
    judgement: Judgement,
  ): PayloadProblem | null {
    const json = this.#payload;
    const length = decodePayload(bytes, start, end, json);
    if (typeof length === 'string') return length;
    const { claims, problem } = readClaims(json, length, this.#policy.userClaims);
    if (problem !== null) return problem;
    judgement.claims = claims;
    judgement.identity = this.#identities.numberOf(claims.identity);
    return null;
  }

  #judgeSignature(
    bytes: Uint8Array,
    spans: Spans,
    at: number,
    judgement: Judgement,
    claims: Claims,
  ): void {
    const secondDot = spans.secondDot[at]!;
    const end = withoutPadding(bytes, secondDot + 1, spans.end[at]!);
    const size = decodeBase64url(bytes, secondDot + 1, end, this.#signature);
    if (size < 0) {
      const reason = size === NON_CANONICAL ? 'signature_non_canonical' : 'signature_base64';
      return reject(judgement, 'malformed', reason);
    }
    const { alg, kid } = judgement.header!;
    if (alg!.toLowerCase() === 'none') return reject(judgement, 'alg_none', null);
    if (this.#select === null) return reject(judgement, 'unverified', null);
    const selection = this.#select(alg!, kid);
    const start = spans.start[at]!;
    const signature = this.#signature;
    if (!('keys' in selection)) {
      const { refused, reason } = selection;
      const isTried = this.#confusion!.isTried(alg!, bytes, start, secondDot, signature, size);
      return reject(judgement, refused, isTried ? 'public_key_as_secret' : reason);
    }
    if (size === 0) return reject(judgement, 'bad_signature', 'signature_empty');
    if (!isHmac(alg!)) {
      const input = bytes.subarray(start, secondDot);
      const { keys } = selection;
      return this.#judgeAsymmetric(alg!, keys, judgement, input, signature.subarray(0, size));
    }
    for (const key of selection.keys) {
      if (verifyHmac(alg!, key, bytes, start, secondDot, signature, size)) {
        // A signature that verified is itself a keyed hash of the token.
        judgement.fingerprintHigh = word(signature, 0) || 1;
        judgement.fingerprintLow = word(signature, 4);
        return this.#accept(judgement, claims, key);
      }
    }
    const right = size === hmacSize(alg!);
    return reject(judgement, 'bad_signature', right ? null : 'signature_length');
  }

  #judgeAsymmetric(
    alg: string,
    keys: readonly VerificationKey[],
    judgement: Judgement,
    input: Uint8Array,
    signature: Uint8Array,
  ): void {
    const key = verifyAsymmetric(alg, keys, input, signature);
    if (key !== null) return this.#accept(judgement, judgement.claims!, key);
    const isForeign = hasForeignSalt(alg, keys, input, signature);
    return reject(judgement, 'bad_signature', isForeign ? 'salt_length' : null);
  }

  #accept(judgement: Judgement, claims: Claims, key: VerificationKey): void {
    judgement.key = key;
    const { issuers, audiences } = this.#policy;
    if (issuers !== null && (claims.iss === null || !issuers.includes(claims.iss))) {
      return reject(judgement, 'wrong_issuer', null);
    }
    if (audiences !== null && !hasAudience(claims.aud, audiences)) {
      return reject(judgement, 'wrong_audience', null);
    }
  }
}

const reject = (judgement: Judgement, verdict: Verdict, reason: string | null): void => {
  judgement.verdict = verdict;
  judgement.reason = reason;
};

const hasAudience = (aud: Claims['aud'], accepted: readonly string[]): boolean => {
  if (aud === null) return false;
  return typeof aud === 'string' ? accepted.includes(aud) : aud.some((a) => accepted.includes(a));
};

const withoutPadding = (bytes: Uint8Array, start: number, end: number): number => {
  let i = end;
  while (i > start && bytes[i - 1] === EQUALS) i--;
  return i;
};

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

// The signature of a token that did not verify is anybody's choice: hash the whole token.
const setFingerprint = (
  judgement: Judgement,
  bytes: Uint8Array,
  start: number,
  end: number,
): void => {
  const digest = hash('sha256', bytes.subarray(start, end), 'buffer');
  judgement.fingerprintHigh = word(digest, 0) || 1;
  judgement.fingerprintLow = word(digest, 4);
};
