import type { HeaderCache } from '../scan/header.ts';
import { signatureMark } from '../scan/own-mark.ts';
import { CHAIN, CLASS, RUN } from './alphabet.ts';
import type { Edits } from './edits.ts';
import { isShort, looksRandom, mayGoOn, objectStart, opensJson } from './look.ts';
import type { Signatures } from './signatures.ts';

const DOT = 0x2e;
const PADDING = 0x3d;
/** Base64 of an object that is so long may be a header whose rest is on the next line. */
const LONG_HEADER = 60;
/** A shorter run tells nothing of a signature. */
const LEAST_HIDDEN = 16;

/** What `redactChains` tells of the end of a text. */
export const ENDS_IN_TOKEN = 1;
export const LACKS_REST = 2;

/** What a search of chains needs to know. */
export interface ChainContext {
  readonly headers: HeaderCache;
  /** Of a token or what looks like one, by its bytes. */
  readonly idOf: (bytes: Uint8Array, start: number, end: number) => string;
  /** Whether the payload must go as well. */
  readonly hidesPayload: (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly signatures: Signatures;
}

/**
 * Finds whatever looks like a token by looser rules than those of the scanner: runs between dots, of
 * which one decodes to the start of an object; any number of parts; and runs behind a dot that can only
 * be a signature. Returns whether the text ends inside a token: `ENDS_IN_TOKEN`, or `LACKS_REST` where
 * more of it must follow; 0 where it does not.
 */
export const redactChains = (
  bytes: Uint8Array,
  from: number,
  to: number,
  limit: number,
  at: number,
  edits: Edits,
  context: ChainContext,
): number => {
  let ending = 0;
  for (let i = from; i < to;) {
    if ((CLASS[bytes[i]!]! & CHAIN) === 0) {
      i++;
      continue;
    }
    let end = i + 1;
    while (end < to && (CLASS[bytes[end]!]! & CHAIN) !== 0) end++;
    ending = redactChain(bytes, i, end, limit, at, edits, context);
    if (end < to) ending = 0;
    i = end;
  }
  return ending;
};

const redactChain = (
  bytes: Uint8Array,
  from: number,
  chainEnd: number,
  limit: number,
  at: number,
  edits: Edits,
  context: ChainContext,
): number => {
  let to = chainEnd;
  while (to > from && bytes[to - 1] === DOT) to--;
  let segment = from;
  let before = -1;
  let header = -1;
  let firstDot = -1;
  let secondDot = -1;
  let parts = 0;
  for (let i = from; i <= to; i++) {
    if (i < to && bytes[i] !== DOT) continue;
    if (header >= 0) {
      if (i < to && secondDot < 0) secondDot = i;
      parts++;
    } else {
      const start = objectStart(bytes, segment, i);
      const isHeader = start >= 0 && algOf(bytes, start, i, context) !== null;
      if (!isHeader && before >= 0 && opensJson(bytes, segment, i)) {
        // The header may be spelled as nobody else does: its payload tells it.
        header = before;
        firstDot = segment - 1;
        secondDot = i < to ? i : -1;
        parts = 2;
      } else if (start >= 0) {
        header = start;
        firstDot = i;
        parts = 1;
      } else if (segment > 0 && bytes[segment - 1] === DOT && looksRandom(bytes, segment, i)) {
        edits.add(segment, i, '[redacted]');
      }
    }
    before = segment;
    segment = i + 1;
  }
  if (header < 0) return 0;
  // One part is missing, and what stands behind the last dot is none.
  const isLacking = parts === 2 || parts === 4 || (parts === 1 && chainEnd - to > 1);
  if (isLacking && to < chainEnd) hideNext(bytes, chainEnd, limit, edits);
  const alg = algOf(bytes, header, firstDot, context);
  if (secondDot < 0) {
    const last = bytes.lastIndexOf(DOT, to - 1) + 1;
    const isPayload = opensJson(bytes, last, to);
    if (last > header && !isPayload && looksRandom(bytes, last, to))
      edits.add(last, to, '[redacted]');
    const isHeader = alg !== null || parts > 1 || to - header >= LONG_HEADER;
    return to === chainEnd && isHeader ? LACKS_REST : ENDS_IN_TOKEN;
  }
  const isPlain = parts === 3 && !context.hidesPayload(bytes, firstDot + 1, secondDot);
  const start = isPlain ? secondDot + 1 : firstDot + 1;
  const goesOn = parts > 3 || mayGoOn(alg, to - secondDot - 1);
  const end = goesOn ? endOfStandard(bytes, to, limit) : to;
  if (start < end) {
    const id = context.idOf(bytes, header, end);
    context.signatures.add(at, bytes, secondDot + 1, end);
    edits.add(start, end, signatureMark(id));
  }
  return isShort(alg, end - secondDot - 1) && end >= chainEnd ? LACKS_REST : ENDS_IN_TOKEN;
};

const algOf = (
  bytes: Uint8Array,
  start: number,
  end: number,
  { headers }: ChainContext,
): string | null => {
  let last = end;
  while (last > start && bytes[last - 1] === PADDING) last--;
  return headers.get(bytes, start, last).alg;
};

/** A signature in the alphabet of plain base64 goes on behind `+` and `/`. */
export const endOfStandard = (bytes: Uint8Array, from: number, limit: number): number => {
  let end = from;
  while (end < limit && isStandard(bytes[end]!)) end++;
  return end;
};

/** The same, spelled in any way. */
export const endOfSpelled = (bytes: Uint8Array, from: number, limit: number): number => {
  let end = from;
  while (end < limit && (CLASS[bytes[end]!] !== 0 || isStandard(bytes[end]!))) end++;
  return end;
};

const isStandard = (byte: number): boolean => CLASS[byte] === RUN || byte === 0x2b || byte === 0x2f;

/** A long run that stands one or two characters behind a token without signature may be that signature. */
export const hideNext = (bytes: Uint8Array, from: number, to: number, edits: Edits): void => {
  let start = from;
  while (start < to && start < from + 2 && bytes[start] !== 0x0a && !isStandard(bytes[start]!))
    start++;
  const end = endOfSpelled(bytes, start, to);
  if (end - start >= LEAST_HIDDEN) edits.add(start, end, 'redacted');
};
