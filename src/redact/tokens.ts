/** The tokens that the scanner found in a text. */
export class Tokens {
  count = 0;
  readonly start: number[] = [];
  readonly signature: number[] = [];
  /** Whether the header names an algorithm. */
  readonly isReal: boolean[] = [];

  clear(): void {
    this.count = 0;
  }

  add(start: number, signature: number, isReal: boolean): void {
    this.start[this.count] = start;
    this.signature[this.count] = signature;
    this.isReal[this.count] = isReal;
    this.count++;
  }
}
