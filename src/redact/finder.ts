import { Scanner } from '../scan/scanner.ts';
import { SpanKind, Spans } from '../scan/spans.ts';
import { CHAIN, CLASS, DOT, endOfLongRun, ESCAPE, PAD } from './alphabet.ts';
import { endOfSpelled, hideNext, LACKS_REST, redactChains, type ChainContext } from './chains.ts';
import { credentialStart } from './credentials.ts';
import { decodeLayer, isBreak, mayHide } from './decode.ts';
import { Edits } from './edits.ts';
import { redactLabels } from './labels.ts';
import { isShort, opensJson, SHORTEST_SIGNATURE } from './look.ts';
import { findEchoes, Signatures, Words } from './signatures.ts';
import { SHORTEST_WRAPPED, type TokenWriter } from './token-writer.ts';
import { addMapped, plainView, without, type View } from './view.ts';

/** No token is shorter, and no piece of a signature tells anything that is. */
const SHORTEST_WORD = 16;
const MOST_LAYERS = 8;
/** A redactor's mark in brackets may go on so far behind the word. */
const LONGEST_MARK = 90;
/** No signature fits into a word of this length. */
const LONGEST_PLAIN = 40;
const NEWLINE = 0x0a;
const DOT_BYTE = 0x2e;
const MARK_STARTS = new Set([0x5b, 0x3c, 0x28, 0x7b, 0x2a, 0xe2]);
const MAY_FOLLOW = new Set([...MARK_STARTS, 0x2b, 0x2f]);

/**
 * Finds what must not be written in a text of whole lines, and what stands in its place. Looks at one
 * byte in 16: what a token is spelled with stands close together, and ordinary words are short.
 */
export class Finder {
  readonly #scanner: Scanner;
  readonly #writer: TokenWriter;
  readonly #spans = new Spans();
  /** Of the last text. */
  readonly signatures: Signatures = new Signatures();
  readonly #words = new Words();
  readonly #inView = new Edits();
  readonly #tokens: number[] = [];
  /** Where the signatures of these tokens start. */
  readonly #tokenSignatures: number[] = [];
  /** Whether their headers name an algorithm. */
  readonly #isReal: boolean[] = [];
  readonly #chains: ChainContext;
  /** Where a line goes on with a token that the one before began; -1 where none does. */
  #continuesAt = -1;
  #isContinued = false;
  #wrappedEnd = 0;

  /** @param longest bytes of the longest text */
  constructor(longest: number, writer: TokenWriter) {
    this.#scanner = new Scanner(longest);
    this.#writer = writer;
    this.#chains = {
      headers: writer.headers,
      signatures: this.signatures,
      idOf: (bytes, start, end) => writer.idOf(bytes, start, end),
      hidesPayload: (bytes, start, end) => writer.changesPayload(bytes, start, end),
    };
  }

  /** Forgets what the last line began: another text follows. */
  startSource(): void {
    this.#isContinued = false;
  }

  /** Adds replacements in `bytes[from, to)`, in order; what stands before, from `context` on, is looked at. */
  find(bytes: Uint8Array, context: number, from: number, to: number, edits: Edits): void {
    this.signatures.clear();
    this.#words.clear();
    this.#tokens.length = 0;
    this.#tokenSignatures.length = 0;
    this.#isReal.length = 0;
    this.#wrappedEnd = from;
    this.#continuesAt = this.#isContinued ? from : -1;
    let low = from;
    for (let probe = from + SHORTEST_WORD - 1; probe < to; probe += SHORTEST_WORD) {
      if (CLASS[bytes[probe]!] === 0) continue;
      let start = probe;
      while (start > low && CLASS[bytes[start - 1]!] !== 0) start--;
      let end = this.#plainEnd(bytes, start, to);
      if (end > 0) this.#plainToken(bytes, start, to, edits);
      else {
        let classes = 0;
        end = start;
        while (end < to && CLASS[bytes[end]!] !== 0) classes |= CLASS[bytes[end++]!]!;
        if (end - start >= SHORTEST_WORD) this.#word(bytes, context, start, end, to, classes, edits);
      }
      low = end;
      probe = end;
    }
    this.#isContinued = this.#continuesAt === to && to > from;
    edits.settle();
    redactLabels(bytes, context, from, to, this.#tokens, this.#tokenSignatures, this.#writer, edits);
    findEchoes(bytes, from, to, this.#words, this.signatures, (start, end) => {
      edits.add(start, end, '[redacted]');
    });
    edits.settle();
  }

  /**
   * End of the word at `start` where it is just what it seems to be: a header, a payload, a signature
   * long enough to be no mark, and nothing around them. 0 where it is not: then the slow way decides.
   */
  #plainEnd(bytes: Uint8Array, start: number, to: number): number {
    if (bytes[start] !== 0x65) return 0;
    const firstDot = endOfLongRun(bytes, start, to);
    if (bytes[firstDot] !== 0x2e || firstDot - start < SHORTEST_WORD) return 0;
    const secondDot = endOfLongRun(bytes, firstDot + 1, to);
    if (bytes[secondDot] !== 0x2e || secondDot === firstDot + 1) return 0;
    const end = endOfLongRun(bytes, secondDot + 1, to);
    if (end >= to || end - secondDot <= SHORTEST_SIGNATURE) return 0;
    const next = bytes[end]!;
    if (CLASS[next] !== 0 || next === 0x2b || next === 0x2f || MARK_STARTS.has(next)) return 0;
    const header = this.#writer.headers.get(bytes, start, firstDot);
    if (header.alg === null || isShort(header.alg, end - secondDot - 1)) return 0;
    const spans = this.#spans;
    spans.clear();
    spans.push(SpanKind.jws, start, firstDot, secondDot, end, false, header);
    return end;
  }

  /** Redacts the token that `#plainEnd` found. */
  #plainToken(bytes: Uint8Array, start: number, to: number, edits: Edits): void {
    this.#tokens.push(start);
    this.#tokenSignatures.push(this.#spans.secondDot[0]! + 1);
    this.#isReal.push(true);
    this.#writer.redact(bytes, this.#spans, 0, start, to, edits, this.signatures);
  }

  #word(
    bytes: Uint8Array,
    context: number,
    start: number,
    wordEnd: number,
    to: number,
    classes: number,
    edits: Edits,
  ): void {
    const continues = start === this.#continuesAt && !opensJson(bytes, start, wordEnd);
    if (continues && (classes & ESCAPE) === 0) {
      const end = endOfSpelled(bytes, wordEnd, to);
      edits.add(start, end, '[redacted]');
      if (isLineEnd(bytes, end, to)) this.#continuesAt = nextLine(bytes, end, to);
      return;
    }
    const before = edits.count;
    const tokensBefore = this.#tokens.length;
    let end = wordEnd;
    // A backslash at the end belongs to the quote behind it.
    if ((classes & ESCAPE) !== 0) while (end > start && bytes[end - 1] === 0x5c) end--;
    let isOpen = false;
    let lacksLast = false;
    if ((classes & DOT) !== 0 && mayHoldToken(bytes, start, end)) isOpen = this.#dotted(bytes, start, end, to, edits);
    if ((classes & (ESCAPE | PAD)) !== 0 && mayHide(bytes, start, end)) {
      const first = edits.count;
      lacksLast = this.#encoded(bytes, start, end, tokensBefore, edits);
      if (bytes[end] === 0x2b || bytes[end] === 0x2f) {
        const last = endOfSpelled(bytes, end, to);
        for (let i = first; i < edits.count; i++) if (edits.end[i] === end) edits.end[i] = last;
      }
    }
    const hasToken = this.#tokens.length > tokensBefore;
    if (edits.count === before && !hasToken) {
      this.#undotted(bytes, context, start, end, to, edits);
    }
    // A signature that a mark, or another alphabet, keeps apart from the rest of its token.
    if (edits.count > before && bytes[end - 1] === DOT_BYTE) lacksLast = true;
    if (lacksLast && MAY_FOLLOW.has(bytes[end]!)) {
      hideNext(bytes, end, to, edits);
    }
    if (!hasToken) this.#wrapped(bytes, start, end, to, edits);
    if (this.#writer.inner.count > 0) {
      this.signatures.adopt(this.#writer.inner, start);
      this.#writer.inner.clear();
    }
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
      if (tokenStart > at) redactChains(bytes, at, tokenStart, tokenStart, start, edits, this.#chains);
      this.#tokens.push(tokenStart);
      this.#tokenSignatures.push(spans.secondDot[i]! + 1);
      this.#isReal.push((spans.header[i]?.alg ?? null) !== null);
      const tokenEnd = this.#writer.redact(bytes, spans, i, start, to, edits, this.signatures);
      const length = spans.end[i]! - spans.secondDot[i]! - 1;
      isOpen = isShort(spans.header[i]?.alg ?? null, length);
      const next = i + 1 < spans.count ? Math.min(end, spans.start[i + 1]!) : end;
      at = Math.max(at, hideRest(bytes, tokenEnd, next, edits));
    }
    if (at >= end - 1) return isOpen;
    return redactChains(bytes, at, end, to, start, edits, this.#chains) === LACKS_REST;
  }

  /**
   * Looks below each layer of spellings; `first`: number of the first token of this word. Returns
   * whether the word ends in a dot of a token, however that is spelled.
   */
  #encoded(bytes: Uint8Array, start: number, end: number, first: number, edits: Edits): boolean {
    let lacksLast = false;
    let view: View | null = plainView(bytes, start, end);
    // The same with its broken lines joined: what was broken may be a spelling.
    let joined: View | null = null;
    for (let layer = 0; view !== null || joined !== null; layer++) {
      if (layer === MOST_LAYERS) {
        edits.add(start, end, '[redacted]');
        return false;
      }
      const next: View | null = view === null ? null : decodeLayer(view);
      joined = joined === null ? null : decodeLayer(joined);
      if (next !== null && this.#inLayer(next, start, first, edits)) lacksLast = true;
      const whole: View | null = joined ?? next;
      joined = whole === null ? null : (without(whole, isBreak) ?? joined);
      if (joined !== null && this.#inLayer(joined, start, first, edits)) lacksLast = true;
      view = next;
    }
    return lacksLast;
  }

  /** Looks at a layer as at any text, and for base64 in it; true where it ends with a dot of a token. */
  #inLayer(view: View, at: number, first: number, edits: Edits): boolean {
    const found = this.#inView;
    found.clear();
    const { bytes, length } = view;
    const ending = redactChains(bytes, 0, length, length, at, found, this.#chains);
    if (found.count === 0) this.#wrappedIn(view, found);
    const last = edits.count;
    addMapped(view, found, edits);
    for (let i = last, count = edits.count; i < count; i++) this.#keepShape(edits, i, first);
    return ending > 0 && bytes[length - 1] === DOT_BYTE;
  }

  /** A token that the scanner found keeps its two dots, whatever seems to stick to it: it still counts as one. */
  #keepShape(edits: Edits, i: number, first: number): void {
    for (let k = first; k < this.#tokens.length; k++) {
      const start = edits.start[i]!;
      const end = edits.end[i]!;
      const signature = this.#tokenSignatures[k]!;
      if (start <= this.#tokens[k]! || start >= signature || end < signature) continue;
      edits.start[i] = signature;
      // A header without `alg` may be the payload of another token, and its payload a signature.
      if (!this.#isReal[k]) edits.add(start, signature - 1, 'redacted');
    }
  }

  #wrappedIn({ bytes, length }: View, found: Edits): void {
    for (let i = 0; i < length; i++) {
      const end = endOfCredential(bytes, i, length);
      if (end - i >= SHORTEST_WRAPPED && this.#writer.wrapsToken(bytes, i, end)) {
        found.add(i, end, '[redacted]');
      }
      i = Math.max(i, end);
    }
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

/** `+`, `/` and `~` are characters of base64 and of other credentials (RFC 6750 section 2.1). */
const endOfCredential = (bytes: Uint8Array, from: number, to: number): number => {
  let end = from;
  while (end < to && isOfCredential(bytes[end]!)) end++;
  return end;
};

const isOfCredential = (byte: number): boolean =>
  (CLASS[byte]! & CHAIN) !== 0 || byte === 0x2b || byte === 0x2f || byte === 0x7e;

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

