import { Buffer } from 'node:buffer';
import type { Edits } from './edits.ts';

/** A text that was made of another one, and of which bytes of the original each byte was made. */
export interface View {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Where in the original the byte begins; one more entry, for the end. */
  readonly starts: Uint32Array;
  /** Where it ends. */
  readonly ends: Uint32Array;
}

/** The bytes `[from, to)` as a view of themselves. */
export const plainView = (bytes: Uint8Array, from: number, to: number): View => {
  const length = to - from;
  const starts = new Uint32Array(length + 1);
  const ends = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    starts[i] = from + i;
    ends[i] = from + i + 1;
  }
  starts[length] = to;
  return { bytes: bytes.subarray(from, to), length, starts, ends };
};

/** A view that is written from left to right. */
export class ViewWriter {
  readonly #of: View;
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  length = 0;

  /** What is made of `of` is never longer than it. */
  constructor(of: View) {
    this.#of = of;
    this.#bytes = Buffer.alloc(of.length);
    this.#starts = new Uint32Array(of.length + 1);
    this.#ends = new Uint32Array(of.length);
  }

  /** Adds a byte that was made of `[from, to)` of the view before. */
  add(byte: number, from: number, to: number): void {
    const at = this.length++;
    this.#bytes[at] = byte;
    this.#starts[at] = this.#of.starts[from]!;
    this.#ends[at] = this.#of.ends[to - 1]!;
  }

  take(): View {
    const { length } = this;
    this.#starts[length] = this.#of.starts[this.#of.length]!;
    const bytes = this.#bytes.subarray(0, length);
    return { bytes, length, starts: this.#starts, ends: this.#ends };
  }
}

/** The view without the bytes that `drops` names; null where there are none. */
export const without = (of: View, drops: (byte: number) => boolean): View | null => {
  const writer = new ViewWriter(of);
  for (let i = 0; i < of.length; i++) {
    const byte = of.bytes[i]!;
    if (!drops(byte)) writer.add(byte, i, i + 1);
  }
  return writer.length === of.length ? null : writer.take();
};

/** Adds replacements in a view to those of its original. */
export const addMapped = (view: View, found: Edits, edits: Edits): void => {
  for (let i = 0; i < found.count; i++) {
    const start = found.start[i]!;
    const end = found.end[i]!;
    const from = view.starts[start]!;
    const to = end > start ? view.ends[end - 1]! : from;
    if (found.idAt[i] === 0) edits.add(from, to, found.text[i]!);
    else {
      edits.ids = found.ids;
      edits.addMark(from, to, found.idAt[i]!);
    }
  }
};
