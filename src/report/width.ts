import stringWidth from 'string-width';

const ASCII = /^[ -~]*$/;

let segmenter: Intl.Segmenter | undefined;

const graphemes = (text: string): string[] => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
};

/** Terminal columns of a text, counted as the table library counts them. */
export const textWidth = (text: string): number =>
  ASCII.test(text) ? text.length : stringWidth(text);

/** A cut text can be no wider than this many characters; a longer one is never looked at whole. */
const longest = (columns: number): number => columns * 16 + 64;

const fill = (segments: readonly string[], columns: number): string => {
  const kept: string[] = [];
  let used = 0;
  for (const segment of segments) {
    used += textWidth(segment);
    if (used > columns) break;
    kept.push(segment);
  }
  // The width of a text is not always the sum of its parts: flags pair up across segments.
  while (kept.length > 0 && textWidth(kept.join('')) > columns) kept.pop();
  return kept.join('');
};

/** Cuts a text to at most `columns`, between graphemes, and marks the cut at its end. */
export const truncate = (text: string, columns: number, mark: string = '…'): string => {
  if (text.length <= columns && ASCII.test(text)) return text;
  const bounded = text.length > longest(columns);
  if (!bounded && textWidth(text) <= columns) return text;
  const room = columns - textWidth(mark);
  if (room < 0) return mark.slice(0, Math.max(0, columns));
  return fill(graphemes(bounded ? text.slice(0, longest(columns)) : text), room) + mark;
};

/** Like `truncate`, but keeps the end: the last part of a path says most. */
export const truncateStart = (text: string, columns: number, mark: string = '…'): string => {
  if (textWidth(text) <= columns) return text;
  const room = columns - textWidth(mark);
  if (room < 0) return mark.slice(0, Math.max(0, columns));
  const segments = graphemes(text.slice(-longest(columns)));
  let start = segments.length;
  let used = 0;
  while (start > 0) {
    used += textWidth(segments[start - 1]!);
    if (used > room) break;
    start -= 1;
  }
  while (textWidth(segments.slice(start).join('')) > room) start += 1;
  return mark + segments.slice(start).join('');
};

/** Breaks a one-line text at spaces into lines of at most `columns`; a longer word is broken between graphemes. */
export const wrap = (text: string, columns: number): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    if (textWidth(word) <= columns) {
      line = word;
      continue;
    }
    for (const segment of graphemes(word)) {
      if (textWidth(line + segment) > columns && line !== '') {
        lines.push(line);
        line = '';
      }
      line += segment;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
};

/**
 * Puts pieces side by side, `gap` apart, on as few lines of at most `columns` as their order allows;
 * `dress` adds to a piece what has no width.
 */
export const pack = (
  pieces: readonly string[],
  columns: number,
  gap: string,
  dress: (piece: string, index: number) => string = (piece) => piece,
): string[] => {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const [index, piece] of pieces.entries()) {
    const wider = width + textWidth(gap) + textWidth(piece);
    if (line === '' || wider <= columns) {
      width = line === '' ? textWidth(piece) : wider;
      line += (line === '' ? '' : gap) + dress(piece, index);
    } else {
      lines.push(line);
      line = dress(piece, index);
      width = textWidth(piece);
    }
  }
  if (line !== '') lines.push(line);
  return lines;
};
