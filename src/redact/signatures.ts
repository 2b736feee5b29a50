import { latin1 } from '../scan/text.ts';

/** Shorter pieces of a signature tell nothing. */
const WINDOW = 16;
const STEP = 8;
/** Pairs of word and signature that are compared in a line; beyond, every long word goes. */
const MOST_PAIRS = 4096;
const NEWLINE = 0x0a;

/** The signatures that were taken out of a text, each with the place where its token was. */
export class Signatures {
  count = 0;
  readonly at: number[] = [];
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly bytes: Uint8Array[] = [];

  clear(): void {
    this.count = 0;
  }

  /** Adds those that were found inside of something at `at`. */
  adopt(inner: Signatures, at: number): void {
    for (let i = 0; i < inner.count; i++) {
      this.add(at, inner.bytes[i]!, inner.from[i]!, inner.to[i]!);
    }
  }

  add(at: number, bytes: Uint8Array, from: number, to: number): void {
    if (to - from < WINDOW) return;
    const i = this.count++;
    this.at[i] = at;
    this.from[i] = from;
    this.to[i] = to;
    this.bytes[i] = bytes;
  }
}

/** Words of a text in which nothing was found. */
export class Words {
  count = 0;
  readonly start: number[] = [];
  readonly end: number[] = [];

  clear(): void {
    this.count = 0;
  }

  add(start: number, end: number): void {
    this.start[this.count] = start;
    this.end[this.count] = end;
    this.count++;
  }
}

/** Calls `onEcho` for each word that repeats a part of a signature of its line. */
export const findEchoes = (
  text: Uint8Array,
  from: number,
  to: number,
  words: Words,
  signatures: Signatures,
  onEcho: (start: number, end: number) => void,
): void => {
  if (signatures.count === 0) return;
  let lineEnd = from;
  let first = 0;
  let last = 0;
  let pairs = 0;
  for (let i = 0; i < words.count; i++) {
    const start = words.start[i]!;
    const end = words.end[i]!;
    if (start >= lineEnd) {
      const lineStart = Math.max(from, text.lastIndexOf(NEWLINE, start) + 1);
      const newline = text.indexOf(NEWLINE, end);
      lineEnd = newline < 0 ? to : newline;
      while (last < signatures.count && signatures.at[last]! < lineStart) last++;
      first = last;
      while (last < signatures.count && signatures.at[last]! < lineEnd) last++;
      pairs = 0;
    }
    if (first === last) continue;
    pairs += last - first;
    if (pairs > MOST_PAIRS || repeats(latin1(text, start, end), signatures, first, last)) {
      onEcho(start, end);
    }
  }
};

const repeats = (word: string, signatures: Signatures, first: number, last: number): boolean => {
  for (let i = first; i < last; i++) {
    const signature = latin1(signatures.bytes[i]!, signatures.from[i]!, signatures.to[i]!);
    const end = signature.length - WINDOW;
    for (let at = 0; at < end; at += STEP) {
      if (word.includes(signature.slice(at, at + WINDOW))) return true;
    }
    if (word.includes(signature.slice(end))) return true;
  }
  return false;
};
