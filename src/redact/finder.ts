import type { KernelModule } from '../kernel/module.ts';
import { Scanner } from '../scan/scanner.ts';
import { SpanKind, Spans } from '../scan/spans.ts';
import { CHAIN, CLASS, DOT, ESCAPE, PAD } from './alphabet.ts';
import { endOfSpelled, hideNext, LACKS_REST, redactChains, type ChainContext } from './chains.ts';
import { credentialStart } from './credentials.ts';
import { mayHide } from './decode.ts';
import { Edits } from './edits.ts';
import { redactLabels } from './labels.ts';
import { endOfCredential, LayerReader } from './layers.ts';
import { isShort, opensJson } from './look.ts';
import { findEchoes, Signatures, Words } from './signatures.ts';
import { SHORTEST_WRAPPED, type TokenWriter } from './token-writer.ts';
import { Tokens } from './tokens.ts';
import { SHORTEST_WORD, WordFinder, type WordSink } from './word-finder.ts';

/** A redactor's mark in brackets may go on so far behind the word. */
const LONGEST_MARK = 90;
/** No signature fits into a word of this length. */
const LONGEST_PLAIN = 40;
const NEWLINE = 0x0a;
const DOT_BYTE = 0x2e;
const MARK_STARTS = new Set([0x5b, 0x3c, 0x28, 0x7b, 0x2a, 0xe2]);
const MAY_FOLLOW = new Set([...MARK_STARTS, 0x2b, 0x2f]);

interface Text {
  readonly bytes: Uint8Array;
  readonly context: number;
  readonly to: number;
  readonly edits: Edits;
}

/** Finds what must not be written in a text of whole lines, and what stands in its place. */
export class Finder {
  readonly #scanner: Scanner;
  readonly #writer: TokenWriter;
  readonly #spans = new Spans();
  /** Of the last text. */
  readonly signatures: Signatures = new Signatures();
  readonly #words = new Words();
  readonly #tokens = new Tokens();
  readonly #layers: LayerReader;
  readonly #finder: WordFinder;
  readonly #sink: WordSink = {
    onWord: (start, end) => this.#word(start, end),
    onToken: (start, firstDot, secondDot, end, idAt) =>
      this.#token(start, firstDot, secondDot, end, idAt),
  };
  /** What is being read. */
  #text: Text = { bytes: new Uint8Array(0), context: 0, to: 0, edits: new Edits() };
  readonly #chains: ChainContext;
  /** Where a line goes on with a token that the one before began; -1 where none does. */
  #continuesAt = -1;
  #isContinued = false;
  #wrappedEnd = 0;

  /** @param longest bytes of the longest text */
  constructor(longest: number, writer: TokenWriter, kernel: KernelModule | null) {
    this.#scanner = new Scanner(longest);
    this.#writer = writer;
    this.#finder = new WordFinder(kernel);
    this.#chains = {
      headers: writer.headers,
      signatures: this.signatures,
      idOf: (bytes, start, end) => writer.idOf(bytes, start, end),
      hidesPayload: (bytes, start, end) => writer.changesPayload(bytes, start, end),
    };
    this.#layers = new LayerReader(writer, this.#chains, this.#tokens);
  }

  /** Forgets what the last line began: another text follows. */
  startSource(): void {
    this.#isContinued = false;
  }

  /** Adds replacements in `bytes[from, to)`, in order; what stands before, from `context` on, is looked at. */
  find(bytes: Uint8Array, context: number, from: number, to: number, edits: Edits): void {
    this.signatures.clear();
    this.#words.clear();
    this.#tokens.clear();
    this.#wrappedEnd = from;
    this.#continuesAt = this.#isContinued ? from : -1;
    this.#text = { bytes, context, to, edits };
    this.#finder.find(bytes, from, to, this.#sink);
    this.#isContinued = this.#continuesAt === to && to > from;
    edits.settle();
    redactLabels(bytes, context, from, to, this.#tokens, this.#writer, edits);
    findEchoes(bytes, from, to, this.#words, this.signatures, (start, end) => {
      edits.add(start, end, '[redacted]');
    });
    edits.settle();
  }

  /** A token that seems plain: it is where its header names an algorithm, and nothing else may follow. */
  #token(start: number, firstDot: number, secondDot: number, end: number, idAt: number): void {
    const { bytes, to, edits } = this.#text;
    const header = this.#writer.headers.get(bytes, start, firstDot);
    const isWhole = header.alg !== null && !isShort(header.alg, end - secondDot - 1);
    if (!isWhole || MAY_FOLLOW.has(bytes[end]!)) {
      this.#word(start, end);
      return;
    }
    this.#tokens.add(start, secondDot + 1, true);
    if (idAt > 0 && this.#writer.isPlain(bytes, start, firstDot, secondDot)) {
      this.signatures.add(start, bytes, secondDot + 1, end);
      edits.ids = this.#finder.ids;
      edits.addMark(secondDot + 1, end, idAt);
      return;
    }
    const spans = this.#spans;
    spans.clear();
    spans.push(SpanKind.jws, start, firstDot, secondDot, end, false, header);
    this.#writer.redact(bytes, spans, 0, start, to, edits, this.signatures);
    this.#adoptInner(start);
  }

  #adoptInner(at: number): void {
    const { inner } = this.#writer;
    if (inner.count === 0) return;
    this.signatures.adopt(inner, at);
    inner.clear();
  }

  #word(start: number, wordEnd: number): void {
    const { bytes, context, to, edits } = this.#text;
    let classes = 0;
    for (let i = start; i < wordEnd; i++) classes |= CLASS[bytes[i]!]!;
    const continues = start === this.#continuesAt && !opensJson(bytes, start, wordEnd);
    if (continues && (classes & ESCAPE) === 0) {
      const end = endOfSpelled(bytes, wordEnd, to);
      edits.add(start, end, '[redacted]');
      if (isLineEnd(bytes, end, to)) this.#continuesAt = nextLine(bytes, end, to);
      return;
    }
    const before = edits.count;
    const tokensBefore = this.#tokens.count;
    let end = wordEnd;
    // A backslash at the end belongs to the quote behind it.
    if ((classes & ESCAPE) !== 0) while (end > start && bytes[end - 1] === 0x5c) end--;
    let isOpen = false;
    let lacksLast = false;
    if ((classes & DOT) !== 0 && mayHoldToken(bytes, start, end))
      isOpen = this.#dotted(bytes, start, end, to, edits);
    if ((classes & (ESCAPE | PAD)) !== 0 && mayHide(bytes, start, end)) {
      const first = edits.count;
      lacksLast = this.#layers.read(bytes, start, end, tokensBefore, edits);
      if (bytes[end] === 0x2b || bytes[end] === 0x2f) {
        const last = endOfSpelled(bytes, end, to);
        for (let i = first; i < edits.count; i++) if (edits.end[i] === end) edits.end[i] = last;
      }
    }
    const hasToken = this.#tokens.count > tokensBefore;
    if (edits.count === before && !hasToken) {
      this.#undotted(bytes, context, start, end, to, edits);
    }
    // A signature that a mark, or another alphabet, keeps apart from the rest of its token.
    if (edits.count > before && bytes[end - 1] === DOT_BYTE) lacksLast = true;
    if (lacksLast && MAY_FOLLOW.has(bytes[end]!)) {
      hideNext(bytes, end, to, edits);
    }
    if (!hasToken) this.#wrapped(bytes, start, end, to, edits);
    this.#adoptInner(start);
    if (isOpen && isLineEnd(bytes, wordEnd, to)) this.#continuesAt = nextLine(bytes, wordEnd, to);
  }

  /** What the scanner finds, and looser chains around it; true where the word ends inside a token. */
  #dotted(bytes: Uint8Array, start: number, end: number, to: number, edits: Edits): boolean {
    const spans = this.#spans;
    const limit = MARK_STARTS.has(bytes[end]!) ? Math.min(to, end + LONGEST_MARK) : end;
    spans.clear();
    this.#scanner.scanLine(bytes, start, limit, spans);
    let at = start;
    let isOpen = false;
    for (let i = 0; i < spans.count; i++) {
      const tokenStart = spans.start[i]!;
      if (tokenStart >= end) break;
      if (tokenStart > at)
        redactChains(bytes, at, tokenStart, tokenStart, start, edits, this.#chains);
      const alg = spans.header[i]?.alg ?? null;
      this.#tokens.add(tokenStart, spans.secondDot[i]! + 1, alg !== null);
      const { signatures } = this;
      const tokenEnd = this.#writer.redact(bytes, spans, i, start, to, edits, signatures);
      const length = spans.end[i]! - spans.secondDot[i]! - 1;
      isOpen = isShort(alg, length);
      const next = i + 1 < spans.count ? Math.min(end, spans.start[i + 1]!) : end;
      at = Math.max(at, hideRest(bytes, tokenEnd, next, edits));
    }
    if (at >= end - 1) return isOpen;
    return redactChains(bytes, at, end, to, start, edits, this.#chains) === LACKS_REST;
  }

  #undotted(
    bytes: Uint8Array,
    context: number,
    start: number,
    end: number,
    to: number,
    edits: Edits,
  ): void {
    const credential = credentialStart(bytes, context, start, end);
    if (credential >= 0) {
      const last = endOfCredential(bytes, end, to);
      edits.add(credential, last, this.#writer.wholeMark(bytes, credential, last));
      return;
    }
    this.#words.add(start, end);
  }

  /** A token in base64, which goes on behind `+` and `/`. */
  #wrapped(bytes: Uint8Array, start: number, end: number, to: number, edits: Edits): void {
    if (end - start < SHORTEST_WRAPPED || start < this.#wrappedEnd) return;
    const run = endOfCredential(bytes, end, to);
    this.#wrappedEnd = run;
    if (!this.#writer.wrapsToken(bytes, start, run)) return;
    edits.add(start, run, this.#writer.wholeMark(bytes, start, run));
  }
}

/** More parts behind a token, which its padding keeps apart, are of a token that is longer. */
const hideRest = (bytes: Uint8Array, from: number, to: number, edits: Edits): number => {
  let end = from;
  while (end < to && (CLASS[bytes[end]!]! & CHAIN) !== 0) end++;
  if (end - from < SHORTEST_WORD) return from;
  edits.add(from, end, '[redacted]');
  return end;
};

/** A shorter word without the start of an object is no token, however its header is spelled. */
const mayHoldToken = (bytes: Uint8Array, start: number, end: number): boolean => {
  if (end - start > LONGEST_PLAIN) return true;
  for (let i = start; i < end - 1; i++) {
    if (bytes[i] === 0x65 && (bytes[i + 1] === 0x79 || bytes[i + 1] === 0x77)) return true;
  }
  return false;
};

const isLineEnd = (bytes: Uint8Array, at: number, to: number): boolean =>
  at >= to || bytes[at] === NEWLINE || (bytes[at] === 0x0d && bytes[at + 1] === NEWLINE);

/** Where the line after the one that ends at `at` starts. */
const nextLine = (bytes: Uint8Array, at: number, to: number): number =>
  Math.min(to, at + (bytes[at] === 0x0d ? 2 : 1));
