import type { TokenFacts } from '../event/facts.ts';
import { isTokenUse, type TokenUse, type Use } from './use.ts';

/** A power of two: some 10 MB of uses and tokens. */
const PLACES = 1 << 14;

/**
 * The last valid use of each token, in bounded memory and next to no time, so that tokens that are used once, or seldom,
 * need no state. A token whose place another one takes is forgotten: it may forget, but never mistakes one for another.
 */
export class PreviousUses {
  readonly #uses: (TokenUse | null)[] = Array<TokenUse | null>(PLACES).fill(null);
  /** Beside the uses, so that these need not be fetched from memory: mostly it is the very object. */
  readonly #tokens: (TokenFacts | null)[] = Array<TokenFacts | null>(PLACES).fill(null);

  /** The use of the same token before this one, where it is remembered; null for what is not valid or has no time. */
  before(use: Use): TokenUse | null {
    if (use.verdict !== 'valid' || !isTokenUse(use) || Number.isNaN(use.time)) return null;
    const { token } = use;
    const place = token.hash & (PLACES - 1);
    const known = this.#tokens[place]!;
    const isKnown = known === token || known?.id === token.id;
    const previous = isKnown ? this.#uses[place]! : null;
    if (!isKnown) this.#tokens[place] = token;
    this.#uses[place] = use;
    return previous;
  }
}
