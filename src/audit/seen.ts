/** 8 MiB: of a million texts it takes one in five hundred that is new for a known one, of ten million one in eight. */
const WORDS = 1 << 21;

/**
 * Which texts were seen, in bounded memory whatever their number. It may take a new text for a known one, never a
 * known one for new: a Bloom filter of two bits a text, both in one word, because the way to memory is what it costs.
 */
export class Seen {
  readonly #words: Uint32Array = new Uint32Array(WORDS);

  has(text: string): boolean {
    const hash = hashOf(text);
    const bits = bitsOf(hash);
    return (this.#words[hash & (WORDS - 1)]! & bits) === bits;
  }

  /** Adds a text; whether it was not seen before. */
  add(text: string): boolean {
    const hash = hashOf(text);
    const bits = bitsOf(hash);
    const word = this.#words[hash & (WORDS - 1)]!;
    if ((word & bits) === bits) return false;
    this.#words[hash & (WORDS - 1)] = word | bits;
    return true;
  }
}

/** FNV-1a, its bits stirred as MurmurHash3 ends: all 32 of them are used. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};

/** The bits of a hash that do not choose the word choose two bits in it. */
const bitsOf = (hash: number): number => (1 << ((hash >>> 21) & 31)) | (1 << (hash >>> 27));
