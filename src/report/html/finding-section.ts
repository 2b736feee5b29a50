import type { Evidence, Finding } from '../../audit/finding.ts';
import type { FindingItem, FindingsSection } from '../../page/island.ts';
import type { RuleTexts } from '../audit/reporter.ts';
import { placeText, whenText, whoText } from '../audit/words.ts';
import type { Calendar } from '../calendar.ts';
import { escapeText } from '../escape.ts';

/** Findings with all that is known of them. */
export const findingsSection = (
  findings: readonly Finding[],
  rules: readonly RuleTexts[],
  calendar: Calendar,
): FindingsSection => {
  const texts = new Map<string, RuleTexts>(rules.map((rule) => [rule.id, rule]));
  return {
    kind: 'findings',
    id: 'findings',
    title: 'Findings',
    about: null,
    findings: findings.map((finding) => itemOf(finding, texts.get(finding.rule), calendar)),
    none: 'The rules found nothing.',
  };
};

const itemOf = (
  finding: Finding,
  rule: RuleTexts | undefined,
  calendar: Calendar,
): FindingItem => ({
  id: finding.id,
  rule: finding.rule,
  level: finding.level,
  title: escapeText(finding.title),
  why: escapeText(finding.why),
  action: rule?.action ?? '',
  meaning: rule?.meaning ?? '',
  harmless: rule?.falsePositives ?? [],
  who: whoText(finding),
  when: whenText(finding, calendar),
  count: finding.count,
  first: stampOf(finding.first_seen, calendar),
  last: stampOf(finding.last_seen, calendar),
  attack: finding.attack,
  evidence: finding.evidence.map((evidence) => evidenceOf(evidence, calendar)),
});

const stampOf = (moment: string | null, { stamp }: Calendar): string | null =>
  moment === null ? null : stamp(moment);

const evidenceOf = (evidence: Evidence, { stamp }: Calendar): FindingItem['evidence'][number] => ({
  place: escapeText(placeText(evidence) ?? '-'),
  time: stamp(evidence.time),
  token: evidence.token_id ?? '-',
});
