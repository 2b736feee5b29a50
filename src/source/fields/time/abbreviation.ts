/** Marks an abbreviation that several zones share, such as `CST`. */
export const AMBIGUOUS: number = Number.POSITIVE_INFINITY;

const HOUR = 3_600_000;

/** Adds one letter, of either case, to the number that stands for a word of up to ten letters. */
export const codeStep = (code: number, byte: number): number => code * 27 + (byte & 0x1f);

/** The number that `codeStep` builds of a whole word. */
export const wordCode = (word: string): number => {
  let code = 0;
  for (let i = 0; i < word.length; i += 1) code = codeStep(code, word.charCodeAt(i));
  return code;
};

// Only names that every zone of the tz database uses with one offset today.
const HOURS: readonly (readonly [number, readonly string[]])[] = [
  [0, ['Z', 'UTC', 'GMT', 'UT', 'WET']],
  [1, ['CET', 'WEST', 'BST']],
  [2, ['EET', 'CEST', 'SAST']],
  [3, ['EEST', 'MSK', 'EAT']],
  [8, ['HKT', 'AWST']],
  [9, ['JST', 'KST']],
  [10, ['AEST']],
  [11, ['AEDT']],
  [12, ['NZST']],
  [13, ['NZDT']],
  [-4, ['EDT']],
  [-5, ['EST']],
  [-6, ['MDT']],
  [-7, ['MST', 'PDT']],
  [-8, ['AKDT']],
  [-9, ['AKST']],
  [-10, ['HST']],
];

const TABLE = new Map<number, number>([
  ...HOURS.flatMap(([hours, names]) =>
    names.map((name): [number, number] => [wordCode(name), hours * HOUR]),
  ),
  ...['CST', 'CDT', 'IST', 'PST', 'AST', 'ADT', 'SST', 'WST'].map((name): [number, number] => [
    wordCode(name),
    AMBIGUOUS,
  ]),
]);

/** Offset in milliseconds of a zone abbreviation, `AMBIGUOUS`, or undefined for no such name. */
export const abbreviationOffset = (code: number): number | undefined => TABLE.get(code);

const UTC_CODE = wordCode('UTC');
const GMT_CODE = wordCode('GMT');

/** `UTC` and `GMT` may be followed by an offset: `GMT+0200`. */
export const takesOffset = (code: number): boolean => code === UTC_CODE || code === GMT_CODE;
