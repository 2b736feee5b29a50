import type { Use } from './use.ts';

/** A power of two. A proxy's own request for its guard follows at once: few need be remembered. */
const PLACES = 1 << 13;
/** Milliseconds. */
const SAME_REQUEST = 5000;

/** Tells requests that were seen a moment ago, of the last few thousand: the place of one is taken by a newer one. */
export class RecentRequests {
  readonly #ids: Float64Array = new Float64Array(PLACES).fill(-1);
  readonly #times: Float64Array = new Float64Array(PLACES);
  readonly #tokens: string[] = Array<string>(PLACES).fill('');

  /** The same request told twice, by a proxy and by its guard: the same id, token and moment, give or take. */
  isRepeated({ requestId, token, time }: Use): boolean {
    if (requestId === null || token === null) return false;
    const place = requestId & (PLACES - 1);
    if (this.#ids[place] === requestId) {
      return (
        this.#tokens[place] === token.id && Math.abs(time - this.#times[place]!) < SAME_REQUEST
      );
    }
    this.#ids[place] = requestId;
    this.#times[place] = time;
    this.#tokens[place] = token.id;
    return false;
  }
}
