const WINDOW = 60_000;
/** Failed attempts of one address, and of all together. */
const MOST_OF_ONE = 10;
const MOST_OF_ALL = 300;
const MOST_ADDRESSES = 10_000;

/** Failed sign-ins of the last minute: after too many the form is closed for a while. */
export class Attempts {
  #startedAt = 0;
  #all = 0;
  readonly #failures = new Map<string, number>();

  /** Seconds until the address may try again; 0: at once. */
  wait(address: string, now: number): number {
    this.#roll(now);
    const isClosed = (this.#failures.get(address) ?? 0) >= MOST_OF_ONE || this.#all >= MOST_OF_ALL;
    return isClosed ? Math.max(1, Math.ceil((this.#startedAt + WINDOW - now) / 1000)) : 0;
  }

  failed(address: string, now: number): void {
    this.#roll(now);
    this.#all++;
    const known = this.#failures.get(address);
    if (known === undefined && this.#failures.size >= MOST_ADDRESSES) return;
    this.#failures.set(address, (known ?? 0) + 1);
  }

  #roll(now: number): void {
    if (now - this.#startedAt < WINDOW) return;
    this.#startedAt = now;
    this.#all = 0;
    this.#failures.clear();
  }
}
