import type { Paint, Theme } from '../theme.ts';
import { textWidth, truncate } from '../width.ts';

/** A piece of a line, and its colour. */
export interface Span {
  readonly text: string;
  readonly paint?: Paint;
}

/** One line of at most `width` columns: what does not fit is cut, colours left out of account. */
export const lineOf = (spans: readonly Span[], width: number, theme: Theme): string => {
  let left = width;
  let line = '';
  for (const { text, paint } of spans) {
    if (left <= 0) break;
    const shown = textWidth(text) <= left ? text : truncate(text, left, theme.mark);
    left -= textWidth(shown);
    line += paint === undefined || shown === '' ? shown : paint(shown);
  }
  return line;
};

/** A text brought to exactly `columns`. */
export const cell = (text: string, columns: number, theme: Theme): string => {
  const shown = textWidth(text) <= columns ? text : truncate(text, columns, theme.mark);
  return shown + ' '.repeat(Math.max(0, columns - textWidth(shown)));
};

const clock = (moment: number): string => new Date(moment).toISOString().slice(11, 19);

/** `23:59:58` in UTC; blanks where nobody knows. */
export const clockText = (moment: number): string =>
  Math.abs(moment) <= 8.64e15 ? clock(moment) : '-'.padEnd(8);

/** `4 m 12 s`, `2 h 5 m`, `3 d 4 h`. */
export const spanText = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ];
  const from = Math.min(
    2,
    units.findIndex(([, size]) => seconds >= size),
  );
  const at = from < 0 ? 3 : seconds < 60 ? 3 : from;
  const [unit, size] = units[at]!;
  const next = units[at + 1];
  const main = `${Math.floor(seconds / size)} ${unit}`;
  return next === undefined ? main : `${main} ${Math.floor((seconds % size) / next[1])} ${next[0]}`;
};
