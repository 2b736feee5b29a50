import { Buffer } from 'node:buffer';
import type { KernelModule } from '../kernel/module.ts';
import { readPieces, type PieceOptions } from './pieces.ts';
import { Redactor, type RedactChoices } from './redactor.ts';

/** In the place of a word that is longer than a line may be. */
const LEFT_OUT: Uint8Array = Buffer.from('[redacted: a word over --max-line]');

export interface RedactOptions extends RedactChoices, PieceOptions {
  /** The fast twin, null to do without. */
  readonly kernel: KernelModule | null;
}

/** Redacts one stream after another; what each chunk gives is valid until the next is asked for. */
export class LogRedactor {
  readonly #options: RedactOptions;
  readonly #redactor: Redactor;

  constructor(options: RedactOptions) {
    this.#options = options;
    const longest = Math.max(options.blockSize, options.maxLine);
    this.#redactor = new Redactor(longest, options, options.kernel);
  }

  /** The same log without usable tokens; fails as `chunks` does, after everything that came before. */
  async *redact(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    this.#redactor.startSource();
    for await (const { bytes, context, from, to, isCut } of readPieces(chunks, this.#options)) {
      yield isCut ? LEFT_OUT : this.#redactor.redact(bytes, context, from, to);
    }
  }
}
