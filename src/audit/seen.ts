/** 8 MiB: of a million texts it takes one in five hundred that is new for a known one, of ten million one in eight. */
const WORDS = 1 << 21;

/**
 * Which texts were seen, in bounded memory whatever their number. It may take a new text for a known one, never a
 * known one for new: a Bloom filter of two bits a text, both in one word, because the way to memory is what it costs.
 */
export class Seen {
  readonly #words: Uint32Array = new Uint32Array(WORDS);

  /** @param hash `shortHashOf` the text */
  has(hash: number): boolean {
    const bits = bitsOf(hash);
    return (this.#words[hash & (WORDS - 1)]! & bits) === bits;
  }

  /** Adds a text; whether it was not seen before. */
  add(hash: number): boolean {
    const bits = bitsOf(hash);
    const word = this.#words[hash & (WORDS - 1)]!;
    if ((word & bits) === bits) return false;
    this.#words[hash & (WORDS - 1)] = word | bits;
    return true;
  }
}

/** The bits of a hash that do not choose the word choose two bits in it. */
const bitsOf = (hash: number): number => (1 << ((hash >>> 21) & 31)) | (1 << (hash >>> 27));
