import { KnownBytes } from './known-bytes.ts';
import { meaningsOf, READERS } from './objectfields.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BRACKET = 0x5b;
const MOST_MEMBERS = 64;

/** The fields in the order in which `FieldNumbers` has them. */
export const FIELDS = ['ip', 'userAgent', 'method', 'path', 'requestId', 'event'] as const;

/** Numbers that stand for the texts of a line's fields, in the order of `FIELDS`. */
export type FieldNumbers = number[];

/** Numbers a text; null is none. */
export type NumberOf = (text: string | null) => number;

/** Hash of the text `bytes[start, end)`. */
export type HashOf = (bytes: Uint8Array, start: number, end: number) => number;

/** A name that tells nothing; one whose line is not for the quick way. */
export const NOTHING: number = -1;
export const UNUSUAL: number = -2;
export const REQUEST_ID: number = FIELDS.indexOf('requestId');

/** Which field a name tells, by its place in `FIELDS`. */
export const fieldOf = (name: string): number => {
  const meanings = meaningsOf(name);
  if (meanings === null || meanings.length > 1) return UNUSUAL;
  return meanings.length === 0 ? NOTHING : FIELDS.indexOf(meanings[0]![0]);
};

/** What is beside time and status in a line that is one flat JSON object, without a string made for what comes again. */
export class QuickJson {
  readonly #names = new KnownBytes(fieldOf);
  /** Names of the last line and their fields, in their order: programs write their members always alike. */
  readonly #lastNames: Uint8Array[] = [];
  readonly #lastFields: number[] = [];
  readonly #values: readonly KnownBytes<number>[];
  readonly #none: number;
  readonly #hashOf: HashOf;
  /** Where the last text ended: at its closing quote. */
  #end = 0;

  /** @param hashOf of a request's id, which never comes again */
  constructor(numberOf: NumberOf, hashOf: HashOf) {
    this.#hashOf = hashOf;
    this.#none = numberOf(null);
    this.#values = FIELDS.map((field) => new KnownBytes((text) => numberOf(READERS[field](text))));
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
    for (let i = 0; i < FIELDS.length; i++) out[i] = none;
    let at = start;
    if (bytes[at] !== OPEN) return false;
    for (let member = 0; member < MOST_MEMBERS; member++) {
      at = skip(bytes, at + 1);
      if (bytes[at] !== QUOTE) return false;
      const field = this.#readName(bytes, at + 1, end, member);
      if (field === UNUSUAL) return false;
      at = skip(bytes, this.#end + 1);
      if (bytes[at] !== COLON) return false;
      at = skip(bytes, at + 1);
      if (bytes[at] === QUOTE) {
        if (!this.#readText(bytes, at + 1, end, tokenStart, tokenEnd)) return false;
        if (field !== NOTHING && this.#end > at + 1) {
          // Which of two names counts depends on more than their order.
          if (out[field] !== none) return false;
          out[field] =
            field === REQUEST_ID
              ? this.#hashOf(bytes, at + 1, this.#end)
              : this.#values[field]!.get(bytes, at + 1, this.#end);
        }
        at = skip(bytes, this.#end + 1);
      } else {
        // Numbers are texts too, spelled anew.
        if (field !== NOTHING) return false;
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

  /** Which field the name that starts at `start` tells. */
  #readName(bytes: Uint8Array, start: number, end: number, member: number): number {
    const last = this.#lastNames[member];
    if (last !== undefined && bytes[start + last.length] === QUOTE) {
      let i = 0;
      while (i < last.length && last[i] === bytes[start + i]) i++;
      if (i === last.length) {
        this.#end = start + i;
        return this.#lastFields[member]!;
      }
    }
    if (!this.#readText(bytes, start, end, end, end)) return UNUSUAL;
    const field = this.#names.get(bytes, start, this.#end);
    this.#lastNames[member] = Uint8Array.from(bytes.subarray(start, this.#end));
    this.#lastFields[member] = field;
    return field;
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
