import { Buffer } from 'node:buffer';
import { endOfWord, readLabel, trimClosing } from '../scan/label.ts';
import { maskEnd } from '../scan/mask.ts';
import { endOfRun } from '../scan/compact.ts';
import { markedId } from '../scan/own-mark.ts';
import type { Edits } from './edits.ts';
import type { Tokens } from './tokens.ts';
import type { TokenWriter } from './token-writer.ts';

const LABEL = Buffer.from('Token: ');
const ESCAPED_BREAKS = new Set([0x6e, 0x72, 0x74]);
const QUOTES = new Set([0x22, 0x27, 0x60]);

/**
 * Masks what follows the label `Token: ` where nothing in it was found to be a token: the log said
 * that it was one. `tokens` are those that were found.
 */
export const redactLabels = (
  bytes: Uint8Array,
  context: number,
  from: number,
  to: number,
  tokens: Tokens,
  writer: TokenWriter,
  edits: Edits,
): void => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, to);
  let next = 0;
  let behind = context;
  for (let at = text.indexOf(LABEL, behind); at >= 0; at = text.indexOf(LABEL, behind)) {
    behind = at + LABEL.length;
    const start = readLabel(bytes, at, at, to);
    if (start < from) continue;
    while (next < tokens.count && tokens.start[next]! < start) next++;
    if (next < tokens.count && tokens.start[next] === start) {
      behind = tokens.signature[next]!;
      continue;
    }
    const end = endOfValue(bytes, start, to);
    if (end <= start || isMarked(bytes, start, end, to)) continue;
    // What is more than a token, a URL with one in it, keeps the rest.
    if (next < tokens.count && tokens.start[next]! < end) continue;
    edits.add(start, end, writer.wholeMark(bytes, start, end));
  }
};

/** Up to white space, and not beyond a quote or a line break that ends a text in a line of JSON. */
const endOfValue = (bytes: Uint8Array, start: number, to: number): number => {
  const wordEnd = endOfWord(bytes, start, to);
  let end = start;
  while (end < wordEnd && !QUOTES.has(bytes[end]!) && !isEscapedBreak(bytes, end)) end++;
  const trimmed = trimClosing(bytes, start, end);
  return trimmed > start ? trimmed : end;
};

const isEscapedBreak = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x5c && ESCAPED_BREAKS.has(bytes[at + 1]!);

const isMarked = (bytes: Uint8Array, start: number, end: number, to: number): boolean => {
  if (markedId(bytes, start, end) !== null) return true;
  const runEnd = endOfRun(bytes, start, end);
  const mask = maskEnd(bytes, start, runEnd, to);
  return mask >= end && (mask === runEnd || runEnd === start);
};
