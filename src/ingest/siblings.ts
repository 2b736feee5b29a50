import { basename, dirname, join } from 'node:path';

// What rotation adds to a name: `.1`, `-20260101`, `.2026-01-01-1767225600`, and each compressed.
const ROTATED =
  /^(?<log>.+?)(?:\.(?<number>\d{1,6})|[.-](?<date>\d{4}-?\d{2}-?\d{2}(?:[-T_.]?\d{1,10})?|\d{10}))?(?<packed>\.(?:gz|zst|bz2|xz))?$/s;

interface Name {
  readonly name: string;
  readonly log: string;
  readonly number: number | null;
  readonly date: string | null;
  readonly packed: boolean;
}

const parse = (name: string): Name => {
  const groups = ROTATED.exec(name)?.groups ?? {};
  const { log = name, number, date, packed } = groups;
  return {
    name,
    log,
    number: number === undefined ? null : Number(number),
    date: date ?? null,
    packed: packed !== undefined,
  };
};

/** The log that a file is a part of: `/var/log/app.log` for `/var/log/app.log.2.gz`. */
export const logOf = (path: string): string => join(dirname(path), parse(basename(path)).log);

/**
 * Those of a folder's names that are rotated parts of the log `name`, the oldest first. One that is
 * there both plain and compressed is being compressed, and is listed plain.
 */
export const rotatedParts = (name: string, names: readonly string[]): string[] => {
  const all = new Set(names);
  return names
    .map(parse)
    .filter((part) => part.log === name && part.name !== name)
    .filter((part) => !part.packed || !all.has(withoutPacking(part.name)))
    .toSorted(compare)
    .map((part) => part.name);
};

const withoutPacking = (name: string): string => name.replace(/\.[a-z0-9]+$/, '');

/** A dated name is older than any numbered one, and of numbers the higher is the older. */
const compare = (a: Name, b: Name): number =>
  Number(b.date !== null) - Number(a.date !== null) ||
  compareText(a.date ?? '', b.date ?? '') ||
  (b.number ?? -1) - (a.number ?? -1) ||
  compareText(a.name, b.name);

const compareText = (a: string, b: string): number => Number(a > b) - Number(a < b);
