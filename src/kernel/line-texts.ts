import { Buffer } from 'node:buffer';
import { isIP } from 'node:net';
import { isForwardedFor } from '../source/fields/forwarded.ts';
import { FIELDS, fieldNumber, UNUSUAL, type Field } from '../source/fields/objectfields.ts';
import type { KernelExports } from './module.ts';

/** Numbers what a text says as a field; negative for nothing. */
export type NumberOfText = (field: Field, text: string) => number;

// See assembly/fields.ts.
const FIELD_WORDS = 8;
const READ = 1;
const EMPTY = 2;
const ACCESS = 3;
/** Of the first word of an access log's line. */
const ADDRESS = 6;
const PLACE_WORDS = 4;
const NONE = -1;

/** What the lines of a kernel's tokens say beside time and status, as numbers; a string is made of each text once. */
export class LineTexts {
  readonly #exports: KernelExports;
  readonly #numberOf: NumberOfText;
  readonly #forwarded: boolean;
  /** The numbers of the kernel's ids. */
  #numbers = new Float64Array(1024);
  #numbered = 0;
  #words: Int32Array = new Int32Array(0);
  #hashes: Float64Array = new Float64Array(0);

  constructor(exports: KernelExports, numberOf: NumberOfText, forwarded: boolean) {
    this.#exports = exports;
    this.#numberOf = numberOf;
    this.#forwarded = forwarded;
    exports.configureFields(forwarded ? 1 : 0);
  }

  /** Forgets all texts: their numbers no longer hold. */
  forget(): void {
    this.#exports.clearTexts();
    this.#numbered = 0;
  }

  /** Reads the lines of the block that the kernel has judged last. */
  read(): void {
    const exports = this.#exports;
    if (exports.textsAreFull() !== 0) this.forget();
    const { buffer } = exports.memory;
    const memory = Buffer.from(buffer);
    exports.startFields();
    while (exports.readFields() !== 0) {
      const name = memory.toString('latin1', exports.nameStart.value, exports.nameEnd.value);
      const isWay = this.#forwarded && isForwardedFor(name);
      exports.addFieldName(isWay ? UNUSUAL : fieldNumber(name));
    }
    this.#numberTexts(memory);
    const count = exports.tokenLineCount.value * FIELD_WORDS;
    this.#words = new Int32Array(buffer, exports.fields.value, count);
    this.#hashes = new Float64Array(buffer, exports.fields.value, count / 2);
  }

  /** Writes the numbers of a line's fields in the order of `FIELDS`; false where the slow way has to read the line. */
  write(line: number, out: Float64Array, to: number): boolean {
    const words = this.#words;
    const at = line * FIELD_WORDS;
    const way = words[at]!;
    if (way === EMPTY) {
      out.fill(NONE, to, to + FIELDS.length);
      return true;
    }
    if (way !== READ && way !== ACCESS) return false;
    const ip = this.#numberAt(at + 1);
    const method = this.#numberAt(at + 3);
    if (way === ACCESS && (ip < 0 || method < 0)) return false;
    out[to] = ip;
    out[to + 1] = this.#numberAt(at + 2);
    out[to + 2] = method;
    out[to + 3] = this.#numberAt(at + 4);
    const hash = this.#hashes[at / 2 + 3]!;
    out[to + 4] = Number.isNaN(hash) ? this.#numberAt(at + 6) : hash;
    out[to + 5] = this.#numberAt(at + 5);
    return true;
  }

  #numberAt(word: number): number {
    const id = this.#words[word]!;
    return id < 0 ? NONE : this.#numbers[id]!;
  }

  #numberTexts(memory: Buffer): void {
    const { textCount, TEXT_PLACES } = this.#exports;
    const count = textCount.value;
    if (count > this.#numbers.length) {
      const larger = new Float64Array(count * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const places = new Uint32Array(memory.buffer, TEXT_PLACES.value, count * PLACE_WORDS);
    for (; this.#numbered < count; this.#numbered++) {
      const at = this.#numbered * PLACE_WORDS;
      const text = memory.toString('latin1', places[at + 1], places[at + 2]);
      this.#numbers[this.#numbered] = this.#numberOfKind(places[at]!, text);
    }
  }

  #numberOfKind(kind: number, text: string): number {
    if (kind < ADDRESS) return this.#numberOf(FIELDS[kind]!, text);
    return isIP(text) === 0 ? NONE : this.#numberOf('ip', text);
  }

  /** Whether the block has a line with the label `User Log: `. */
  get holdsUserLog(): boolean {
    return this.#exports.holdsUserLog() !== 0;
  }
}
