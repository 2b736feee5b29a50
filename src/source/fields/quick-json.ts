import type { LineFields } from './fields.ts';
import { KnownBytes } from './known-bytes.ts';
import { meaningsOf, READERS, type Field } from './objectfields.ts';
import { noEventFields } from './value.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BRACKET = 0x5b;

/** What is beside time and status in a line that is one flat JSON object, without a string made for what comes again. */
export class QuickJson {
  readonly #names = new KnownBytes(meaningsOf);
  readonly #values: Readonly<Record<Field, KnownBytes<string | null>>> = {
    ip: new KnownBytes(READERS.ip),
    userAgent: new KnownBytes(READERS.userAgent),
    method: new KnownBytes(READERS.method),
    path: new KnownBytes(READERS.path),
    requestId: new KnownBytes(READERS.requestId),
    event: new KnownBytes(READERS.event),
  };
  /** Where the last text ended: at its closing quote. */
  #end = 0;

  /** Null where the valid JSON of `bytes[start, end)` is not as plain as that: `readFields` tells what it says. */
  read(bytes: Uint8Array, start: number, end: number): LineFields | null {
    const fields: LineFields = { ...NOTHING };
    const ranks = { ip: -1, userAgent: -1, method: -1, path: -1, requestId: -1, event: -1 };
    let at = start;
    if (bytes[at] !== OPEN) return null;
    for (;;) {
      at = skip(bytes, at + 1);
      if (bytes[at] !== QUOTE || !this.#readText(bytes, at + 1, end)) return null;
      const meanings = this.#names.get(bytes, at + 1, this.#end);
      if (meanings === null) return null;
      at = skip(bytes, this.#end + 1);
      if (bytes[at] !== COLON) return null;
      at = skip(bytes, at + 1);
      const isText = bytes[at] === QUOTE;
      if (isText) {
        if (!this.#readText(bytes, at + 1, end)) return null;
        for (const [field, rank] of meanings) {
          // Which of two names counts depends on more than their order.
          if (ranks[field] >= 0) return null;
          if (this.#end === at + 1) continue;
          const value = this.#values[field].get(bytes, at + 1, this.#end);
          if (value === null) continue;
          ranks[field] = rank;
          fields[field] = value;
        }
        at = skip(bytes, this.#end + 1);
      } else {
        // Numbers are texts too, spelled anew.
        if (meanings.length > 0) return null;
        while (at < end && bytes[at] !== COMMA && bytes[at] !== CLOSE) {
          if (bytes[at] === OPEN || bytes[at] === BRACKET) return null;
          at++;
        }
      }
      if (bytes[at] === CLOSE) return at + 1 === end ? fields : null;
      if (bytes[at] !== COMMA) return null;
    }
  }

  /** Finds the end of a text without escapes and of ASCII alone. */
  #readText(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    for (; at < end; at++) {
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

const NOTHING: LineFields = {
  time: Number.NaN,
  timeFlags: 0,
  ...noEventFields(),
  event: null,
};

const skip = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  return at;
};
