// NAME.log, NAME.log.N, NAME.log-DATE, the like for JSON lines, and each of them compressed.
const LOG_NAME =
  /^(?<family>[^.].*\.(?:log|jsonl?|ndjson))(?:\.(?<number>\d{1,6})|[.-](?<date>\d{4}-?\d{2}-?\d{2}(?:[-T_.]?\d{1,10})?|\d{10}))?(?:\.(?:gz|zst|bz2|xz))?$/s;

interface LogName {
  readonly name: string;
  readonly family: string;
  /** Digits of the date, the same number of them within one rotation scheme. */
  readonly date: string | null;
  readonly number: number | null;
}

/** Those of a directory's names that look like logs: by family, the oldest rotation first. */
export const logNames = (names: readonly string[]): string[] =>
  names
    .map((name) => parse(name))
    .filter((log) => log !== null)
    .toSorted(compare)
    .map(({ name }) => name);

const parse = (name: string): LogName | null => {
  const groups = LOG_NAME.exec(name)?.groups;
  if (groups === undefined) return null;
  const { family, number, date } = groups;
  return {
    name,
    family: family ?? name,
    date: date?.replaceAll(/\D/g, '') ?? null,
    number: number === undefined ? null : Number(number),
  };
};

const compare = (a: LogName, b: LogName): number =>
  compareText(a.family, b.family) ||
  age(b) - age(a) ||
  compareText(a.date ?? '', b.date ?? '') ||
  compareText(a.name, b.name);

/** A dated name is older than any numbered one, and that older than the log being written. */
const age = ({ date, number }: LogName): number => (date === null ? (number ?? -1) : Infinity);

const compareText = (a: string, b: string): number => Number(a > b) - Number(a < b);
