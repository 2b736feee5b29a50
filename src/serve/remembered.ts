import { AuthlogError } from '../errors.ts';

/** A value, and when it was made, in milliseconds. */
interface Entry<T> {
  readonly revision: string;
  readonly madeAt: number;
  /** Not before this is it made anew, whatever happens to the store. */
  readonly restUntil: number;
  readonly value: T;
}

export interface RememberedOptions {
  readonly revision: () => Promise<string>;
  readonly now: () => number;
  /** Milliseconds after which a value is made anew though nothing changed: windows move with the clock. */
  readonly ttl: number;
  /** Values kept, the least recently asked for go first. */
  readonly most: number;
}

/** Part of the time that may go into making one value again and again while the store keeps changing. */
const SHARE = 4;
const WAITING = 32;

/** Values that are made of the store, one at a time, and stand until it changes. */
export class Remembered<T> {
  readonly #options: RememberedOptions;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #making = new Map<string, Promise<T>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RememberedOptions) {
    this.#options = options;
  }

  /** The value of `name`, made where it is not known; an older one while another process holds the store. */
  async get(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(name);
    if (known !== undefined && (await this.#isFresh(known))) {
      this.#entries.delete(name);
      this.#entries.set(name, known);
      return known.value;
    }
    try {
      return await (this.#making.get(name) ?? this.#make(name, make));
    } catch (error) {
      const isHeld = error instanceof AuthlogError && error.code === 'LOCKED';
      if (isHeld && known !== undefined) return known.value;
      throw error;
    }
  }

  async #isFresh({ revision, madeAt, restUntil }: Entry<T>): Promise<boolean> {
    const now = this.#options.now();
    if (now < restUntil) return true;
    if (now >= madeAt + this.#options.ttl) return false;
    return revision === (await this.#options.revision());
  }

  #make(name: string, make: () => Promise<T>): Promise<T> {
    if (this.#making.size >= WAITING) {
      throw new AuthlogError('LOCKED', 'too many reports are being made', 'Try again later.');
    }
    const made = this.#last.then(async () => {
      // Before the reading: what is added meanwhile makes it stale.
      const revision = await this.#options.revision();
      const startedAt = this.#options.now();
      const value = await make();
      const madeAt = this.#options.now();
      const restUntil = madeAt + SHARE * Math.max(0, madeAt - startedAt - 100);
      this.#keep(name, { revision, madeAt, restUntil, value });
      return value;
    });
    this.#making.set(name, made);
    this.#last = made.catch(() => undefined).finally(() => this.#making.delete(name));
    return made;
  }

  #keep(name: string, entry: Entry<T>): void {
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#options.most) this.#entries.delete(oldest!);
  }
}
