import { KnownBytes } from './known-bytes.ts';
import { meaningsOf, READERS, type Field } from './objectfields.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BRACKET = 0x5b;
const MOST_MEMBERS = 64;

/** Numbers that stand for the texts of a line's fields. */
export type FieldNumbers = Record<Field, number>;

/** Numbers a text; null is none. */
export type NumberOf = (text: string | null) => number;

/** Hash of the text `bytes[start, end)`. */
export type HashOf = (bytes: Uint8Array, start: number, end: number) => number;

interface Name {
  readonly bytes: Uint8Array;
  readonly meanings: ReturnType<typeof meaningsOf>;
}

/** What is beside time and status in a line that is one flat JSON object, without a string made for what comes again. */
export class QuickJson {
  readonly #names = new KnownBytes(meaningsOf);
  /** Those of the last line, in their order: programs write their members always alike. */
  readonly #last: Name[] = [];
  readonly #values: Readonly<Record<Exclude<Field, 'requestId'>, KnownBytes<number>>>;
  readonly #none: number;
  readonly #hashOf: HashOf;
  /** Where the last text ended: at its closing quote. */
  #end = 0;

  /** @param hashOf of a request's id, which never comes again */
  constructor(numberOf: NumberOf, hashOf: HashOf) {
    this.#hashOf = hashOf;
    const numbers = (field: Field): KnownBytes<number> =>
      new KnownBytes((text) => numberOf(READERS[field](text)));
    this.#none = numberOf(null);
    this.#values = {
      ip: numbers('ip'),
      userAgent: numbers('userAgent'),
      method: numbers('method'),
      path: numbers('path'),
      event: numbers('event'),
    };
  }

  /**
   * False where the valid JSON of `bytes[start, end)` is not as plain as that: `readFields` tells what it says. What lies
   * in `[tokenStart, tokenEnd)` is known to be plain.
   */
  read(
    bytes: Uint8Array,
    start: number,
    end: number,
    tokenStart: number,
    tokenEnd: number,
    out: FieldNumbers,
  ): boolean {
    const none = this.#none;
    out.ip = none;
    out.userAgent = none;
    out.method = none;
    out.path = none;
    out.requestId = none;
    out.event = none;
    let at = start;
    if (bytes[at] !== OPEN) return false;
    for (let member = 0; member < MOST_MEMBERS; member++) {
      at = skip(bytes, at + 1);
      if (bytes[at] !== QUOTE) return false;
      const meanings = this.#readName(bytes, at + 1, end, member);
      if (meanings === null) return false;
      at = skip(bytes, this.#end + 1);
      if (bytes[at] !== COLON) return false;
      at = skip(bytes, at + 1);
      if (bytes[at] === QUOTE) {
        if (!this.#readText(bytes, at + 1, end, tokenStart, tokenEnd)) return false;
        for (const [field] of meanings) {
          // Which of two names counts depends on more than their order.
          if (out[field] !== none) return false;
          const [from, to] = [at + 1, this.#end];
          if (from === to) continue;
          out[field] =
            field === 'requestId'
              ? this.#hashOf(bytes, from, to)
              : this.#values[field].get(bytes, from, to);
        }
        at = skip(bytes, this.#end + 1);
      } else {
        // Numbers are texts too, spelled anew.
        if (meanings.length > 0) return false;
        while (at < end && bytes[at] !== COMMA && bytes[at] !== CLOSE) {
          if (bytes[at] === OPEN || bytes[at] === BRACKET) return false;
          at++;
        }
      }
      if (bytes[at] === CLOSE) return at + 1 === end;
      if (bytes[at] !== COMMA) return false;
    }
    return false;
  }

  /** What the name that starts at `start` may tell, null where that can't be said. */
  #readName(bytes: Uint8Array, start: number, end: number, member: number): Name['meanings'] {
    const last = this.#last[member];
    if (last !== undefined && bytes[start + last.bytes.length] === QUOTE) {
      const { bytes: name } = last;
      let i = 0;
      while (i < name.length && name[i] === bytes[start + i]) i++;
      if (i === name.length) {
        this.#end = start + i;
        return last.meanings;
      }
    }
    if (!this.#readText(bytes, start, end, end, end)) return null;
    const meanings = this.#names.get(bytes, start, this.#end);
    this.#last[member] = { bytes: Uint8Array.from(bytes.subarray(start, this.#end)), meanings };
    return meanings;
  }

  /** Finds the end of a text without escapes and of ASCII alone. */
  #readText(
    bytes: Uint8Array,
    start: number,
    end: number,
    tokenStart: number,
    tokenEnd: number,
  ): boolean {
    for (let at = start; at < end; at++) {
      if (at === tokenStart) at = tokenEnd;
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.#end = at;
        return true;
      }
      if (byte === BACKSLASH || byte >= 0x80) return false;
    }
    return false;
  }
}

const skip = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  return at;
};
