import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { runInThisContext } from 'node:vm';
import { transformSync } from 'rolldown/experimental';
import { parseAst } from 'rolldown/parseAst';
import { LEVELS } from '../../src/audit/level.ts';

/** A place in a source that means the opposite in the mutant; `text` is what stood there. */
export interface Mutant {
  readonly text: string;
  readonly source: string;
}

/** Modules by their absolute path. */
export type Modules = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const childrenOf = (node: Node): readonly Node[] => Object.values(node).flat().filter(isNode);

const parse = (source: string): Node => parseAst(source, { lang: 'ts' }) as unknown as Node;

/** Examples judge mutants; they are not mutated themselves. */
const isExamples = ({ type, key }: Node): boolean =>
  type === 'Property' && isNode(key) && (key['name'] === 'hits' || key['name'] === 'misses');

/** Each condition, boolean answer and choice of a level in the source, turned into its opposite. */
export const mutantsOf = (source: string): readonly Mutant[] => {
  const places: Node[] = [];
  const visit = (node: Node, parent: Node | null, answers: boolean): void => {
    if (isExamples(node)) return;
    const isFunction = /Function/.test(node.type);
    const inside = isFunction ? isPredicate(node, parent) : answers;
    places.push(...turnedIn(node, inside));
    for (const child of childrenOf(node)) visit(child, node, inside);
  };
  visit(parse(source), null, false);
  const byPlace = new Map(places.map((place) => [place.start * source.length + place.end, place]));
  return [...byPlace.values()].map(({ start, end }) => ({
    text: source.slice(start, end).replaceAll(/\s+/g, ' '),
    source: `${source.slice(0, start)}!(${source.slice(start, end)})${source.slice(end)}`,
  }));
};

/** The expressions of a node that are turned; `answers`: the function around it says yes or no. */
const turnedIn = (node: Node, answers: boolean): readonly Node[] => {
  const { test, argument, body, init, id } = node;
  switch (node.type) {
    case 'IfStatement':
      return [test as Node];
    case 'ReturnStatement':
      return isNode(argument) && isTurned(argument, answers) ? [argument] : [];
    case 'ArrowFunctionExpression':
      return isTurned(body as Node, answers) ? [body as Node] : [];
    case 'ConditionalExpression':
      return choosesLevel(node) ? [test as Node] : [];
    case 'VariableDeclarator': {
      const isNamed = /^(?:is|has|was|can)[A-Z]/.test(String((id as Node)['name']));
      return isNamed && isNode(init) && !/Function/.test(init.type) ? [init] : [];
    }
    default:
      return [];
  }
};

const ASKING = new Set(['filter', 'some', 'every', 'find', 'findLast', 'findIndex']);

/** A function that is declared to say yes or no, or is asked by a method of lists. */
const isPredicate = (node: Node, parent: Node | null): boolean => {
  const type = (node['returnType'] as Node | null | undefined)?.['typeAnnotation'];
  if (isNode(type)) return type.type === 'TSBooleanKeyword' || type.type === 'TSTypePredicate';
  const callee = parent?.type === 'CallExpression' ? parent['callee'] : null;
  const property = isNode(callee) ? callee['property'] : null;
  return isNode(property) && ASKING.has(String(property['name']));
};

const COMPARISONS = new Set(['==', '===', '!=', '!==', '<', '<=', '>', '>=', 'in', 'instanceof']);

const isTurned = (node: Node, answers: boolean): boolean => {
  if (node.type === 'BlockStatement' || has(node, 'ConditionalExpression')) return false;
  if (answers) return true;
  const operator = String(node['operator']);
  if (node.type === 'UnaryExpression') return operator === '!';
  if (node.type === 'BinaryExpression') return COMPARISONS.has(operator);
  return node.type === 'LogicalExpression' && operator !== '??';
};

const has = (node: Node, type: string): boolean =>
  node.type === type || childrenOf(node).some((child) => has(child, type));

const choosesLevel = ({ consequent, alternate }: Node): boolean =>
  [consequent, alternate].some(
    (branch) =>
      isNode(branch) &&
      (branch.type === 'ConditionalExpression'
        ? choosesLevel(branch)
        : (LEVELS as readonly unknown[]).includes(branch['value'])),
  );

/** Imports of a module that have values, as absolute paths. */
export const importsOf = (file: string): readonly string[] =>
  importNodes(parse(readFileSync(file, 'utf8'))).map((node) => pathOf(file, node));

const importNodes = (program: Node): readonly Node[] =>
  (program['body'] as readonly Node[]).filter(
    ({ type, importKind }) => type === 'ImportDeclaration' && importKind !== 'type',
  );

const pathOf = (file: string, node: Node): string => {
  const name = String((node['source'] as Node)['value']);
  return name.startsWith('.') ? resolve(dirname(file), name) : name;
};

/** What the source exports where it stands for `file`, and imports `modules`. */
export const load = (
  file: string,
  source: string,
  modules: Modules,
): Readonly<Record<string, unknown>> => {
  const body = parse(source)['body'] as readonly Node[];
  const names: string[] = [];
  const parts = body.map((node) => {
    const text = source.slice(node.start, node.end);
    if (node.type === 'ImportDeclaration') {
      return node['importKind'] === 'type' ? '' : bindingOf(file, node);
    }
    const { declaration } = node;
    if (node.type !== 'ExportNamedDeclaration' || !isNode(declaration)) return text;
    for (const { id } of (declaration['declarations'] ?? []) as readonly Node[]) {
      names.push(String((id as Node)['name']));
    }
    return source.slice(declaration.start, declaration.end);
  });
  const whole = `((modules) => {\n${parts.join('\n')}\nreturn { ${names.join(', ')} };\n})`;
  const { code, errors } = transformSync(file, whole, { sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const make = runInThisContext(code.trim().replace(/;$/, ''), { filename: file }) as (
    known: Modules,
  ) => Readonly<Record<string, unknown>>;
  return make(modules);
};

const bindingOf = (file: string, node: Node): string => {
  const names = (node['specifiers'] as readonly Node[])
    .filter(({ importKind }) => importKind !== 'type')
    .map(({ imported, local }) => `${nameOf(imported)}: ${nameOf(local)}`);
  return `const { ${names.join(', ')} } = modules.get(${JSON.stringify(pathOf(file, node))});`;
};

const nameOf = (node: unknown): string => String((node as Node)['name']);
