import type { Reader } from './reader.ts';

/** Events from one moment to another, both included. */
export interface Slice {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Of their JSON. */
  readonly characters: number;
}

const MOST_EVENTS = 20_000;
const MOST_CHARACTERS = 16 << 20;
const PARTS = 64;
const COLUMNS = 'count() AS count, sum(size) AS characters, min(time) AS first, max(time) AS last';

/**
 * Cuts the events that a condition finds into slices by time, so that no query sorts or returns more than
 * some megabytes. The table is ordered by time: a slice is read without touching the rest. Only a
 * slice of a single moment (or of events without a time) may be larger: see `limitOf`.
 */
export async function* slicesOf(
  reader: Reader,
  table: string,
  condition: string,
): AsyncIterable<Slice> {
  const [whole] = await reader.rows<Slice>(`SELECT ${COLUMNS} FROM ${table} WHERE ${condition}`);
  if (whole !== undefined && whole.count > 0) yield* cut(reader, table, whole, condition);
}

/** The condition for the events of a slice. */
export const inSlice = ({ first, last }: Slice): string => `time >= ${first} AND time <= ${last}`;

/** How many events of a slice may be read at once; null for all. */
export const limitOf = (slice: Slice): number | null => {
  if (fits(slice)) return null;
  const each = Math.max(1, slice.characters / slice.count);
  return Math.max(1, Math.min(MOST_EVENTS, Math.floor(MOST_CHARACTERS / each)));
};

async function* cut(
  reader: Reader,
  table: string,
  slice: Slice,
  condition: string,
): AsyncIterable<Slice> {
  const { first, last } = slice;
  if (fits(slice) || first === last) {
    yield slice;
    return;
  }
  const width = Math.ceil((last - first + 1) / PARTS);
  const parts = await reader.rows<Slice>(
    `SELECT intDiv(time - (${first}), ${width}) AS part, ${COLUMNS} FROM ${table} ` +
      `WHERE ${inSlice(slice)} AND ${condition} GROUP BY part ORDER BY part`,
  );
  for (const part of joined(parts)) yield* cut(reader, table, part, condition);
}

const fits = ({ count, characters }: Slice): boolean =>
  count <= MOST_EVENTS && characters <= MOST_CHARACTERS;

/** Neighbours that fit together, as one. */
const joined = (parts: readonly Slice[]): readonly Slice[] => {
  const slices: Slice[] = [];
  for (const { first, last, count, characters } of parts) {
    const before = slices.at(-1);
    const both = before && {
      first: before.first,
      last,
      count: before.count + count,
      characters: before.characters + characters,
    };
    if (both !== undefined && fits(both)) slices[slices.length - 1] = both;
    else slices.push({ first, last, count, characters });
  }
  return slices;
};
