import { Buffer } from 'node:buffer';
import type { Block } from './block.ts';
import type { InputNotice } from './input.ts';

/** Sizes in bytes; `blockSize` and `maxLine` are at least 1. */
export interface BlockOptions {
  /** How many bytes to gather before a block is given out. */
  readonly blockSize: number;
  /** The longest line kept whole, without its `\n`. */
  readonly maxLine: number;
  /** Makes the buffer of a block: of this size, and shared with nobody. */
  readonly allocate?: (size: number) => Uint8Array;
  readonly onNotice?: (notice: InputNotice) => void;
  /** Of the stream's first byte, 0 unless told. */
  readonly offset?: number;
  /** Where runs of NUL bytes are counted; told by `onNotice` in the end unless given. */
  readonly padding?: NulPadding;
}

/** NUL bytes at the start of lines: what a log that was cut while somebody wrote to it is filled up with. */
export class NulPadding {
  runs = 0;
  bytes = 0;
  /** Of the first run. */
  offset = 0;

  /** Null where there were none. */
  notice(): InputNotice | null {
    if (this.runs === 0) return null;
    const bytes = this.bytes.toLocaleString('en-US');
    const where = `the start of ${this.runs === 1 ? 'a line' : `${this.runs.toLocaleString('en-US')} lines`}`;
    return {
      code: 'nul_padding',
      message: `skipped ${bytes} NUL byte${this.bytes === 1 ? '' : 's'} at ${where}, the first at byte ${this.offset}`,
    };
  }
}

export const NEWLINE = 0x0a;
export const EVENT_LABEL: Buffer = Buffer.from('User Log: ');
const ZEROS: Buffer = Buffer.alloc(65_536);

/**
 * Cuts a decoded byte stream into blocks of whole lines; only `\n` ends a line.
 * A line and the `User Log:` line after it share a block: an event never starts a pair, it ends one.
 * Holds at most `blockSize + 2 * maxLine` bytes. When `chunks` fails, what came before is given out first.
 */
export async function* readBlocks(
  chunks: AsyncIterable<Uint8Array>,
  options: BlockOptions,
): AsyncGenerator<Block, void, undefined> {
  const cutter = new BlockCutter(options);
  let failure: { readonly cause: unknown } | null = null;
  try {
    for await (const chunk of chunks) yield* cutter.push(chunk);
  } catch (error) {
    failure = { cause: error };
  }
  yield* cutter.end(failure !== null);
  const notice = options.padding === undefined ? cutter.padding.notice() : null;
  if (notice !== null) options.onNotice?.(notice);
  if (failure !== null) throw failure.cause;
}

class BlockCutter {
  readonly padding: NulPadding;
  readonly #blockSize: number;
  readonly #maxLine: number;
  readonly #allocate: (size: number) => Uint8Array;
  #buffer: Buffer;
  #fill = 0;
  /** Offset of the buffer's first byte in the stream. */
  #offset: number;
  /** Bytes of the unfinished line at the end of the buffer. */
  #lineLength = 0;
  /** Inside the rest of an over-long line. */
  #dropping = false;
  #inPadding = false;

  constructor(options: BlockOptions) {
    this.#blockSize = options.blockSize;
    this.#maxLine = options.maxLine;
    this.#allocate = options.allocate ?? ((size) => Buffer.allocUnsafeSlow(size));
    this.#buffer = this.#newBuffer(options.blockSize);
    this.#offset = options.offset ?? 0;
    this.padding = options.padding ?? new NulPadding();
  }

  *push(chunk: Uint8Array): Generator<Block, void, undefined> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    let padding = -1;
    while (at < bytes.length) {
      if (this.#dropping) {
        at = this.#drop(bytes, at);
        continue;
      }
      if (this.#lineLength === 0 && bytes[at] === 0) {
        if (this.#fill > 0) yield this.#take(this.#fill, false);
        at = this.#skipPadding(bytes, at);
        continue;
      }
      if (this.#fill === this.#buffer.length) {
        const end = this.#cutPoint();
        if (end > 0) yield this.#take(end, false);
        else this.#grow();
        continue;
      }
      if (padding < at) padding = nextPadding(bytes, at);
      const stop = Math.min(at + this.#buffer.length - this.#fill, padding);
      const end = this.#measure(bytes, at, stop);
      bytes.copy(this.#buffer, this.#fill, at, end);
      this.#fill += end - at;
      this.#inPadding = false;
      at = end;
      if (end < stop) {
        yield this.#take(this.#fill, true);
        this.#lineLength = 0;
        this.#dropping = true;
      }
    }
  }

  *end(failed: boolean): Generator<Block, void, undefined> {
    const torn = failed && this.#lineLength > 0;
    if (this.#fill > 0) yield { ...this.#take(this.#fill, false), torn };
  }

  /** Takes [at, stop) into the account of lines; returns less than `stop` where a line is over-long. */
  #measure(bytes: Buffer, at: number, stop: number): number {
    let start = at - this.#lineLength;
    while (stop - start > this.#maxLine) {
      const limit = start + this.#maxLine;
      const newline = lastNewline(bytes, Math.max(at, start), limit + 1);
      if (newline < 0) return limit;
      start = newline + 1;
    }
    const newline = lastNewline(bytes, Math.max(at, start), stop);
    this.#lineLength = stop - (newline < 0 ? start : newline + 1);
    return stop;
  }

  /** Where a full buffer may be cut; 0 when it holds too little. */
  #cutPoint(): number {
    const complete = this.#fill - this.#lineLength;
    if (complete === 0) return 0;
    const lastLine = lastNewline(this.#buffer, 0, complete - 1) + 1;
    const isEvent = this.#buffer.subarray(lastLine, complete).includes(EVENT_LABEL);
    return isEvent ? complete : lastLine;
  }

  /** Gives out the first `end` bytes and keeps the rest. */
  #take(end: number, cut: boolean): Block {
    const full = this.#buffer;
    const offset = this.#offset;
    const rest = this.#fill - end;
    let bytes: Buffer;
    if (end * 2 < full.length) {
      // A short block gets a buffer of its own length: many of them must not cost a full one each.
      bytes = this.#newBuffer(end);
      full.copy(bytes, 0, 0, end);
      full.copyWithin(0, end, this.#fill);
    } else {
      bytes = full;
      this.#buffer = this.#newBuffer(Math.max(this.#blockSize, rest));
      full.copy(this.#buffer, 0, end, this.#fill);
    }
    this.#fill = rest;
    this.#offset += end;
    return { bytes, length: end, offset, cut, torn: false };
  }

  #drop(bytes: Buffer, at: number): number {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    this.#offset += end - at;
    this.#dropping = newline < 0;
    return end;
  }

  #skipPadding(bytes: Buffer, at: number): number {
    const end = endOfZeros(bytes, at);
    const { padding } = this;
    if (padding.runs === 0) padding.offset = this.#offset;
    if (!this.#inPadding) padding.runs++;
    this.#inPadding = true;
    padding.bytes += end - at;
    this.#offset += end - at;
    return end;
  }

  #grow(): void {
    const most = this.#blockSize + 2 * this.#maxLine + 2;
    const wider = this.#newBuffer(Math.min(this.#buffer.length * 2, most));
    this.#buffer.copy(wider, 0, 0, this.#fill);
    this.#buffer = wider;
  }

  #newBuffer(size: number): Buffer {
    const { buffer, byteOffset } = this.#allocate(size);
    return Buffer.from(buffer, byteOffset, size);
  }
}

/** The last line break in [from, to), -1 for none. */
export const lastNewline = (bytes: Buffer, from: number, to: number): number => {
  const index = bytes.subarray(from, to).lastIndexOf(NEWLINE);
  return index < 0 ? -1 : from + index;
};

/** The next NUL that starts a line after `from`, else the end. */
export const nextPadding = (bytes: Buffer, from: number): number => {
  for (let at = bytes.indexOf(0, from); at >= 0; at = bytes.indexOf(0, at)) {
    if (at > from && bytes[at - 1] === NEWLINE) return at;
    // Skips the rest of this line: it may hold any number of NUL bytes.
    at = bytes.indexOf(NEWLINE, at) + 1;
    if (at === 0) break;
    if (bytes[at] === 0) return at;
  }
  return bytes.length;
};

const endOfZeros = (bytes: Buffer, from: number): number => {
  let at = from;
  while (at + ZEROS.length <= bytes.length && ZEROS.compare(bytes, at, at + ZEROS.length) === 0) {
    at += ZEROS.length;
  }
  while (at < bytes.length && bytes[at] === 0) at++;
  return at;
};
