import type { TokenFacts } from '../event/facts.ts';
import { isTokenUse, type TokenUse, type Use } from './use.ts';

/** A power of two: some 10 MB of uses and tokens. */
const PLACES = 1 << 14;

/**
 * The first valid use of each token, in bounded memory and next to no time, so that tokens that are used once need
 * no state. A token whose place another one takes is forgotten: it may forget, but never mistakes one for another.
 */
export class FirstUses {
  readonly #uses: (TokenUse | null)[] = Array<TokenUse | null>(PLACES).fill(null);
  /** Beside the uses, so that these need not be fetched from memory: mostly it is the very object. */
  readonly #tokens: (TokenFacts | null)[] = Array<TokenFacts | null>(PLACES).fill(null);

  /** The first use of the same token, where it is remembered and both are valid; of what has no time nothing is. */
  before(use: Use): TokenUse | null {
    if (use.verdict !== 'valid' || !isTokenUse(use) || Number.isNaN(use.time)) return null;
    const { token } = use;
    const place = token.hash & (PLACES - 1);
    const known = this.#tokens[place]!;
    if (known === token || known?.id === token.id) return this.#uses[place]!;
    this.#uses[place] = use;
    this.#tokens[place] = token;
    return null;
  }
}
