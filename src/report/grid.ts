import CliTable3 from 'cli-table3';
import type { Paint, Theme } from './theme.ts';
import { textWidth, truncate } from './width.ts';

/** One column of a borderless table of `Row`s. */
export interface Column<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Safe one-line text of the cell. */
  readonly text: (row: Row) => string;
  /** Colour by content; it sees the whole row, never the cut text. */
  readonly paint?: (row: Row) => Paint;
  /** A column that may be cut, down to this many characters; without it the column is never cut. */
  readonly min?: number;
  /** Columns with a lower number leave first when the width is short; without it the column stays. */
  readonly leaves?: number;
}

interface Placed<Row> {
  readonly column: Column<Row>;
  readonly natural: number;
  width: number;
}

/** One blank on each side of a cell. */
const PADDING = 2;
/** The table library looks at every row for each cell, so a table is drawn in parts. */
const ROWS_AT_ONCE = 16;
/** It takes 0.2 ms a row: what no screen holds is padded here, to the same text. */
const LIBRARY_ROWS = 256;

const naturalWidth = <Row>(column: Column<Row>, rows: readonly Row[]): number => {
  let widest = textWidth(column.title);
  for (const row of rows) widest = Math.max(widest, textWidth(column.text(row)));
  return widest;
};

/** Columns of the whole table; the blank that ends a line is cut off. */
const total = <Row>(placed: readonly Placed<Row>[]): number =>
  placed.reduce((sum, { width }) => sum + width + PADDING, -1);

const narrowest = <Row>({ column, natural }: Placed<Row>): number =>
  Math.min(natural, column.min ?? natural);

/** Drops columns until the rest fits at its narrowest, then gives the spare width to cut columns, first come first. */
const fit = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): Placed<Row>[] => {
  let placed = columns.map((column): Placed<Row> => {
    const natural = naturalWidth(column, rows);
    return { column, natural, width: natural };
  });
  for (const one of placed) one.width = narrowest(one);
  while (total(placed) > width) {
    const next = Math.min(...placed.map(({ column }) => column.leaves ?? Infinity));
    if (next === Infinity) break;
    placed = placed.filter(({ column }) => column.leaves !== next);
  }
  for (const one of placed) {
    const spare = width - total(placed);
    one.width = Math.max(1, Math.min(one.natural, one.width + spare));
  }
  return placed;
};

const drawCell = <Row>(
  { column, width }: Placed<Row>,
  row: Row,
  theme: Theme,
): { readonly painted: string; readonly blanks: string } => {
  const text = truncate(column.text(row), width, theme.mark);
  return {
    painted: column.paint === undefined ? text : column.paint(row)(text),
    blanks: ' '.repeat(width - textWidth(text)),
  };
};

const drawPart = <Row>(
  placed: readonly Placed<Row>[],
  rows: readonly Row[],
  theme: Theme,
  head: string[],
): string => {
  const part = new CliTable3({
    head,
    colWidths: placed.map(({ width }) => width + PADDING),
    colAligns: placed.map(({ column }) => column.align),
    truncate: theme.mark,
    chars: BORDERLESS,
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) part.push(placed.map((one) => drawCell(one, row, theme).painted));
  return `${part.toString().replace(/ +$/gm, '')}\n`;
};

const drawPadded = <Row>(placed: readonly Placed<Row>[], row: Row, theme: Theme): string => {
  const cells = placed.map((one) => {
    const { painted, blanks } = drawCell(one, row, theme);
    return one.column.align === 'left' ? painted + blanks : blanks + painted;
  });
  return ` ${cells.join(' '.repeat(PADDING)).replace(/ +$/, '')}\n`;
};

/**
 * Yields the lines of a borderless, aligned table, each with its newline, none wider than `width`.
 * Columns leave or are cut to fit; the rows are walked twice, so they must stay the same.
 */
export const grid = function* <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  theme: Theme,
): Generator<string> {
  const placed = fit(columns, rows, width);
  const head = placed.map((one) => theme.strong(truncate(one.column.title, one.width, theme.mark)));
  const drawn = Math.min(rows.length, LIBRARY_ROWS);
  for (let start = 0; start === 0 || start < drawn; start += ROWS_AT_ONCE) {
    const part = rows.slice(start, Math.min(drawn, start + ROWS_AT_ONCE));
    yield drawPart(placed, part, theme, start === 0 ? head : []);
  }
  for (let at = drawn; at < rows.length; at++) yield drawPadded(placed, rows[at]!, theme);
};

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
