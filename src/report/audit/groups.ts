import type { AuditReport } from '../../audit/audit-report.ts';
import type { Finding } from '../../audit/finding.ts';
import type { Level } from '../../audit/level.ts';
import type { RuleTexts } from './reporter.ts';
import { WORST_FIRST } from './words.ts';

/** Findings of one rule at one level. */
export interface RuleGroup {
  readonly id: string;
  readonly title: string;
  /** What to do; null where it was said at a worse level, and of a rule that nobody knows. */
  readonly action: string | null;
  readonly findings: readonly Finding[];
}

export interface LevelGroup {
  readonly level: Level;
  /** In the order in which their first findings come. */
  readonly rules: readonly RuleGroup[];
}

/** The first `top` findings (0: all) by level, the worst first, and by rule. */
export const groupsOf = (
  { findings }: AuditReport,
  rules: readonly RuleTexts[],
  top: number,
): readonly LevelGroup[] => {
  const shown = top > 0 ? findings.slice(0, top) : findings;
  const actions = new Map<string, string>(rules.map(({ id, action }) => [id, action]));
  const groups: LevelGroup[] = [];
  for (const level of WORST_FIRST) {
    const byRule = new Map<string, Finding[]>();
    for (const finding of shown) {
      if (finding.level !== level) continue;
      const known = byRule.get(finding.rule);
      if (known === undefined) byRule.set(finding.rule, [finding]);
      else known.push(finding);
    }
    if (byRule.size === 0) continue;
    const ofLevel: RuleGroup[] = [];
    for (const [id, list] of byRule) {
      const action = actions.get(id) ?? null;
      actions.delete(id);
      ofLevel.push({ id, title: list[0]!.title, action, findings: list });
    }
    groups.push({ level, rules: ofLevel });
  }
  return groups;
};
