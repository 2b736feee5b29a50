import { Buffer } from 'node:buffer';
import { CLASS } from './alphabet.ts';

/** A part of a log that no token reaches out of. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** From here on the line of the first byte is known: where a label may stand. */
  readonly context: number;
  readonly from: number;
  readonly to: number;
  /** A word longer than any line was left out behind it. */
  readonly isCut: boolean;
}

/** Sizes in bytes, at least 1. */
export interface PieceOptions {
  readonly blockSize: number;
  /** A longer line is cut where white space is, else where no token can be. */
  readonly maxLine: number;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
/** Room for a label before a cut. */
const CONTEXT = 64;

/**
 * Cuts a stream into pieces of whole lines without losing a byte. A line over `maxLine` becomes several
 * pieces, cut at places that depend on nothing but the line; a word over `maxLine` is left out.
 */
export async function* readPieces(
  chunks: AsyncIterable<Uint8Array>,
  options: PieceOptions,
): AsyncGenerator<Piece, void, undefined> {
  const cutter = new PieceCutter(options);
  let failure: { readonly cause: unknown } | null = null;
  try {
    for await (const chunk of chunks) yield* cutter.push(chunk);
  } catch (error) {
    failure = { cause: error };
  }
  yield* cutter.end();
  if (failure !== null) throw failure.cause;
}

class PieceCutter {
  readonly #blockSize: number;
  readonly #maxLine: number;
  #buffer: Buffer;
  /** What is not given out yet: `#buffer[#start, #fill)`, at the start of a line or of a cut. */
  #start = 0;
  #fill = 0;
  #context = 0;
  /** Inside a word that is left out. */
  #isDropping = false;

  constructor({ blockSize, maxLine }: PieceOptions) {
    this.#blockSize = blockSize;
    this.#maxLine = maxLine;
    this.#buffer = Buffer.allocUnsafeSlow(blockSize + CONTEXT);
  }

  *push(chunk: Uint8Array): Generator<Piece, void, undefined> {
    for (let at = 0; at < chunk.length;) {
      if (this.#isDropping) {
        while (at < chunk.length && CLASS[chunk[at]!] !== 0) at++;
        this.#isDropping = at === chunk.length;
        continue;
      }
      if (this.#fill === this.#buffer.length) this.#makeRoom();
      const end = Math.min(chunk.length, at + this.#buffer.length - this.#fill);
      this.#buffer.set(chunk.subarray(at, end), this.#fill);
      this.#fill += end - at;
      at = end;
      if (this.#fill - this.#start >= this.#blockSize) yield* this.#give(false);
    }
  }

  *end(): Generator<Piece, void, undefined> {
    yield* this.#give(true);
  }

  /** Gives out whole lines, and what is surely too long for one; at the end all. */
  *#give(isEnd: boolean): Generator<Piece, void, undefined> {
    const bytes = this.#buffer;
    const max = this.#maxLine;
    while (this.#start < this.#fill) {
      const available = this.#fill - this.#start;
      const last = bytes.subarray(this.#start, this.#fill).lastIndexOf(NEWLINE) + 1;
      // Where the whole piece is shorter than a line may be, no line of it is too long.
      let end = last > 0 && last <= max ? last : this.#endOfLines(last);
      if (end === 0 && isEnd && available <= max) end = available;
      if (end > 0) yield this.#piece(this.#start + end, this.#start + end, false);
      else if (available <= max) return;
      else yield* this.#cutLine();
    }
  }

  /** Length of the lines from `#start` on that are not too long, up to `last`. */
  #endOfLines(last: number): number {
    let end = 0;
    while (end < last) {
      const newline = this.#buffer.indexOf(NEWLINE, this.#start + end);
      if (newline - this.#start - end > this.#maxLine) break;
      end = newline - this.#start + 1;
    }
    return end;
  }

  /** Gives out a part of a line of which more than `maxLine` bytes are there. */
  *#cutLine(): Generator<Piece, void, undefined> {
    const bytes = this.#buffer;
    const end = this.#start + this.#maxLine;
    let at = end;
    while (at > this.#start && bytes[at - 1] !== SPACE && bytes[at - 1] !== TAB) at--;
    if (at === this.#start) {
      at = end;
      while (at > this.#start && CLASS[bytes[at - 1]!] !== 0) at--;
    }
    if (at > this.#start) {
      yield this.#piece(at, Math.max(this.#start, at - CONTEXT), false);
      return;
    }
    let rest = end;
    while (rest < this.#fill && CLASS[bytes[rest]!] !== 0) rest++;
    this.#isDropping = rest === this.#fill;
    yield { bytes, context: rest, from: rest, to: rest, isCut: true };
    this.#start = rest;
    this.#context = rest;
  }

  #piece(to: number, nextContext: number, isCut: boolean): Piece {
    const piece = { bytes: this.#buffer, context: this.#context, from: this.#start, to, isCut };
    this.#start = to;
    this.#context = nextContext;
    return piece;
  }

  /** Moves what is left to the front, into a larger buffer where it fills this one. */
  #makeRoom(): void {
    const kept = this.#fill - this.#context;
    const isFull = kept > this.#buffer.length >> 1;
    const next = isFull ? Buffer.allocUnsafeSlow(this.#buffer.length * 2) : this.#buffer;
    this.#buffer.copy(next, 0, this.#context, this.#fill);
    this.#buffer = next;
    this.#fill = kept;
    this.#start -= this.#context;
    this.#context = 0;
  }
}
