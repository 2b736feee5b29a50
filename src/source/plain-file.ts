import { Buffer } from 'node:buffer';
import { open, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SAMPLE } from './encoding.ts';
import { isPlain } from './open.ts';
import { boundaryIn, type Part } from './parts.ts';
import { openedBytes, readFailure } from './raw.ts';

/** A regular file of plain UTF-8 that stays open while threads read parts of it. */
export class PlainFile {
  readonly path: string;
  readonly size: number;
  /** Its first bytes. */
  readonly start: { readonly bytes: Buffer; readonly length: number };
  /** Turned out to hold what only a reader of the whole can tell. */
  isOdd = false;
  /** Could not be read to its end. */
  isBroken = false;
  readonly #handle: FileHandle;
  #users = 1;
  #last = { at: 0, line: -1, boundary: 0 };

  private constructor(path: string, handle: FileHandle, size: number, sample: Buffer) {
    this.path = path;
    this.#handle = handle;
    this.size = size;
    this.start = { bytes: sample, length: sample.length };
  }

  /** Null for anything else, for less than `least` bytes, and for what can't be opened. */
  static async open(path: string, cwd: string, least: number): Promise<PlainFile | null> {
    const handle = await open(resolve(cwd, path)).catch(() => null);
    if (handle === null) return null;
    try {
      const stats = await handle.stat();
      if (stats.isFile() && stats.size >= least) {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(SAMPLE), 0, SAMPLE, 0);
        const sample = buffer.subarray(0, bytesRead);
        if (isPlain(sample)) return new PlainFile(path, handle, stats.size, sample);
      }
    } catch {
      // Who reads it from its start will say what is wrong.
    }
    await handle.close();
    return null;
  }

  part(from: number, to: number, maxLine: number): Part {
    return { fd: this.#handle.fd, from, to: Math.min(to, this.size), size: this.size, maxLine };
  }

  /** Where the lines of a part begin and end. Throws IncompleteInput where its start can't be read. */
  rangeOf(part: Part): { readonly from: number; readonly to: number } {
    const from = this.#boundaryAt(part.from);
    try {
      return { from, to: this.#boundaryAt(part.to) };
    } catch {
      // Whoever reads on comes to what is wrong.
      return { from, to: this.size };
    }
  }

  #boundaryAt(at: number): number {
    if (at === 0 || at >= this.size) return Math.min(at, this.size);
    // Of a line that never ends, the end is looked for once.
    if (at < this.#last.at || at > this.#last.line) {
      try {
        this.#last = { at, ...boundaryIn(this.#handle.fd, at, this.size) };
      } catch (error) {
        throw readFailure(this.path, at, error);
      }
    }
    return this.#last.boundary;
  }

  /** The bytes from `from` to `to`, for `readBlocks`. Throws IncompleteInput. */
  bytes(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    return openedBytes(this.#handle, this.path, { from, to, size: this.size });
  }

  /** Somebody else is to read from it, and will let it go too. */
  hold(): void {
    this.#users++;
  }

  /** Closes the file when nobody needs it any more. */
  async letGo(): Promise<void> {
    this.#users--;
    if (this.#users === 0) await this.#handle.close();
  }
}
