import { PatternScanner } from '../scan/pattern.ts';
import { Scanner } from '../scan/scanner.ts';
import type { Spans } from '../scan/spans.ts';
import type { Notices } from './notices.ts';

const NEWLINE = 0x0a;

/** Finds the tokens of one line after the other, by their shape or by the user's own pattern. */
export class LineScanner {
  readonly #scanner: Scanner;
  readonly #pattern: PatternScanner | null;
  readonly #notices: Notices;

  /** @param pattern source of a pattern, null for none */
  constructor(maxToken: number, pattern: string | null, notices: Notices) {
    this.#scanner = new Scanner(maxToken);
    this.#pattern = pattern === null ? null : new PatternScanner(pattern, this.#scanner);
    this.#notices = notices;
  }

  /** Adds the tokens of the line that begins at `start`; returns where it ends, at `length` at the latest. */
  scan(bytes: Uint8Array, start: number, length: number, spans: Spans): number {
    if (this.#pattern === null) return this.#scanner.scanLine(bytes, start, length, spans);
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 || newline > length ? length : newline;
    if (!this.#pattern.scanLine(bytes, start, end, spans)) this.#notices.add('pattern_timeout');
    return end;
  }
}
