import type { TokenFacts } from '../event/facts.ts';

/** A power of two. */
const PLACES = 1 << 12;

/** Tokens that were seen a moment ago, as the very objects that they are: of two that share a place the later one stays. */
export class JustSeen {
  readonly #tokens: (TokenFacts | null)[] = Array<TokenFacts | null>(PLACES).fill(null);

  /** Whether the token was seen a moment ago; from now on it was. */
  has(token: TokenFacts): boolean {
    const place = token.hash & (PLACES - 1);
    if (this.#tokens[place] === token) return true;
    this.#tokens[place] = token;
    return false;
  }
}
