import { shortHashOf } from '../event/text-hash.ts';
import type { TokenUse } from './use.ts';

/** A power of two: some 10 MB of uses and tokens. */
const PLACES = 1 << 14;

const FEW = 1 << 12;

/** Milliseconds for which a use stands for those after it: most uses of a busy token need not be kept. */
const LASTING = 60_000;

/**
 * The last uses of tokens, give or take a minute, in bounded memory and next to no time: a token whose place another
 * one takes is forgotten. So it may forget, but never mistakes one for another.
 */
export class Recent {
  readonly #uses: (TokenUse | null)[] = Array<TokenUse | null>(PLACES).fill(null);
  /** Tokens of which a use was kept a moment ago, and when. */
  readonly #kept: string[] = Array<string>(FEW).fill('');
  readonly #times: Float64Array = new Float64Array(FEW);
  /** Place of the use by its `jti`. */
  readonly #byJti: Int32Array = new Int32Array(PLACES);

  add(use: TokenUse): void {
    const { id, hash, signatureId, jti } = use.token;
    const at = hash & (FEW - 1);
    if (this.#kept[at] === id && use.time - this.#times[at]! < LASTING) return;
    this.#kept[at] = id;
    this.#times[at] = use.time;
    const place = shortHashOf(signatureId ?? id) & (PLACES - 1);
    this.#uses[place] = use;
    if (jti !== null) this.#byJti[shortHashOf(jti) & (PLACES - 1)] = place;
  }

  ofSignature(signatureId: string): TokenUse | null {
    const use = this.#uses[shortHashOf(signatureId) & (PLACES - 1)]!;
    return use?.token.signatureId === signatureId ? use : null;
  }

  ofJti(jti: string): TokenUse | null {
    const use = this.#uses[this.#byJti[shortHashOf(jti) & (PLACES - 1)]!]!;
    return use?.token.jti === jti ? use : null;
  }
}
