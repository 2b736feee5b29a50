import { instantiateWords, type KernelModule, type WordsExports } from '../kernel/module.ts';
import { CLASS, endOfLongRun } from './alphabet.ts';
import { SHORTEST_SIGNATURE } from './look.ts';

/** No token is shorter, and no piece of a signature tells anything that is. */
export const SHORTEST_WORD = 16;
const DOT = 0x2e;
/** Place of the id in a record of the kernel. */
const ID_PLACE = 16;
/** What the kernel takes less time for than the copy to its memory. */
const LEAST_FOR_KERNEL = 4096;

/** What is told of a word that is a plain token: its dots, and its id where that is known. */
export interface WordSink {
  /** A word with nothing special about it. */
  onWord(start: number, end: number): void;
  /**
   * A header, a payload and a signature, and nothing around them. `idAt`: where in `ids` its `token_id`
   * stands, 0 where nobody has made it.
   */
  onToken(start: number, firstDot: number, secondDot: number, end: number, idAt: number): void;
}

/** Finds the words of 16 bytes and more in which a token can be: by the kernel, or by its slow twin. */
export class WordFinder {
  readonly #kernel: WordsExports | null;
  /** Ids of the tokens of the last text. */
  ids: Uint8Array = new Uint8Array(0);

  constructor(module: KernelModule | null) {
    this.#kernel = module === null ? null : instantiateWords(module);
  }

  find(bytes: Uint8Array, from: number, to: number, sink: WordSink): void {
    const kernel = to - from < LEAST_FOR_KERNEL ? null : this.#kernel;
    if (kernel !== null && kernel.reserveText(to - from) !== 0) {
      this.ids = new Uint8Array(kernel.memory.buffer);
      findByKernel(kernel, bytes, from, to, sink);
    } else findSlowly(bytes, from, to, sink);
  }
}

const findByKernel = (
  kernel: WordsExports,
  bytes: Uint8Array,
  from: number,
  to: number,
  sink: WordSink,
): void => {
  const { buffer } = kernel.memory;
  const base = kernel.WORDS_TEXT.value;
  new Uint8Array(buffer, base, to - from).set(bytes.subarray(from, to));
  const count = kernel.findWords(0, to - from);
  const size = kernel.WORD_SIZE.value >> 2;
  const table = kernel.words.value;
  const records = new Uint32Array(buffer, table, count * size);
  const offset = from - base;
  for (let i = 0, at = 0; i < count; i++, at += size) {
    const start = records[at]! + offset;
    const end = records[at + 1]! + offset;
    const firstDot = records[at + 2]!;
    if (firstDot === 0) sink.onWord(start, end);
    else {
      const idAt = table + (at << 2) + ID_PLACE;
      sink.onToken(start, from + firstDot, from + records[at + 3]!, end, idAt);
    }
  }
};

/** Looks at one byte in 16: what a token is spelled with stands close together, and words are short. */
const findSlowly = (bytes: Uint8Array, from: number, to: number, sink: WordSink): void => {
  let low = from;
  for (let probe = from + SHORTEST_WORD - 1; probe < to; probe += SHORTEST_WORD) {
    if (CLASS[bytes[probe]!] === 0) continue;
    let start = probe;
    while (start > low && CLASS[bytes[start - 1]!] !== 0) start--;
    let end = bytes[start] === 0x65 ? tokenAt(bytes, start, to, sink) : 0;
    if (end === 0) {
      end = probe + 1;
      while (end < to && CLASS[bytes[end]!] !== 0) end++;
      if (end - start >= SHORTEST_WORD) sink.onWord(start, end);
    }
    low = end;
    probe = end;
  }
};

/** End of the plain token at `start`; 0 where there is none. */
const tokenAt = (bytes: Uint8Array, start: number, to: number, sink: WordSink): number => {
  const firstDot = endOfLongRun(bytes, start, to);
  if (bytes[firstDot] !== DOT || firstDot - start < SHORTEST_WORD) return 0;
  const secondDot = endOfLongRun(bytes, firstDot + 1, to);
  if (bytes[secondDot] !== DOT || secondDot === firstDot + 1) return 0;
  const end = endOfLongRun(bytes, secondDot + 1, to);
  if (end >= to || end - secondDot <= SHORTEST_SIGNATURE || CLASS[bytes[end]!] !== 0) return 0;
  sink.onToken(start, firstDot, secondDot, end, 0);
  return end;
};
