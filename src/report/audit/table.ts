import type { AuditReport } from '../../audit/audit-report.ts';
import type { Finding } from '../../audit/finding.ts';
import type { Level } from '../../audit/level.ts';
import { createCalendar, type Calendar } from '../calendar.ts';
import { plural } from '../count.ts';
import { incompleteText } from '../error.ts';
import { escapeText } from '../escape.ts';
import { incompleteStamp, NOT_VERIFIED, remarkLines } from '../overview.ts';
import type { Paint, Theme } from '../theme.ts';
import { pack, truncate, truncateStart, wrap } from '../width.ts';
import { beneath, commandLines, labelled, roomFor } from './blocks.ts';
import { groupsOf, type RuleGroup } from './groups.ts';
import type { AuditLinks, AuditOptions } from './reporter.ts';
import {
  explainCommand,
  omittedTexts,
  places,
  placeTexts,
  scopeText,
  summaryText,
  whenText,
  whoText,
} from './words.ts';

type TableOptions = Pick<AuditOptions, 'width' | 'theme' | 'top' | 'rules' | 'links'>;

interface View {
  readonly width: number;
  readonly theme: Theme;
  readonly calendar: Calendar;
  readonly links: AuditLinks | null;
}

const LEAST_WIDTH = 40;
/** Columns of one sentence; only a text that means harm is longer. */
const LONGEST = 600;
const PLACES = 5;

/** The findings for a person at a terminal, the worst first; no line is wider than `width` (at least 40). */
export const auditTable = function* (
  report: AuditReport,
  options: TableOptions,
): Generator<string> {
  const { theme, top, rules } = options;
  const width = Math.max(LEAST_WIDTH, options.width);
  const view = {
    width,
    theme,
    calendar: createCalendar(report.now, 'UTC'),
    links: options.links ?? null,
  };
  const stamps = [
    report.verification.mode === 'none' ? NOT_VERIFIED : null,
    incompleteStamp(report),
  ].filter((stamp) => stamp !== null);

  for (const stamp of stamps) yield* lines(wrap(stamp, width).map(theme.stamp));
  yield* lines(headLines(report, view));
  for (const { level, rules: groups } of groupsOf(report, rules, top)) {
    yield `\n${paintOf(level, theme)(theme.strong(level.toUpperCase()))}\n`;
    for (const group of groups) yield* ruleLines(group, view);
  }
  yield* paragraph(footLines(report, top, view));
  yield* paragraph(
    remarkLines(
      [
        ...(report.incomplete ?? []).map(incompleteText),
        ...report.notices.map(({ message }) => message),
      ],
      width,
      theme,
    ),
  );
};

const lines = function* (texts: readonly string[]): Generator<string> {
  for (const text of texts) yield `${text}\n`;
};

const paragraph = function* (texts: readonly string[]): Generator<string> {
  if (texts.length > 0) yield `\n${texts.join('\n')}\n`;
};

const headLines = (report: AuditReport, { width, theme }: View): string[] => {
  const { findings, rules, totals } = report;
  const summary = summaryText(report, theme.unicode ? ' · ' : ', ');
  const paint = findings.length === 0 ? theme.strong : paintOf(findings[0]!.level, theme);
  const ran = totals.findings === 0 && rules.ran.length > 0 ? `: ${rules.ran.join(' ')}` : '';
  return [
    ...wrap(summary, width).map((line) => theme.strong(paint(line))),
    ...wrap(truncate(scopeText(report), LONGEST, theme.mark) + ran, width),
    ...(totals.events === 0
      ? wrap('Nothing was audited: no event was found, so this says nothing of the log.', width)
      : []),
    ...omittedTexts(report).flatMap((text) => wrap(text, width).map(theme.faint)),
  ];
};

const ruleLines = function* (group: RuleGroup, view: View): Generator<string> {
  const { id, title, action, findings } = group;
  const { width, theme, links } = view;
  const [head, ...more] = labelled(id, escapeText(title), width);
  const linked =
    theme.link === null || links === null
      ? head!
      : head!.replace(id, () => theme.link!(id, links.rules));
  yield `\n${theme.strong(linked)}\n`;
  yield* lines(more.map(theme.strong));
  if (action !== null) yield* lines(labelled('do', action, width));
  for (const finding of findings) yield* findingLines(finding, view);
};

const findingLines = function* (finding: Finding, view: View): Generator<string> {
  const { width, theme, calendar, links } = view;
  const bounded = (text: string): string => truncate(text, LONGEST, theme.mark);
  yield '\n';
  yield* lines(labelled('why', bounded(escapeText(finding.why)), width));
  yield* lines(labelled('who', bounded(whoText(finding)), width));
  yield* lines(labelled('when', whenText(finding, calendar), width));
  const found = places(finding);
  if (found.length === 0) return;
  const room = roomFor(width);
  const shown = found.slice(0, PLACES).map((place) => truncateStart(place, room, theme.mark));
  if (found.length > PLACES) shown.push(`${found.length - PLACES} more: --json`);
  const dress = (text: string, index: number): string => {
    const file = index < PLACES ? placeTexts(finding)[index]!.replace(/[:@]\d+$/, '') : null;
    const url = file === null ? null : (links?.file(file) ?? null);
    return url === null || theme.link === null ? text : theme.link(text, url);
  };
  yield* lines(beneath('where', pack(shown, room, '  ', dress)));
};

const footLines = (
  { findings }: AuditReport,
  top: number,
  { width, theme }: View,
): readonly string[] => {
  if (findings.length === 0) return [];
  const rest = top > 0 ? findings.length - top : 0;
  return [
    ...(rest > 0 ? wrap(`${plural(rest, 'more finding')}: --top 0`, width) : []),
    ...(findings.some(({ evidence }) => evidence.some(({ line }) => line !== null))
      ? commandLines(
          'Why a line was judged so:',
          explainCommand(findings),
          'authlog explain FILE:LINE',
          width,
        ).map(theme.faint)
      : []),
  ];
};

const paintOf = (level: Level, theme: Theme): Paint => {
  switch (level) {
    case 'critical':
      return theme.stamp;
    case 'high':
      return theme.bad;
    case 'medium':
      return theme.warn;
    default:
      return theme.strong;
  }
};
