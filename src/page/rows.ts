import type { Cell, TableSection } from './island.ts';

type Row = readonly Cell[];

/** All rows of a table that are in the document; the later islands are read when this is first asked. */
export const rowsOf = ({ id, rows, rest }: TableSection): (() => readonly Row[]) => {
  let all: readonly Row[] | null = rest === undefined ? rows : null;
  return () => {
    all ??= [
      ...rows,
      ...[...document.querySelectorAll<HTMLScriptElement>('script[data-rows]')]
        .filter(({ dataset }) => dataset['rows'] === id)
        .flatMap(({ textContent }) => JSON.parse(textContent) as Row[]),
    ];
    return all;
  };
};

const collator = new Intl.Collator('en', { numeric: true });

/** Numbers by size, texts as people order them, nothing last. */
const compare = (a: Cell, b: Cell): number => {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
};

/** Rows by one column; equal ones stay in their order. */
export const sortRows = (
  rows: readonly Row[],
  column: number,
  direction: 'ascending' | 'descending',
  type: string,
): readonly Row[] => {
  const sign = direction === 'ascending' ? 1 : -1;
  // Moments are texts of one form: to compare them as texts is many times faster.
  const order =
    type === 'time' ? (a: Cell, b: Cell): number => (a! < b! ? -1 : a! > b! ? 1 : 0) : compare;
  return rows.toSorted((a, b) => sign * order(a[column] ?? null, b[column] ?? null));
};

/** Rows that hold the text in any cell, in any case. */
export const filterRows = (rows: readonly Row[], text: string): readonly Row[] => {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter((row) =>
    row.some((cell) => cell !== null && String(cell).toLowerCase().includes(wanted)),
  );
};

/** Rows that were seen within a span; those without a time stay. */
export const rowsWithin = (
  rows: readonly Row[],
  [first, last]: readonly [number, number],
  [from, to]: readonly [string, string],
): readonly Row[] =>
  rows.filter((row) => {
    const [start, end] = [row[first], row[last]];
    if (typeof start !== 'string' || typeof end !== 'string' || start === '-') return true;
    return start <= to && end >= from;
  });
