import type { TokenFacts } from '../event/facts.ts';
import type { TokenUse } from './use.ts';

/** A power of two: some 10 MB of uses and tokens. */
const PLACES = 1 << 14;

/**
 * A use of each token that it was shown, in bounded memory and next to no time, so that tokens that are used once need
 * no state. A token whose place another one takes is forgotten: it may forget, but never mistakes one for another.
 */
export class FirstUses {
  readonly #uses: (TokenUse | null)[] = Array<TokenUse | null>(PLACES).fill(null);
  /** Beside the uses, so that these need not be fetched from memory: mostly it is the very object. */
  readonly #tokens: (TokenFacts | null)[] = Array<TokenFacts | null>(PLACES).fill(null);

  /** The use of the same token that is remembered; where there is none, null, and this one will be. */
  before(use: TokenUse): TokenUse | null {
    const { token } = use;
    const place = token.hash & (PLACES - 1);
    const known = this.#tokens[place]!;
    if (known === token || known?.id === token.id) return this.#uses[place]!;
    this.#uses[place] = use;
    this.#tokens[place] = token;
    return null;
  }
}
