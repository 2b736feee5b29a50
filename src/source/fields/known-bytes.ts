import { textOf } from './text.ts';

const SLOTS = 1 << 13;
const LONGEST = 256;

interface Entry<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

/** What `read` makes of a text, made once for bytes that come again. Bounded: a newer text takes the slot of an older one. */
export class KnownBytes<T> {
  readonly #read: (text: string) => T;
  /** Made when first asked for: most logs have but some of the fields. */
  #slots: (Entry<T> | undefined)[] | null = null;

  constructor(read: (text: string) => T) {
    this.#read = read;
  }

  /** Of the ASCII text `bytes[start, end)`. */
  get(bytes: Uint8Array, start: number, end: number): T {
    const length = end - start;
    if (length > LONGEST) return this.#read(textOf(bytes, start, end));
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const slots = (this.#slots ??= Array.from({ length: SLOTS }));
    const known = slots[slot];
    if (known !== undefined && known.bytes.length === length) {
      let i = 0;
      while (i < length && known.bytes[i] === bytes[start + i]) i++;
      if (i === length) return known.value;
    }
    const value = this.#read(textOf(bytes, start, end));
    slots[slot] = { bytes: Uint8Array.from(bytes.subarray(start, end)), value };
    return value;
  }
}
