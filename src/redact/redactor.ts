import { Buffer } from 'node:buffer';
import type { KernelModule } from '../kernel/module.ts';
import { ID_SIZE, signatureMark } from '../scan/own-mark.ts';
import { anonymizeAddresses, type AddressLevel } from './addresses.ts';
import { Edits } from './edits.ts';
import { Finder } from './finder.ts';
import { TokenWriter, type InnerRedactor, type TokenChoices } from './token-writer.ts';
import { addMapped, plainView, without } from './view.ts';

export interface RedactChoices extends TokenChoices {
  /** How much of each IP address goes; null: nothing. */
  readonly anonymizeIp: AddressLevel | null;
}

/** Tokens in tokens: in claims, in those of a token there, and so on. */
const DEEPEST = 4;
const NUL = 0;

const MARK_START: Uint8Array = Buffer.from(signatureMark('').slice(0, -1));
const MARK_END = 0x5d;
const MARK_SIZE = MARK_START.length + ID_SIZE + 1;

/** Redacts texts of whole lines, one after another. */
export class Redactor {
  readonly #finder: Finder;
  readonly #edits = new Edits();
  readonly #inView = new Edits();
  readonly #addresses: AddressLevel | null;
  #out: Buffer = Buffer.alloc(0);

  /**
   * @param longest bytes of the longest text
   * @param kernel the fast twin, null to do without
   * @param depth of the text: 0 for a log, more for what a token in it holds
   */
  constructor(longest: number, choices: RedactChoices, kernel: KernelModule | null, depth = 0) {
    const inner = { ...choices, anonymizeIp: null };
    let next: Redactor | null = null;
    const redactText: InnerRedactor = (text, signatures) => {
      // Nobody nests that deep but to hide something.
      if (depth === DEEPEST) return Buffer.from('{}');
      next ??= new Redactor(longest, inner, null, depth + 1);
      const changed = next.change(text);
      signatures.adopt(next.#finder.signatures, 0);
      return changed;
    };
    this.#addresses = choices.anonymizeIp;
    this.#finder = new Finder(longest, new TokenWriter(longest, choices, redactText), kernel);
  }

  /** Forgets what the last line began: another source follows. */
  startSource(): void {
    this.#finder.startSource();
  }

  /** The text without usable tokens, null where it has none. */
  change(text: Uint8Array): Uint8Array | null {
    this.startSource();
    const redacted = this.redact(text, 0, 0, text.length);
    return this.#edits.count === 0 ? null : Buffer.from(redacted);
  }

  /**
   * `bytes[from, to)` without usable tokens; what stands before, from `context` on, is looked at for
   * labels. What comes back is valid until the next call.
   */
  redact(bytes: Uint8Array, context: number, from: number, to: number): Uint8Array {
    const edits = this.#edits;
    edits.clear();
    const nul = bytes.indexOf(NUL, context);
    if (nul < 0 || nul >= to) this.#finder.find(bytes, context, from, to, edits);
    else this.#findBetweenNuls(bytes, from, to);
    if (this.#addresses !== null) {
      anonymizeAddresses(bytes, from, to, this.#addresses, edits);
      edits.settle();
    }
    return edits.count === 0 ? bytes.subarray(from, to) : this.#write(bytes, from, to);
  }

  /** UTF-16 in the middle of a log has a NUL beside each character: it is read without them. */
  #findBetweenNuls(bytes: Uint8Array, from: number, to: number): void {
    const plain = plainView(bytes, from, to);
    const view = without(plain, (byte) => byte === NUL) ?? plain;
    this.#inView.clear();
    this.#finder.find(view.bytes, 0, 0, view.length, this.#inView);
    addMapped(view, this.#inView, this.#edits);
  }

  #write(bytes: Uint8Array, from: number, to: number): Uint8Array {
    const { start, end, text, idAt, ids, count } = this.#edits;
    let size = to - from;
    for (let i = 0; i < count; i++) size += idAt[i] === 0 ? text[i]!.length : MARK_SIZE;
    const room = size + to - from;
    if (this.#out.length < room) this.#out = Buffer.allocUnsafeSlow(room + (room >> 2));
    const out = this.#out;
    // Within one buffer a short piece is moved in a third of the time that it takes between two.
    const source = size - from;
    out.set(bytes.subarray(from, to), size);
    let at = 0;
    let copied = from;
    for (let i = 0; i < count; i++) {
      out.copyWithin(at, source + copied, source + start[i]!);
      at += start[i]! - copied;
      at = idAt[i] === 0 ? put(out, at, text[i]!) : putMark(out, at, ids, idAt[i]!);
      copied = end[i]!;
    }
    out.copyWithin(at, source + copied, source + to);
    at += to - copied;
    return out.subarray(0, at);
  }
}

/** Writes a short text; a call of Buffer takes longer than that. */
const put = (out: Uint8Array, at: number, text: string): number => {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
  return at + text.length;
};

/** The mark of a signature with the id that stands at `idAt`. */
const putMark = (out: Uint8Array, at: number, ids: Uint8Array, idAt: number): number => {
  for (let i = 0; i < MARK_START.length; i++) out[at + i] = MARK_START[i]!;
  const from = at + MARK_START.length;
  for (let i = 0; i < ID_SIZE; i++) out[from + i] = ids[idAt + i]!;
  out[from + ID_SIZE] = MARK_END;
  return from + ID_SIZE + 1;
};
