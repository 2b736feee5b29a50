import { shortHashOf } from '../event/text-hash.ts';
import type { TokenUse } from './use.ts';

/** A power of two: some 10 MB of uses and tokens. */
const PLACES = 1 << 14;

const FEW = 1 << 12;

/** Milliseconds for which a use stands for those after it: most uses of a busy token need not be kept. */
const LASTING = 60_000;

/** Where there is no `jti`. */
const NOWHERE = -1;

/**
 * The last uses of tokens, give or take a minute, in bounded memory and next to no time: a token whose place another
 * one takes is forgotten. So it may forget, but never mistakes one for another.
 */
export class Recent {
  readonly #uses: (TokenUse | null)[] = Array<TokenUse | null>(PLACES).fill(null);
  /** Tokens of which a use was kept a moment ago, when, and the places of signature and `jti`. */
  readonly #kept: string[] = Array<string>(FEW).fill('');
  readonly #times: Float64Array = new Float64Array(FEW);
  readonly #places: Int32Array = new Int32Array(FEW);
  readonly #jtiPlaces: Int32Array = new Int32Array(FEW);
  /** Place of the use by its `jti`. */
  readonly #byJti: Int32Array = new Int32Array(PLACES);

  add(use: TokenUse): void {
    const { id, hash, signatureId, jti } = use.token;
    const at = hash & (FEW - 1);
    if (this.#kept[at] !== id) {
      this.#kept[at] = id;
      this.#places[at] = placeOf(signatureId ?? id);
      this.#jtiPlaces[at] = jti === null ? NOWHERE : placeOf(jti);
    } else if (use.time - this.#times[at]! < LASTING) return;
    this.#times[at] = use.time;
    const place = this.#places[at]!;
    const jtiPlace = this.#jtiPlaces[at]!;
    this.#uses[place] = use;
    if (jtiPlace !== NOWHERE) this.#byJti[jtiPlace] = place;
  }

  ofSignature(signatureId: string): TokenUse | null {
    const use = this.#uses[placeOf(signatureId)]!;
    return use?.token.signatureId === signatureId ? use : null;
  }

  ofJti(jti: string): TokenUse | null {
    const use = this.#uses[this.#byJti[placeOf(jti)]!]!;
    return use?.token.jti === jti ? use : null;
  }
}

const placeOf = (text: string): number => shortHashOf(text) & (PLACES - 1);
