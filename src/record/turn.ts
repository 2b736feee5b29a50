/** What one turn of the event loop gathers to be written at once. */
export class Turn<T> {
  readonly #write: (items: readonly T[]) => Promise<void>;
  #items: T[] = [];
  #written: Promise<void> | null = null;

  /** @param write throws where the items were not written, resolves when they are safe */
  constructor(write: (items: readonly T[]) => Promise<void>) {
    this.#write = write;
  }

  /** Adds an item; settles with the write that takes it. */
  add(item: T): Promise<void> {
    this.#items.push(item);
    this.#written ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() =>
      this.#flush(),
    );
    return this.#written;
  }

  /** Settles, whatever comes of it, when nothing waits any more. */
  async end(): Promise<void> {
    await this.#written?.catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const items = this.#items;
    this.#items = [];
    this.#written = null;
    await this.#write(items);
  }
}
