// NAME.log, NAME.log.N, NAME.log-DATE, the like for JSON lines, and each of them compressed.
const LOG_NAME =
  /^(?<family>[^.].*\.(?:log|jsonl?|ndjson))(?:\.(?<number>\d{1,6})|[.-](?<date>\d{4}-?\d{2}-?\d{2}(?:[-T_.]?\d{1,10})?|\d{10}))?(?:\.(?:gz|zst|bz2|xz))?$/s;

interface LogName {
  readonly name: string;
  readonly family: string;
  /** Dates of one rotation scheme sort as text. */
  readonly dated: boolean;
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
    dated: date !== undefined,
    number: number === undefined ? null : Number(number),
  };
};

const compare = (a: LogName, b: LogName): number =>
  compareText(a.family, b.family) || age(b) - age(a) || compareText(a.name, b.name);

/** A dated name is older than any numbered one, and that older than the log being written. */
const age = ({ dated, number }: LogName): number => (dated ? Number.MAX_VALUE : (number ?? -1));

const compareText = (a: string, b: string): number => Number(a > b) - Number(a < b);
