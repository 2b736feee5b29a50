import { describe, expect, test } from 'vitest';
import { uuidOf } from '../../scripts/rules/sigma.ts';
import { exampleEvent, replay } from '../../src/audit/examples.ts';
import type { Example, Rule } from '../../src/audit/rule.ts';
import { RULES } from '../../src/audit/rules/index.ts';
import {
  checkedByPySigma,
  checkedByRsigma,
  isPySigmaMissing,
  isRsigmaMissing,
  matchesOf,
  type SigmaMatch,
} from '../oracle/sigma.ts';

const WITH_SIGMA = RULES.filter(({ sigma }) => !('none' in sigma));

/** Every history that any rule brings, without the context that Sigma can't have. */
const HISTORIES = RULES.flatMap(({ id, hits, misses }) =>
  [...hits, ...misses].map(({ says, events }) => ({ says: `${id}: ${says}`, events })),
);

/** Where the two must differ, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {};

test.skipIf(isPySigmaMissing)('pySigma reads all files and finds no fault', () => {
  const counted = WITH_SIGMA.filter(({ sigma }) => 'correlation' in sigma);
  const rules = WITH_SIGMA.length + counted.length;
  expect(checkedByPySigma()).toEqual({ rules, faults: [], issues: [] });
});

describe.skipIf(isRsigmaMissing)('rsigma', () => {
  test.each(['validate', 'lint'] as const)('%s finds no fault', (how) => {
    const { status, text } = checkedByRsigma(how);
    expect(status, text).toBe(0);
  });

  const matches = new Map<Example, readonly SigmaMatch[]>();
  const matchesIn = (history: Example): readonly SigmaMatch[] => {
    const known = matches.get(history);
    if (known !== undefined) return known;
    const found = matchesOf(history.events.map((event, i) => exampleEvent(event, i + 1)));
    matches.set(history, found);
    return found;
  };

  const differencesOf = (rule: Rule): string[] =>
    HISTORIES.filter((history) => {
      const sigma = matchesIn(history).filter(({ rule_id }) => rule_id === uuidOf(rule.id));
      const { findings } = replay(rule, history);
      return findings.length > 0 !== sigma.length > 0;
    }).map(({ says }) => says);

  test.each(WITH_SIGMA.map((rule) => [rule.id, rule] as const))(
    '%s finds in Sigma what it finds natively',
    (id, rule) => {
      expect(differencesOf(rule)).toEqual(DIFFERENCES[id] ?? []);
    },
    120_000,
  );
});
