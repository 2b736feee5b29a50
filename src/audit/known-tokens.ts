import type { TokenFacts } from '../event/facts.ts';
import { remembering } from './remembering.ts';

/** A power of two. */
const PLACES = 1 << 14;

/** One object for a token that several judges tell of: what rules know of an object holds for all of them. */
export class KnownTokens {
  readonly #tokens: (TokenFacts | null)[] = Array<TokenFacts | null>(PLACES).fill(null);

  /** A text that all tokens share: to tell equal ones takes longer than to see that they are one. */
  readonly textOf: (text: string) => string = remembering((text) => text);

  /** The object of the same token that was seen before; where it is forgotten or new, this one. */
  canonical(token: TokenFacts): TokenFacts {
    const place = token.hash & (PLACES - 1);
    const known = this.#tokens[place]!;
    if (known !== null && known.id === token.id) return known;
    this.#tokens[place] = token;
    return token;
  }
}
