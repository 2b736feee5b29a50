import type { Claims } from '../verify/claims.ts';
import type { Revocation } from './revocation.ts';

/** Says of tokens whether they were revoked. One look-up for each kind of entry, however many there are. */
export class Revocations {
  readonly #jti: Bounds = new Map();
  readonly #subject: Bounds = new Map();
  readonly #everyone: Bounds = new Map();
  readonly #tokenIds = new Set<string>();
  #size = 0;

  /** How many entries there are. */
  get size(): number {
    return this.#size;
  }

  add(entry: Revocation): void {
    this.#size++;
    const before = entry.issuedBefore ?? Number.POSITIVE_INFINITY;
    switch (entry.kind) {
      case 'token_id':
        this.#tokenIds.add(entry.value);
        break;
      case 'jti':
        addBound(this.#jti, entry.value, entry.issuer, before);
        break;
      case 'subject':
        addBound(this.#subject, entry.value, entry.issuer, before);
        break;
      default:
        addBound(this.#everyone, '', entry.issuer, before);
    }
  }

  /** Whether the verified token with these claims was revoked. */
  has(claims: Claims, tokenId: string): boolean {
    if (this.#size === 0) return false;
    if (this.#tokenIds.has(tokenId)) return true;
    if (holds(this.#everyone, '', claims)) return true;
    if (claims.jti !== null && holds(this.#jti, claims.jti, claims)) return true;
    const { userId } = claims.identity;
    return userId !== null && holds(this.#subject, userId, claims);
  }
}

/** By name, then by issuer: the moment before which tokens are revoked. The number 1 and the text "1" are two names. */
type Bounds = Map<string | number, Map<string | null, number>>;

const addBound = (
  bounds: Bounds,
  name: string | number,
  issuer: string | null,
  before: number,
): void => {
  const byIssuer = bounds.get(name) ?? new Map<string | null, number>();
  byIssuer.set(issuer, Math.max(before, byIssuer.get(issuer) ?? Number.NEGATIVE_INFINITY));
  bounds.set(name, byIssuer);
};

const holds = (bounds: Bounds, name: string | number, claims: Claims): boolean => {
  const byIssuer = bounds.get(name);
  if (byIssuer === undefined) return false;
  return isBefore(claims, byIssuer.get(null)) || isBefore(claims, byIssuer.get(claims.iss ?? ''));
};

// A token that does not say when it was issued may have been issued before: NaN is not at or after anything.
const isBefore = ({ iat }: Claims, before: number | undefined): boolean =>
  before !== undefined && !(iat >= before);
