import { rankOf, type Level } from '../../audit/level.ts';
import type { AuditReport } from '../../audit/audit-report.ts';
import type { RuleTexts } from './reporter.ts';

/** Levels as SARIF section 3.27.10 knows them. */
export const sarifLevel = (level: Level): 'error' | 'warning' | 'note' => {
  if (rankOf(level) >= rankOf('high')) return 'error';
  return level === 'medium' ? 'warning' : 'note';
};

/** The score by which code scanning tells critical from high: over 9, from 7, from 4, below. */
export const SECURITY_SEVERITY: Readonly<Record<Level, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.0',
};

/** What a report can tell of a rule: all of it, or what a finding says of one that is not in the registry. */
export type DescribedRule = Pick<RuleTexts, 'title' | 'level' | 'attack'> & {
  readonly id: string;
  readonly texts: RuleTexts | null;
  /** The worst level among the rule's own and those of its findings. */
  readonly worst: Level;
};

/** Rules that ran, lacked their context or found something, in the order of their ids. */
export const describedRules = (
  { findings, rules: { ran, idle } }: AuditReport,
  registry: readonly RuleTexts[],
): readonly DescribedRule[] => {
  const known = new Map<string, RuleTexts>(registry.map((rule) => [rule.id, rule]));
  const described = new Map<string, DescribedRule>();
  for (const id of [...ran, ...idle]) {
    const texts = known.get(id);
    if (texts !== undefined) described.set(id, { ...texts, texts, worst: texts.level });
  }
  for (const { rule: id, title, level, attack } of findings) {
    const texts = known.get(id) ?? null;
    const one = described.get(id) ?? { id, title, level, attack, texts, worst: level };
    const worst = rankOf(level) > rankOf(one.worst) ? level : one.worst;
    described.set(id, { ...one, worst });
  }
  return [...described.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
};

/** A `reportingDescriptor` (section 3.49). */
export const descriptorOf = ({
  id,
  title,
  level,
  attack,
  texts,
  worst,
}: DescribedRule): object => ({
  id,
  name: texts === null ? id : pascal(texts.name),
  shortDescription: { text: title },
  fullDescription: { text: texts === null ? title : texts.condition },
  ...(texts === null ? null : { help: { text: helpText(texts), markdown: helpMarkdown(texts) } }),
  defaultConfiguration: { level: sarifLevel(level) },
  properties: {
    tags: ['security', ...attack.map((technique) => `external/attack/${technique}`)],
    'security-severity': SECURITY_SEVERITY[worst],
  },
});

/** `alg-none` as `AlgNone`, the spelling that viewers expect. */
const pascal = (name: string): string =>
  name.replace(/(?:^|-)(.)/g, (_all, letter: string) => letter.toUpperCase());

const helpText = ({ meaning, action, falsePositives }: RuleTexts): string =>
  [meaning, action, ...falsePositives.map((one) => `False alarm: ${one}`)].join('\n\n');

const helpMarkdown = ({ meaning, action, falsePositives }: RuleTexts): string =>
  [
    meaning,
    `**What to do:** ${action}`,
    `**Known false alarms**\n\n${falsePositives.map((one) => `- ${one}`).join('\n')}`,
  ].join('\n\n');
