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

const BOUNDARY = 'rsigma counts an event at the very end of the span, the rule does not';
const NO_TIME = 'rsigma takes the clock where an event has no time';
const NEW_KEY = 'the Sigma rule counts key ids of an address only, not users of a key id';

/** Where the two differ, and why. */
const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AL005: { 'AL005: a damaged token with a key id of ours': 'Sigma knows no key ids of ours' },
  AL015: { 'AL015: the twentieth when the span is over': BOUNDARY, 'AL015: no time': NO_TIME },
  AL016: {
    'AL016: the number 1 and the text 1': 'rsigma takes the number 1 and the text 1 for one',
    'AL016: the tenth when the span is over': BOUNDARY,
    'AL016: no time': NO_TIME,
  },
  AL019: {
    'AL016: a new key, and many users behind one address': NEW_KEY,
    'AL019: one key id, ten users': NEW_KEY,
    'AL019: eleven users': NEW_KEY,
    'AL019: ten users at unknown addresses': NEW_KEY,
    'AL019: the tenth user at the last moment': NEW_KEY,
    'AL019: the fifth when the span is over': BOUNDARY,
    'AL019: no time': NO_TIME,
  },
};

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
      expect(differencesOf(rule)).toEqual(Object.keys(DIFFERENCES[id] ?? {}));
    },
    120_000,
  );
});
