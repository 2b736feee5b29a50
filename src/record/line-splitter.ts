const LF = 0x0a;

/** A line without its line break. */
export interface Line {
  /** At most as many bytes as the limit. */
  readonly bytes: Buffer;
  /** There was more of it than the limit. */
  readonly isCut: boolean;
  /** It ended in a line break, not with the file. */
  readonly isEnded: boolean;
}

/** Cuts a stream of bytes into lines; of a line beyond `limit` bytes it keeps no more than that. */
export class LineSplitter {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #length = 0;
  #isCut = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that end in this piece. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      this.#keep(chunk.subarray(from, end));
      lines.push(this.#take(true));
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  /** What follows the last line break, if anything does. */
  end(): Line | null {
    return this.#length > 0 || this.#isCut ? this.#take(false) : null;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    const room = this.#limit - this.#length;
    if (part.length > room) this.#isCut = true;
    const kept = part.subarray(0, room);
    this.#parts.push(kept);
    this.#length += kept.length;
  }

  #take(isEnded: boolean): Line {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const line: Line = { bytes, isCut: this.#isCut, isEnded };
    this.#parts = [];
    this.#length = 0;
    this.#isCut = false;
    return line;
  }
}
