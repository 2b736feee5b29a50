/** Numbers texts, so that each is handed over once. Bounded: starts over between two blocks, and numbers go on rising. */
export class Texts {
  readonly #most: number;
  readonly #numbers = new Map<string, number>();
  #characters = 0;
  #fresh: string[] = [];
  #first = 0;
  #next = 0;

  /** @param most texts that are remembered */
  constructor(most: number) {
    this.#most = most;
  }

  /** Before each block: true where all numbers so far were given up. */
  startOverIfFull(): boolean {
    if (this.#numbers.size < this.#most && this.#characters < MOST_CHARACTERS) return false;
    this.#numbers.clear();
    this.#characters = 0;
    this.#first = this.#next;
    return true;
  }

  get first(): number {
    return this.#first;
  }

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#next++;
    this.#numbers.set(text, number);
    this.#characters += text.length;
    this.#fresh.push(text);
    return number;
  }

  /** The texts that got a number since the last call, in the order of their numbers. */
  takeFresh(): readonly string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}

const MOST_CHARACTERS = 4 << 20;
