import { loosen, readPath, type PathReadings } from './path.ts';

/** What a request needs where a rule holds. */
export interface Rule {
  /** Segments of the path at and below which it holds. */
  readonly path: readonly string[];
  /** Null: every method. */
  readonly methods: ReadonlySet<string> | null;
  /** The token must have all of these. */
  readonly scopes: readonly string[];
  /** The token must have one of these, if there are any. */
  readonly roles: readonly string[];
  /** A request without credentials passes; one with bad credentials does not. */
  readonly isPublic: boolean;
}

export type RuleProblem = 'ambiguous_path' | 'no_path' | 'no_method' | 'no_rule';

/** The rule of a request; null for the default: any valid token. Else why it is refused. */
export type Finding =
  | { readonly rule: Rule | null; readonly problem: null }
  | { readonly rule: null; readonly problem: RuleProblem };

interface Node {
  readonly children: Map<string, Node>;
  /** The rules of exactly this path; empty where none ends here. */
  readonly rules: Rule[];
}

const refusals: Readonly<Record<RuleProblem, Finding>> = {
  ambiguous_path: { rule: null, problem: 'ambiguous_path' },
  no_path: { rule: null, problem: 'no_path' },
  no_method: { rule: null, problem: 'no_method' },
  no_rule: { rule: null, problem: 'no_rule' },
};
const DEFAULT: Finding = { rule: null, problem: null };

/** Finds the rule of a request: the longest path that holds, then the method. */
export class Rules {
  readonly size: number;
  readonly #otherwise: Finding;
  readonly #strict: Node = newNode();
  readonly #loose: Node = newNode();
  readonly #findings = new Map<Rule, Finding>();

  /** @param otherwise what holds where no rule does: any valid token, or nothing */
  constructor(rules: readonly Rule[], otherwise: 'token' | 'deny') {
    this.size = rules.length;
    this.#otherwise = otherwise === 'deny' ? refusals.no_rule : DEFAULT;
    for (const rule of rules) {
      this.#findings.set(rule, { rule, problem: null });
      nodeAt(this.#strict, rule.path).rules.push(rule);
      const loose = rule.path.map((segment) => loosen(segment) ?? segment);
      nodeAt(this.#loose, loose).rules.push(rule);
    }
  }

  /** `path` may have a query. Never throws. */
  find(method: string | null, path: string | null): Finding {
    if (path === null) return refusals.no_path;
    const readings = readPath(path);
    if (readings === null) return refusals.ambiguous_path;
    const rules = this.#rulesOf(readings);
    if (rules === null) return refusals.ambiguous_path;
    if (rules.length === 0) return this.#otherwise;
    let general: Rule | null = null;
    for (const rule of rules) {
      if (rule.methods === null) general = rule;
      else if (method === null) return refusals.no_method;
      else if (rule.methods.has(method)) return this.#findings.get(rule)!;
    }
    // Never the rule of a shorter path: it knows nothing of what lies here.
    return general === null ? refusals.no_rule : this.#findings.get(general)!;
  }

  /** The rules of the longest path that holds; null where the two readings differ. */
  #rulesOf({ strict, loose }: PathReadings): readonly Rule[] | null {
    const exact = deepest(this.#strict, strict);
    const lenient = deepest(this.#loose, loose);
    if (exact.length === 0) return lenient.length === 0 ? exact : null;
    return lenient.includes(exact[0]!) ? exact : null;
  }
}

const newNode = (): Node => ({ children: new Map(), rules: [] });

const nodeAt = (root: Node, path: readonly string[]): Node => {
  let node = root;
  for (const segment of path) {
    let next = node.children.get(segment);
    if (next === undefined) {
      next = newNode();
      node.children.set(segment, next);
    }
    node = next;
  }
  return node;
};

const deepest = (root: Node, path: readonly string[]): readonly Rule[] => {
  let node = root;
  let found = root.rules;
  for (const segment of path) {
    const next = node.children.get(segment);
    if (next === undefined) break;
    node = next;
    if (node.rules.length > 0) found = node.rules;
  }
  return found;
};
