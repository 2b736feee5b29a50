import type { Document, LineCounter, Node, Pair } from 'yaml';
import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import type { Path } from './config.ts';

/** A text of JSON or YAML, and where its values stand. */
export interface Parsed {
  readonly value: unknown;
  /** The line of a value, from 1, or of what holds it where it is missing. */
  lineOf(path: Path): number;
}

/** Parses a file by its name: `.json` is JSON, all else YAML 1.2. Throws USAGE with the line that is wrong. */
export const parseDocument = async (text: string, name: string): Promise<Parsed> => {
  const { parseDocument: parse, LineCounter: Counter, visit } = await import('yaml');
  const lines = new Counter();
  const wrong = (offset: number, what: string): AuthlogError =>
    new AuthlogError('USAGE', `${printable(name)}:${lines.linePos(offset).line || 1}: ${what}`);
  // What is JSON is YAML too, so that one parser tells the lines of both.
  const isJson = /\.json$/i.test(name);
  checkDepth(text, name);
  const document = parse(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
  });
  if (isJson) checkJson(text, wrong);
  // What was never closed makes other errors first.
  const { errors, warnings } = document;
  const problem = errors.find(({ code }) => code === 'MISSING_CHAR') ?? errors[0] ?? warnings[0];
  if (problem !== undefined) {
    const isEnd = problem.code === 'BAD_INDENT' && problem.pos[0] >= text.trimEnd().length;
    const what = isEnd ? 'ends before a bracket is closed' : sentenceOf(problem, isJson);
    throw wrong(problem.pos[0], what);
  }
  visit(document, {
    // A few of them, each in the next, would make a file as large as the memory.
    Alias: (_, { range }) => {
      throw wrong(range?.[0] ?? 0, 'refers to another place (*name): write the value out');
    },
  });
  return {
    value: document.toJS() as unknown,
    lineOf: (path) => lineOf(document, lines, path),
  };
};

const DEEPEST = 100;
/** Indentation and signs of lists in a line; each level of either takes a character at least. */
const LONGEST_INDENT = 256;

/** The parser calls itself for each level: a hostile depth would end the process. Counts brackets in texts too. */
const checkDepth = (text: string, name: string): void => {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEEPEST) throw tooDeep(name);
  }
  for (const line of text.split(/[\r\n]/)) {
    const signs = line.match(/(?:^|\s)[-?:](?=\s)/g)?.length ?? 0;
    const indent = /^[ \t?:-]*/.exec(line)![0].length;
    if (signs > DEEPEST || indent > LONGEST_INDENT) throw tooDeep(name);
  }
};

const tooDeep = (name: string): AuthlogError =>
  new AuthlogError('USAGE', `${printable(name)} is nested too deep`);

const checkJson = (text: string, wrong: (offset: number, what: string) => AuthlogError): void => {
  try {
    JSON.parse(text);
  } catch (error) {
    const at = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw wrong(at === undefined ? text.length : Number(at), 'is not JSON');
  }
};

const SENTENCES: ReadonlyMap<string, string> = new Map([
  ['DUPLICATE_KEY', 'has a member twice'],
  ['TAB_AS_INDENT', 'is indented by a tab: YAML takes only spaces'],
  ['BAD_INDENT', 'is indented otherwise than what it belongs to'],
  ['BLOCK_AS_IMPLICIT_KEY', 'has a second colon: put quotes around a text that has one'],
  ['MULTIPLE_DOCS', 'begins a second document: a file has one'],
  ['MULTILINE_IMPLICIT_KEY', 'has a name without a colon behind it'],
  ['NON_STRING_KEY', 'has a name that is no text'],
  ['TAG_RESOLVE_FAILED', 'has a tag (!name), which is not known'],
]);

const sentenceOf = (
  { code, message }: { readonly code: string; readonly message: string },
  isJson: boolean,
): string =>
  SENTENCES.get(code) ??
  `is not ${isJson ? 'JSON' : 'YAML'}: ${printable(message.charAt(0).toLowerCase() + message.slice(1))}`;

const lineOf = (document: Document.Parsed, lines: LineCounter, path: Path): number => {
  let node: unknown = document.contents;
  let offset = rangeOf(node);
  for (const step of path) {
    const item = itemsOf(node).find((one, index) =>
      isPair(one)
        ? String((one.key as { value?: unknown }).value) === String(step)
        : index === step,
    );
    if (item === undefined) break;
    offset = rangeOf(isPair(item) ? item.key : item);
    node = isPair(item) ? item.value : item;
  }
  return lines.linePos(offset).line || 1;
};

const itemsOf = (node: unknown): readonly unknown[] =>
  typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)
    ? (node.items as readonly unknown[])
    : [];

const isPair = (item: unknown): item is Pair =>
  typeof item === 'object' && item !== null && 'key' in item;

const rangeOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;
