import type { Header } from './header.ts';

/** What the scanner saw at a place; `judge` turns it into a verdict. */
export const SpanKind = {
  /** Three parts: header, payload, signature (RFC 7515 section 7.1). */
  jws: 0,
  /** Five parts (RFC 7516 section 7.1). */
  jwe: 1,
  /** Header and payload, and a mark where the signature was. */
  masked: 2,
  /** Follows the label `Token: ` or was named by `--pattern`, and is no token. */
  notAToken: 3,
  /** Longer than `--max-token`. */
  oversized: 4,
  /** Runs into the end of a line whose rest is missing: over `--max-line`, or the file is damaged. */
  cut: 5,
} as const;

/** Token spans of one block as parallel arrays of offsets; grows, and is reused from block to block. */
export class Spans {
  count = 0;
  kind: Uint8Array = new Uint8Array(1024);
  start: Uint32Array = new Uint32Array(1024);
  /** Where the header ends (its dot). */
  firstDot: Uint32Array = new Uint32Array(1024);
  /** Where the payload ends (its dot). */
  secondDot: Uint32Array = new Uint32Array(1024);
  end: Uint32Array = new Uint32Array(1024);
  /** A segment carries `=` padding. */
  padded: Uint8Array = new Uint8Array(1024);
  readonly header: (Header | null)[] = [];

  clear(): void {
    this.count = 0;
    this.header.length = 0;
  }

  /** Forgets all spans from number `count` on. */
  truncate(count: number): void {
    this.count = count;
    this.header.length = count;
  }

  push(
    kind: number,
    start: number,
    firstDot: number,
    secondDot: number,
    end: number,
    padded: boolean,
    header: Header | null,
  ): void {
    const at = this.count;
    if (at === this.kind.length) this.#grow();
    this.kind[at] = kind;
    this.start[at] = start;
    this.firstDot[at] = firstDot;
    this.secondDot[at] = secondDot;
    this.end[at] = end;
    this.padded[at] = padded ? 1 : 0;
    this.header[at] = header;
    this.count = at + 1;
  }

  #grow(): void {
    const size = this.kind.length * 2;
    this.kind = copyTo(new Uint8Array(size), this.kind);
    this.padded = copyTo(new Uint8Array(size), this.padded);
    this.start = copyTo(new Uint32Array(size), this.start);
    this.firstDot = copyTo(new Uint32Array(size), this.firstDot);
    this.secondDot = copyTo(new Uint32Array(size), this.secondDot);
    this.end = copyTo(new Uint32Array(size), this.end);
  }
}

const copyTo = <T extends Uint8Array | Uint32Array>(larger: T, smaller: T): T => {
  larger.set(smaller);
  return larger;
};
