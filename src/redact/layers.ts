import { CHAIN, CLASS } from './alphabet.ts';
import { redactChains, type ChainContext } from './chains.ts';
import { decodeLayer, isBreak } from './decode.ts';
import { Edits } from './edits.ts';
import { SHORTEST_WRAPPED, type TokenWriter } from './token-writer.ts';
import type { Tokens } from './tokens.ts';
import { addMapped, plainView, without, type View } from './view.ts';

const MOST_LAYERS = 8;
const DOT_BYTE = 0x2e;

/** Finds tokens that are spelled with escapes, layer below layer. */
export class LayerReader {
  readonly #writer: TokenWriter;
  readonly #chains: ChainContext;
  /** What the scanner found in the text as it is. */
  readonly #tokens: Tokens;
  readonly #found = new Edits();

  constructor(writer: TokenWriter, chains: ChainContext, tokens: Tokens) {
    this.#writer = writer;
    this.#chains = chains;
    this.#tokens = tokens;
  }

  /**
   * Looks below each layer of spellings; `first`: number of the first token of this word. Returns
   * whether the word ends in a dot of a token, however that is spelled.
   */
  read(bytes: Uint8Array, start: number, end: number, first: number, edits: Edits): boolean {
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
    const found = this.#found;
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
    const tokens = this.#tokens;
    for (let k = first; k < tokens.count; k++) {
      const start = edits.start[i]!;
      const end = edits.end[i]!;
      const signature = tokens.signature[k]!;
      if (start <= tokens.start[k]! || start >= signature || end < signature) continue;
      edits.start[i] = signature;
      // A header without `alg` may be the payload of another token, and its payload a signature.
      if (!tokens.isReal[k]) edits.add(start, signature - 1, 'redacted');
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
}

/** `+`, `/` and `~` are characters of base64 and of other credentials (RFC 6750 section 2.1). */
export const endOfCredential = (bytes: Uint8Array, from: number, to: number): number => {
  let end = from;
  while (end < to && isOfCredential(bytes[end]!)) end++;
  return end;
};

const isOfCredential = (byte: number): boolean =>
  (CLASS[byte]! & CHAIN) !== 0 || byte === 0x2b || byte === 0x2f || byte === 0x7e;
