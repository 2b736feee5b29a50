import type { Finding } from '../audit/finding.ts';
import { RULES } from '../audit/rules/index.ts';
import type { Calendar } from '../report/calendar.ts';
import { escapeText } from '../report/escape.ts';
import { whenText, whoText } from '../report/audit/words.ts';
import type { FindingItem, FindingsSection } from '../page/island.ts';

/** Findings as the page lists them. */
export const findingsSection = (
  findings: readonly Finding[],
  calendar: Calendar,
): FindingsSection => ({
  kind: 'findings',
  id: 'findings',
  title: 'Findings',
  about: null,
  none: 'The rules found nothing in this window of time.',
  findings: findings.map((finding) => itemOf(finding, calendar)),
});

const itemOf = (finding: Finding, calendar: Calendar): FindingItem => {
  const rule = RULES.find(({ id }) => id === finding.rule);
  return {
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
    first: finding.first_seen === null ? null : calendar.stamp(finding.first_seen),
    last: finding.last_seen === null ? null : calendar.stamp(finding.last_seen),
    attack: finding.attack,
    evidence: finding.evidence.map(({ file, line, time, token_id: token }) => ({
      place: file === null ? '-' : escapeText(line === null ? file : `${file}:${line}`),
      time: calendar.stamp(time),
      token: escapeText(token ?? '-'),
    })),
  };
};
