import { describe, expect, test } from 'vitest';
import { replay } from '../../src/audit/examples.ts';
import { rankOf, type Level } from '../../src/audit/level.ts';
import { RULES } from '../../src/audit/rules/index.ts';

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
  test.each(rule.hits.map((hit) => [hit.says, hit] as const))('finds: %s', (_says, hit) => {
    const { findings } = replay(rule, hit);
    expect(findings).not.toEqual([]);
    const worst = findings.reduce<Level>(
      (level, f) => (rankOf(f.level) > rankOf(level) ? f.level : level),
      'info',
    );
    if (hit.level !== undefined) expect(worst).toBe(hit.level);
    if (hit.count !== undefined) {
      expect(findings.reduce((sum, { count }) => sum + count, 0)).toBe(hit.count);
    }
  });

  test.each(rule.misses.map((miss) => [miss.says, miss] as const))('lets be: %s', (_says, miss) => {
    expect(replay(rule, miss).findings).toEqual([]);
  });

  test('tells a person all there is to know', () => {
    expect(rule.hits.length).toBeGreaterThan(0);
    expect(rule.misses.length).toBeGreaterThan(0);
    for (const text of [rule.condition, rule.meaning, rule.action]) expect(text).toMatch(/\.$/);
    expect(rule.falsePositives).not.toEqual([]);
    for (const id of rule.attack) expect(id).toMatch(/^T\d{4}(?:\.\d{3})?$/);
  });
});
