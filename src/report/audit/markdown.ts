import type { AuditReport } from '../../audit/audit-report.ts';
import type { Finding } from '../../audit/finding.ts';
import { createCalendar, type Calendar } from '../calendar.ts';
import { formatCount, plural } from '../count.ts';
import { incompleteText } from '../error.ts';
import { escapeMarkdown } from '../escape.ts';
import { incompleteStamp, NOT_VERIFIED } from '../overview.ts';
import { truncate } from '../width.ts';
import { groupsOf, type RuleGroup } from './groups.ts';
import type { AuditOptions } from './reporter.ts';
import { explainCommand, idLabel, omittedTexts, placeTexts, summaryText } from './words.ts';

const LONGEST = 600;
const PLACES = 5;

/** The findings for a pull request or a job summary (GitHub Flavored Markdown): every text of a log is inline code. */
export const auditMarkdown = function* (
  report: AuditReport,
  { top, rules }: Pick<AuditOptions, 'top' | 'rules'>,
): Generator<string> {
  const calendar = createCalendar(report.now, 'UTC');
  yield* head(report);
  for (const { level, rules: groups } of groupsOf(report, rules, top)) {
    yield `\n### ${level[0]!.toUpperCase()}${level.slice(1)}\n`;
    for (const group of groups) yield* ruleTable(group, calendar);
  }
  const rest = top > 0 ? report.findings.length - top : 0;
  if (rest > 0) yield `\n${plural(rest, 'more finding')}: \`--top 0\`\n`;
  const command = explainCommand(report.findings);
  if (command !== null) yield `\nWhy a line was judged so: ${escapeMarkdown(command)}\n`;
  const remarks = [
    ...(report.incomplete ?? []).map(incompleteText),
    ...report.notices.map(({ message }) => message),
  ];
  if (remarks.length > 0) yield '\n';
  for (const remark of remarks) yield `- ${code(remark)}\n`;
};

const head = function* (report: AuditReport): Generator<string> {
  const { inputs, totals, rules } = report;
  const name = inputs.length === 1 ? code(inputs[0]!.path) : plural(inputs.length, 'input');
  yield `## authlog audit: ${name}\n`;
  const stamps = [
    report.verification.mode === 'none' ? NOT_VERIFIED : null,
    incompleteStamp(report),
  ].filter((stamp) => stamp !== null);
  for (const stamp of stamps) yield `\n> [!WARNING]\n> **${stamp}**\n`;
  const ran = `${plural(rules.ran.length, 'rule')} ran over ${plural(totals.events, 'event')}`;
  yield `\n**${summaryText(report, ' · ')}** · ${ran}\n`;
  if (totals.events === 0) yield '\nNothing was audited: no event was found.\n';
  if (totals.findings === 0 && rules.ran.length > 0) yield `\nRan: ${rules.ran.join(' ')}\n`;
  for (const text of omittedTexts(report)) yield `\n${text}\n`;
};

const ruleTable = function* (group: RuleGroup, calendar: Calendar): Generator<string> {
  const { id, title, action, findings } = group;
  yield `\n#### ${id} ${prose(title)}\n`;
  if (action !== null) yield `\n${prose(action)}\n`;
  yield '\n| Why | User | From | First seen | Last seen | Count | Evidence |\n';
  yield '| --- | --- | --- | --- | --- | ---: | --- |\n';
  for (const finding of findings) yield `| ${cells(finding, calendar).join(' | ')} |\n`;
};

const cells = (finding: Finding, { stamp }: Calendar): readonly string[] => {
  const { why, user_id: user, claimed_user_id: claimed, ip, count } = finding;
  const users = [
    ...(user === null ? [] : [code(String(user), idLabel(user))]),
    ...(claimed === null ? [] : [`claimed ${code(String(claimed), idLabel(claimed))}`]),
  ];
  const found = placeTexts(finding);
  const shown = found.slice(0, PLACES).map((place) => code(place));
  if (found.length > PLACES) shown.push(`${found.length - PLACES} more`);
  return [
    code(why),
    users.length === 0 ? '-' : users.join(', '),
    ip === null ? '-' : code(ip),
    stamp(finding.first_seen),
    stamp(finding.last_seen),
    formatCount(count),
    shown.length === 0 ? '-' : shown.join(' '),
  ];
};

/** Text of a log as inline code; an empty one, which code cannot show, by its label. */
const code = (text: string, label: string = '-'): string =>
  text === '' ? label : escapeMarkdown(truncate(text, LONGEST));

/** Our own sentence with nothing in it that markup is made of. */
const prose = (text: string): string => text.replace(/[\\`*_<>[\]|#~]/g, String.raw`\$&`);
