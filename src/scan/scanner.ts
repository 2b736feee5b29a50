import { decodeBase64url } from './base64url.ts';
import { endOfRun, readShape, type Shape } from './compact.ts';
import { HeaderCache } from './header.ts';
import { endOfWord, isBoundary, readLabel, trimClosing } from './label.ts';
import { SpanKind, type Spans } from './spans.ts';

const NEWLINE = 0x0a;
/** Bytes at which the scan must stop and look: newline, `T` of the label, `e` of a header. */
const STOP: Uint8Array = new Uint8Array(256);
STOP[NEWLINE] = 1;
STOP[0x54] = 1;
STOP[0x65] = 1;

/** `{"alg":"x"}` takes 15 characters; what is shorter and no JSON is a word that looks like one. */
const SHORTEST_HEADER = 12;
/** Bounds the work on a run such as `eyJeyJeyJ…`, in which every third character could start a header. */
const MOST_STARTS = 4;

/** Finds tokens in lines: byte scan, no regular expression, linear in the input whatever it holds. */
export class Scanner {
  readonly #headers: HeaderCache;
  readonly #maxToken: number;
  readonly #shape: Shape = { kind: 0, firstDot: 0, secondDot: 0, end: 0, padded: false };

  /** @param maxToken characters of the longest token that is judged */
  constructor(maxToken: number) {
    this.#maxToken = maxToken;
    this.#headers = new HeaderCache(maxToken);
  }

  /**
   * Appends the tokens of the line that starts at `from` to `spans`.
   * Returns the offset of the line's `\n`, or `limit` where there is none.
   */
  scanLine(bytes: Uint8Array, from: number, limit: number, spans: Spans): number {
    let i = from;
    for (;;) {
      while (i < limit && STOP[bytes[i]!] === 0) i++;
      if (i >= limit) return limit;
      const c = bytes[i]!;
      if (c === NEWLINE) return i;
      if (c === 0x65) i = startsHeader(bytes, i) ? this.#token(bytes, i, limit, spans) : i + 1;
      else i = this.#labelled(bytes, from, i, limit, spans);
    }
  }

  /** Takes `bytes[start, end)` as the one token that `--pattern` says it is. */
  addNamed(bytes: Uint8Array, start: number, end: number, spans: Spans): void {
    const headerEnd = endOfRun(bytes, start, end);
    if (
      headerEnd > start &&
      readShape(bytes, headerEnd, end, this.#shape) &&
      this.#shape.end === end
    ) {
      this.#push(bytes, start, headerEnd, spans);
    } else this.#addNotAToken(start, end, spans);
  }

  #addNotAToken(start: number, end: number, spans: Spans): void {
    const kind = end - start > this.#maxToken ? SpanKind.oversized : SpanKind.notAToken;
    spans.push(kind, start, end, end, end, false, null);
  }

  #labelled(bytes: Uint8Array, from: number, at: number, limit: number, spans: Spans): number {
    const start = readLabel(bytes, from, at, limit);
    if (start < 0) return at + 1;
    const shape = this.#shape;
    const headerEnd = endOfRun(bytes, start, limit);
    const found = headerEnd > start && readShape(bytes, headerEnd, limit, shape);
    const wordEnd = endOfWord(bytes, found ? shape.end : headerEnd, limit);
    if (found && trimClosing(bytes, shape.end, wordEnd) === shape.end) {
      this.#push(bytes, start, headerEnd, spans);
      return wordEnd;
    }
    const before = spans.count;
    // The value is more than a token (a URL, JSON): look into it as into any text.
    for (let i = start; i < wordEnd;) {
      const isHeader = bytes[i] === 0x65 && startsHeader(bytes, i);
      i = isHeader ? this.#token(bytes, i, wordEnd, spans) : i + 1;
    }
    if (spans.count === before) {
      const end = trimClosing(bytes, start, wordEnd);
      this.#addNotAToken(start, end > start ? end : wordEnd, spans);
    }
    return wordEnd;
  }

  #token(bytes: Uint8Array, at: number, limit: number, spans: Spans): number {
    const shape = this.#shape;
    const headerEnd = endOfRun(bytes, at, limit);
    if (!readShape(bytes, headerEnd, limit, shape)) return Math.max(shape.end, headerEnd);
    const start = this.#start(bytes, at, headerEnd);
    if (start < 0) return headerEnd;
    this.#push(bytes, start, headerEnd, spans);
    return shape.end;
  }

  #push(bytes: Uint8Array, start: number, headerEnd: number, spans: Spans): void {
    const { kind, firstDot, secondDot, end, padded } = this.#shape;
    const tooLong = end - start > this.#maxToken;
    const header = tooLong ? null : this.#headers.get(bytes, start, headerEnd);
    const shown = tooLong ? SpanKind.oversized : kind;
    spans.push(shown, start, firstDot, secondDot, end, padded, header);
  }

  /** Where in the run the header starts: text may stick to it on the left (`token_eyJ…`, `%3DeyJ…`). */
  #start(bytes: Uint8Array, at: number, headerEnd: number): number {
    let fallback = -1;
    let starts = 0;
    for (let i = at; i < headerEnd && starts < MOST_STARTS; i++) {
      if (bytes[i] !== 0x65 || !startsHeader(bytes, i)) continue;
      starts++;
      const long = headerEnd - i > this.#maxToken;
      if (!long && this.#headers.get(bytes, i, headerEnd).alg !== null) return i;
      if (
        fallback < 0 &&
        headerEnd - i >= SHORTEST_HEADER &&
        opensObject(bytes, i) &&
        isBoundary(bytes, i)
      ) {
        fallback = i;
      }
    }
    return fallback;
  }
}

/**
 * `{` and then `"`, space, tab, CR or LF, base64url-encoded: how the JSON of every header starts
 * (`eyI`, `eyJ`, `eyA`, `ewo`, `ew0`, `ewk`).
 */
const startsHeader = (bytes: Uint8Array, at: number): boolean => {
  const third = bytes[at + 2];
  switch (bytes[at + 1]) {
    case 0x79: // y
      return third === 0x4a || third === 0x49 || third === 0x41;
    case 0x77: // w
      return third === 0x6f || third === 0x30 || third === 0x6b;
    default:
      return false;
  }
};

const OPENING_CHARACTERS = 12;
const opening = new Uint8Array(OPENING_CHARACTERS);

/** Whether the first characters decode to `{`, white space and a quote: `eyAnnotation` does not. */
const opensObject = (bytes: Uint8Array, at: number): boolean => {
  const length = decodeBase64url(bytes, at, at + OPENING_CHARACTERS, opening);
  let i = 1;
  while (i < length && WHITE_SPACE.has(opening[i]!)) i++;
  return i === length || opening[i] === 0x22;
};

const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** A span that touches the end of a cut line may lack its rest: it can't be judged. */
export const markCut = (spans: Spans, from: number, lineEnd: number): void => {
  for (let i = from; i < spans.count; i++) {
    if (spans.end[i] === lineEnd) spans.kind[i] = SpanKind.cut;
  }
};
