import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultsOf, replay } from '../../src/audit/examples.ts';
import { rankOf } from '../../src/audit/level.ts';
import type { Example, Rule } from '../../src/audit/rule.ts';
import { RULES } from '../../src/audit/rules/index.ts';
import { ROOT } from '../support/cli.ts';
import { importsOf, load, mutantsOf, type Modules } from './mutation.ts';

/**
 * Conditions that may be turned without an example failing, and why: only what saves work, or chooses words that no
 * example looks at. By the rule's id, or by the name of a module that rules share.
 */
const SURVIVORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AL018: { 'key !== null': 'chooses the words of the reason' },
};

/** Modules of predicates that rules share: their mutants must fail an example of some rule. */
const SHARED = ['answer.ts', 'forgery.ts'];

const AUDIT = `${ROOT}src/audit/`;
const files = readdirSync(`${AUDIT}rules`).filter((name) => name !== 'index.ts');
const fileOf = ({ id }: Rule): string =>
  `${AUDIT}rules/${files.find((name) => name.startsWith(`${id.toLowerCase()}-`)) ?? id}`;

const imported = [...RULES.map(fileOf), ...SHARED.map((name) => AUDIT + name)].flatMap(importsOf);
const modules: Modules = new Map(
  await Promise.all(
    [...new Set(imported)].map(
      async (path): Promise<[string, Readonly<Record<string, unknown>>]> => [
        path,
        (await import(/* @vite-ignore */ path)) as Readonly<Record<string, unknown>>,
      ],
    ),
  ),
);

const isRule = (value: unknown, id: string): value is Rule =>
  typeof value === 'object' && value !== null && (value as Rule).id === id;

const ruleIn = (file: string, source: string, id: string, known: Modules = modules): Rule => {
  const rule = Object.values(load(file, source, known)).find((value) => isRule(value, id));
  if (!isRule(rule, id)) throw new Error(`${file} exports no rule ${id}`);
  return rule;
};

/** Whether the example comes out as it must. */
const holds = (
  rule: Rule,
  example: Example,
  isHit: boolean,
  thresholds: Readonly<Record<string, number>> = defaultsOf(rule),
): boolean => {
  const { findings } = replay(rule, example, thresholds);
  if (!isHit) return findings.length === 0;
  const worst = Math.max(...findings.map(({ level }) => rankOf(level)));
  const count = findings.reduce((sum, finding) => sum + finding.count, 0);
  return (
    findings.length > 0 &&
    (example.level === undefined || worst === rankOf(example.level)) &&
    (example.count === undefined || count === example.count)
  );
};

/** Whether all examples come out as they must; a mutant that throws is found out too. */
const holdsAll = (rule: Rule, thresholds?: Readonly<Record<string, number>>): boolean => {
  try {
    return (
      rule.hits.every((hit) => holds(rule, hit, true, thresholds)) &&
      rule.misses.every((miss) => holds(rule, miss, false, thresholds))
    );
  } catch {
    return false;
  }
};

const listed = (name: string): readonly string[] => Object.keys(SURVIVORS[name] ?? {}).toSorted();

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const file = fileOf(rule);
  const source = readFileSync(file, 'utf8');

  test('works the same when it is loaded as mutants are', () => {
    expect(holdsAll(ruleIn(file, source, id))).toBe(true);
  });

  test.each(
    Object.entries(rule.thresholds).flatMap(([name, { value }]) => [
      [name, value - 1] as const,
      [name, value + 1] as const,
    ]),
  )('an example depends on %s: with %d one fails', (name, value) => {
    expect(holdsAll(rule, { ...defaultsOf(rule), [name]: value })).toBe(false);
  });

  test('each condition matters to an example', () => {
    const mutants = mutantsOf(source);
    expect(mutants).not.toEqual([]);
    const survivors = mutants.filter((mutant) => holdsAll(ruleIn(file, mutant.source, id)));
    expect(survivors.map(({ text }) => text).toSorted()).toEqual(listed(id));
  });
});

test.each(SHARED)('each condition in %s matters to an example', (name) => {
  const path = AUDIT + name;
  const users = RULES.filter((rule) => importsOf(fileOf(rule)).includes(path));
  const survivors = mutantsOf(readFileSync(path, 'utf8')).filter((mutant) => {
    const known = new Map([...modules, [path, load(path, mutant.source, modules)]]);
    return users.every((rule) => {
      const file = fileOf(rule);
      return holdsAll(ruleIn(file, readFileSync(file, 'utf8'), rule.id, known));
    });
  });
  expect(survivors.map(({ text }) => text).toSorted()).toEqual(listed(name));
});

test('the list of survivors names rules and modules that there are', () => {
  const names = [...RULES.map(({ id }): string => id), ...SHARED];
  expect(Object.keys(SURVIVORS).filter((name) => !names.includes(name))).toEqual([]);
});
