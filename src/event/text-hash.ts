/**
 * 53 bits of a text, to tell equal ones again without keeping them. Not keyed: whoever makes two texts meet makes two of
 * their own requests look like one.
 */
export class TextHash {
  #a = 0x811c9dc5;
  #b = 0x9747b28c;

  /** Takes the next character code, or byte of ASCII. */
  add(code: number): void {
    this.#a = Math.imul(this.#a ^ code, 0x01000193);
    this.#b = Math.imul(this.#b ^ code, 0x5bd1e995) ^ (this.#b >>> 15);
  }

  /** Never negative; starts over. */
  take(): number {
    const value = (this.#a >>> 0) * 0x200000 + (this.#b >>> 11);
    this.#a = 0x811c9dc5;
    this.#b = 0x9747b28c;
    return value;
  }
}

/** 32 bits of a text, all of them well mixed: FNV-1a, stirred as MurmurHash3 ends. */
export const shortHashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};

const shared = new TextHash();

export const hashOfText = (text: string): number => {
  for (let i = 0; i < text.length; i++) shared.add(text.charCodeAt(i));
  return shared.take();
};
