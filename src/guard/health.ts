/** How long after a record that failed a guard says that it is not ready. */
const FAILED_FOR_MS = 10_000;

/** What `/readyz` tells. */
export class Health {
  keys = 0;
  isDraining = false;
  /** The last reload failed: the settings before it are in use. */
  isStale = false;
  #failedAt = Number.NEGATIVE_INFINITY;

  recordFailed(now: number): void {
    this.#failedAt = now;
  }

  /** A sentence, and whether requests may be sent here. `now` in milliseconds, of the clock of `recordFailed`. */
  readiness(now: number): { readonly isReady: boolean; readonly text: string } {
    if (this.isDraining) return { isReady: false, text: 'draining' };
    if (this.keys === 0) return { isReady: false, text: 'no keys' };
    if (now - this.#failedAt < FAILED_FOR_MS) return { isReady: false, text: 'recorder failed' };
    return { isReady: true, text: this.isStale ? 'ok, stale: the last reload failed' : 'ok' };
  }
}
