import type { AuditReport } from '../../audit/audit-report.ts';
import type { Finding } from '../../audit/finding.ts';
import { createCalendar, type Calendar } from '../calendar.ts';
import { formatCount } from '../count.ts';
import { incompleteText } from '../error.ts';
import { asciiText, escapeText } from '../escape.ts';
import { incompleteStamp, NOT_VERIFIED } from '../overview.ts';
import { pack, truncate, truncateStart, wrap } from '../width.ts';
import { beneath, commandLines, labelled, roomFor } from './blocks.ts';
import { groupsOf } from './groups.ts';
import type { AuditOptions } from './reporter.ts';
import {
  explainCommand,
  omittedTexts,
  places,
  scopeText,
  summaryText,
  whenText,
  whoText,
  WORST_FIRST,
} from './words.ts';

/** What every mail program shows without breaking a line (RFC 5322 section 2.1.1). */
const WIDTH = 78;
const LONGEST = 400;
const PLACES = 3;
/** Findings told of each rule and level; a mail that nobody reads to its end warns nobody. */
const MOST = 10;

/**
 * The findings as a mail from cron: counts and percent first, detail after, ASCII, at most 78 columns.
 * Empty when there is nothing to tell, because cron then sends no mail. Input that was not read to its
 * end, signatures that nobody checked, rules that may have missed something and an audit of nothing
 * are worth a mail.
 */
export const auditDigest = function* (
  report: AuditReport,
  { rules }: Pick<AuditOptions, 'rules'>,
): Generator<string> {
  const warnings = warningsOf(report);
  if (report.findings.length === 0 && warnings.length === 0) return;
  const calendar = createCalendar(report.now, 'UTC');
  yield* lines([`authlog audit, ${calendar.stamp(report.now)} UTC: ${summaryText(report, ', ')}`]);
  yield* lines([truncate(scopeText(report), LONGEST, '...'), ...omittedTexts(report)]);
  if (warnings.length > 0) yield '\n';
  for (const warning of warnings) yield* lines([truncate(warning, LONGEST, '...')], '! ');
  if (report.findings.length === 0) return;

  yield '\nSummary\n\n';
  yield* counts(report);
  yield '\nDetail\n';
  for (const { level, rules: groups } of groupsOf(report, rules, 0)) {
    yield `\n${level.toUpperCase()}\n`;
    for (const { id, title, action, findings } of groups) {
      yield `\n${plain(labelled(id, escapeText(title), WIDTH))}`;
      if (action !== null) yield plain(labelled('do', asciiText(action), WIDTH));
      for (const finding of findings.slice(0, MOST)) yield `\n${detail(finding, calendar)}`;
      const rest = findings.length - MOST;
      if (rest > 0) yield `\n${plain(labelled('', `and ${formatCount(rest)} more`, WIDTH))}`;
    }
  }
  const command = explainCommand(report.findings);
  const ascii = command !== null && asciiText(command) === command ? command : null;
  const explain = commandLines('Why a line was judged so:', ascii, EXPLAIN, WIDTH);
  yield `\n${plain(explain)}`;
};

const EXPLAIN = 'authlog explain FILE:LINE';

const plain = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

const lines = function* (texts: readonly string[], mark: string = ''): Generator<string> {
  for (const text of texts) {
    const wrapped = wrap(asciiText(text), WIDTH - mark.length);
    yield plain(wrapped.map((line, at) => (at === 0 ? mark : ' '.repeat(mark.length)) + line));
  }
};

const warningsOf = (report: AuditReport): readonly string[] => [
  ...(report.verification.mode === 'none' ? [NOT_VERIFIED] : []),
  ...(report.totals.events === 0 ? ['Nothing was audited: no event was found'] : []),
  ...[incompleteStamp(report)].filter((stamp) => stamp !== null),
  ...(report.incomplete ?? []).map((one) => escapeText(incompleteText(one))),
  ...report.notices
    .filter(({ code }) => report.findings.length > 0 || DOUBTS.has(code))
    .map(({ message }) => escapeText(message)),
];

/** Notices after which silence would not mean that nothing happened. */
const DOUBTS: ReadonlySet<string> = new Set(['rule_bounded', 'late_events']);

/** `     3   16.7%  AL001  Token asks for no signature`, by level and then by rule. */
const counts = function* ({ findings, totals }: AuditReport): Generator<string> {
  const row = (count: number, name: string): string => {
    const percent = ((100 * count) / findings.length).toFixed(1);
    const head = `${formatCount(count).padStart(8)} ${percent.padStart(6)}%  `;
    return `${head}${truncate(asciiText(name), WIDTH - head.length, '...')}\n`;
  };
  for (const level of WORST_FIRST) {
    if (totals.levels[level] > 0) yield row(totals.levels[level], level);
  }
  yield row(findings.length, 'findings');
  yield '\n';
  const rules = new Map<string, { readonly title: string; count: number }>();
  for (const { rule, title } of findings) {
    const known = rules.get(rule);
    if (known === undefined) rules.set(rule, { title, count: 1 });
    else known.count++;
  }
  const byCount = [...rules].toSorted(([, a], [, b]) => b.count - a.count);
  for (const [id, { title, count }] of byCount) yield row(count, `${id}  ${escapeText(title)}`);
};

const bounded = (text: string): string => truncate(asciiText(text), LONGEST, '...');

const detail = (finding: Finding, calendar: Calendar): string => {
  const room = roomFor(WIDTH);
  const found = places(finding).map(asciiText);
  const shown = found.slice(0, PLACES).map((place) => truncateStart(place, room, '...'));
  if (found.length > PLACES) shown.push(`${found.length - PLACES} more`);
  return plain([
    ...labelled('why', bounded(escapeText(finding.why)), WIDTH),
    ...labelled('who', bounded(whoText(finding)), WIDTH),
    ...labelled('when', whenText(finding, calendar), WIDTH),
    ...(shown.length === 0 ? [] : beneath('where', pack(shown, room, '  '))),
  ]);
};
