import type { TokenUse } from './use.ts';

/** A power of two: some 10 MB of uses and tokens. */
const PLACES = 1 << 14;

/**
 * A use of each token that it was shown, in bounded memory and next to no time, so that tokens that are used once need
 * no state. A token whose place another one takes is forgotten: it may forget, but never mistakes one for another.
 */
export class FirstUses {
  readonly #uses: (TokenUse | null)[] = Array<TokenUse | null>(PLACES).fill(null);
  /** Beside the uses, so that those of other tokens need not be fetched from memory. */
  readonly #hashes: Int32Array = new Int32Array(PLACES);

  /** The use of the same token that is remembered; where there is none, null, and this one will be. */
  before(use: TokenUse): TokenUse | null {
    const { id, hash } = use.token;
    const place = hash & (PLACES - 1);
    const known = this.#hashes[place] === hash ? this.#uses[place]! : null;
    if (known?.token.id === id) return known;
    this.#uses[place] = use;
    this.#hashes[place] = hash;
    return null;
  }
}
