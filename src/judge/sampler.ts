import type { TokenFacts } from '../event/facts.ts';
import { decodeBase64url } from '../scan/base64url.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { TokenSample } from '../weak/weak-secret.ts';

const DOT = 0x2e;
/** Kinds of tokens that are told apart, beside algorithm and verdict: a bound on what a log can ask for. */
const KID_KINDS = 8;
const LONGEST_SIGNATURE = 64;
/** A longer token makes each guess dear. */
const LONGEST_INPUT = 4096;

/** Verdicts of tokens whose signature somebody may have made with a weak secret. */
const WORTH: ReadonlySet<Verdict | null> = new Set<Verdict | null>([
  null,
  'valid',
  'expired',
  'bad_signature',
  'unknown_key',
  'unverified',
]);

/**
 * Picks HMAC tokens to try guesses on: of each kind the one with the least `token_id`, so that the same log gives the
 * same sample whoever reads which block.
 */
export class Sampler {
  readonly #least = new Map<string, string>();
  #fresh: TokenSample[] = [];

  /** @param place line in the block, offset in the source */
  offer(
    facts: TokenFacts,
    verdict: Verdict | null,
    token: Uint8Array,
    place: Pick<TokenSample, 'line' | 'offset' | 'time'>,
  ): void {
    const { id, alg, kid, key } = facts;
    if (alg === null || !/^HS(?:256|384|512)$/.test(alg) || !WORTH.has(verdict)) return;
    const kind = kindOf(facts);
    const least = this.#least.get(kind);
    if (least !== undefined && least <= id) return;
    const dot = token.lastIndexOf(DOT);
    if (dot > LONGEST_INPUT) return;
    const signature = new Uint8Array(LONGEST_SIGNATURE + 3);
    if (token.length - dot - 1 > 86) return;
    const size = decodeBase64url(token, dot + 1, token.length, signature);
    if (size < 0) return;
    this.#least.set(kind, id);
    const input = Uint8Array.from(token.subarray(0, dot));
    this.#fresh.push({
      id,
      alg,
      kid,
      input,
      signature: signature.slice(0, size),
      key,
      file: null,
      ...place,
    });
  }

  /** The samples since the last call; better ones may follow. */
  take(): readonly TokenSample[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}

/** Tokens that one sample stands for. */
export const kindOf = ({
  alg,
  kid,
  key,
}: Pick<TokenSample, 'alg' | 'kid' | 'key'> | TokenFacts): string => {
  let sum = 0;
  for (const character of kid ?? '') sum = (sum * 31 + character.codePointAt(0)!) % 65_521;
  return `${alg} ${key ?? ''} ${sum % KID_KINDS}`;
};

/** The samples of all judges: of each kind the one with the least `token_id`. */
export class Samples {
  readonly #kinds = new Map<string, TokenSample>();

  add(sample: TokenSample): void {
    const kind = kindOf(sample);
    const known = this.#kinds.get(kind);
    if (known === undefined || isBefore(sample, known)) this.#kinds.set(kind, sample);
  }

  all(): readonly TokenSample[] {
    return [...this.#kinds.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }
}

const isBefore = (a: TokenSample, b: TokenSample): boolean => {
  if (a.id !== b.id) return a.id < b.id;
  if (a.file !== b.file) return (a.file ?? '') < (b.file ?? '');
  return (a.offset ?? 0) < (b.offset ?? 0);
};
