/** The line of each token of a block: where it starts and ends, and its number in the block. */
export class TokenLines {
  starts: Uint32Array = new Uint32Array(1024);
  ends: Uint32Array = new Uint32Array(1024);
  numbers: Uint32Array = new Uint32Array(1024);

  /** The tokens number `from` to `to` stand in the same line. */
  set(from: number, to: number, start: number, end: number, number: number): void {
    if (to > this.starts.length) {
      const size = Math.max(to, this.starts.length * 2);
      this.starts = grown(this.starts, size);
      this.ends = grown(this.ends, size);
      this.numbers = grown(this.numbers, size);
    }
    for (let i = from; i < to; i++) {
      this.starts[i] = start;
      this.ends[i] = end;
      this.numbers[i] = number;
    }
  }
}

const grown = (smaller: Uint32Array, size: number): Uint32Array => {
  const larger = new Uint32Array(size);
  larger.set(smaller);
  return larger;
};
