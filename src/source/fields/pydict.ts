/** Deeper data is given up: logs do not nest so far, attackers do. */
const DEEPEST = 48;

// One instance for all: a stack for every odd line would cost more than the line.
const NOT_PYTHON = new Error('not a Python literal');

const ESCAPES: { readonly [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
};
const HEX_LENGTH: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };
const WORDS = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** A cursor over the text of one literal; every method leaves it behind what it read. */
class Cursor {
  at = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The next character that is not white space, not consumed. */
  peek(): string {
    while (/\s/.test(this.text.charAt(this.at))) this.at += 1;
    return this.text.charAt(this.at);
  }

  take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at += 1;
    return true;
  }
}

const readEscape = (cursor: Cursor): string => {
  const letter = cursor.text.charAt(cursor.at);
  cursor.at += 1;
  const length = HEX_LENGTH[letter] ?? 0;
  if (length > 0) {
    const digits = cursor.text.slice(cursor.at, cursor.at + length);
    const point = /^[0-9A-Fa-f]+$/.test(digits) ? Number.parseInt(digits, 16) : -1;
    if (digits.length !== length || point < 0 || point > 0x10ffff) throw NOT_PYTHON;
    cursor.at += length;
    return String.fromCodePoint(point);
  }
  return ESCAPES[letter] ?? `\\${letter}`;
};

const readString = (cursor: Cursor): string => {
  const quote = cursor.text.charAt(cursor.at);
  const parts: string[] = [];
  let copied = cursor.at + 1;
  for (cursor.at += 1; ;) {
    const char = cursor.text.charAt(cursor.at);
    if (char === '') throw NOT_PYTHON;
    if (char === quote || char === '\\') {
      parts.push(cursor.text.slice(copied, cursor.at));
      cursor.at += 1;
      if (char === quote) return parts.join('');
      parts.push(readEscape(cursor));
      copied = cursor.at;
    } else cursor.at += 1;
  }
};

/** Passes over `datetime.datetime(2023, 9, 22)`, `UUID('…')` and the like, whose value stays unknown. */
const skipCall = (cursor: Cursor): null => {
  let depth = 0;
  do {
    const char = cursor.peek();
    if (char === '') throw NOT_PYTHON;
    if (char === "'" || char === '"') {
      readString(cursor);
      continue;
    }
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    cursor.at += 1;
  } while (depth > 0);
  return null;
};

const readWord = (cursor: Cursor): unknown => {
  const start = cursor.at;
  while (/[\w.+-]/.test(cursor.text.charAt(cursor.at))) cursor.at += 1;
  const word = cursor.text.slice(start, cursor.at);
  if (word === '') throw NOT_PYTHON;
  const next = cursor.text.charAt(cursor.at);
  if ((next === "'" || next === '"') && /^[bBuUrR]{1,2}$/.test(word)) return readString(cursor);
  if (next === '(') return skipCall(cursor);
  if (WORDS.has(word)) return WORDS.get(word);
  const number = /^[+-]?[\d.]/.test(word) ? Number(word) : Number.NaN;
  if (Number.isNaN(number)) throw NOT_PYTHON;
  return number;
};

const readItems = (cursor: Cursor, close: string, depth: number): unknown[] => {
  const items: unknown[] = [];
  while (!cursor.take(close)) {
    items.push(readValue(cursor, depth));
    if (!cursor.take(',') && cursor.peek() !== close) throw NOT_PYTHON;
  }
  return items;
};

const readDict = (cursor: Cursor, depth: number): Record<string, unknown> => {
  // No prototype: `__proto__` is a key like any other.
  const dict: Record<string, unknown> = { __proto__: null };
  while (!cursor.take('}')) {
    const key = readValue(cursor, depth);
    if (!cursor.take(':')) throw NOT_PYTHON;
    const value = readValue(cursor, depth);
    if (typeof key === 'string') dict[key] = value;
    if (!cursor.take(',') && cursor.peek() !== '}') throw NOT_PYTHON;
  }
  return dict;
};

const readValue = (cursor: Cursor, depth: number): unknown => {
  if (depth > DEEPEST) throw NOT_PYTHON;
  const char = cursor.peek();
  if (char === "'" || char === '"') return readString(cursor);
  if (cursor.take('{')) return readDict(cursor, depth + 1);
  if (cursor.take('[')) return readItems(cursor, ']', depth + 1);
  if (cursor.take('(')) return readItems(cursor, ')', depth + 1);
  return readWord(cursor);
};

/** The dict whose Python `repr` is `text` (`{'ok': True, 'n': None}`), without prototype; null if it is none. */
export const parsePythonDict = (text: string): Readonly<Record<string, unknown>> | null => {
  const cursor = new Cursor(text);
  if (!cursor.take('{')) return null;
  try {
    const dict = readDict(cursor, 1);
    return cursor.peek() === '' ? dict : null;
  } catch (error) {
    if (error === NOT_PYTHON) return null;
    throw error;
  }
};
