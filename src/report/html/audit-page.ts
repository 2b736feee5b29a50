import type { AuditReport } from '../../audit/audit-report.ts';
import type { FiguresSection, Island } from '../../page/island.ts';
import type { AuditReporter } from '../audit/reporter.ts';
import { omittedTexts, scopeText } from '../audit/words.ts';
import { createCalendar } from '../calendar.ts';
import { inputLabel } from '../overview.ts';
import { htmlDocument } from './document.ts';
import type { PageExtras } from './extras.ts';
import { figure, findingsFigure } from './figure.ts';
import { findingsSection } from './finding-section.ts';
import { inputSections, islandOf, noteSections } from './page-parts.ts';
import { timelineSections } from './verdict-sections.ts';

/** The findings as a page of its own. */
export const auditHtml: AuditReporter = function* (report, { page, rules, version }) {
  const extras: PageExtras = {
    activity: page?.activity ?? null,
    findings: report.findings,
    rules,
    version,
    tz: page?.tz ?? 'UTC',
  };
  const island = auditIsland(report, extras);
  yield htmlDocument({ title: `authlog audit: ${inputLabel(report)}`, island }).html;
};

/** The findings as the page shows them. */
export const auditIsland = (
  report: AuditReport,
  { activity, rules, version, tz }: PageExtras,
): Island => {
  const calendar = createCalendar(report.now, tz);
  const sections = [
    figuresSection(report),
    ...noteSections(
      report,
      report.notices.map(({ message }) => message),
    ),
    findingsSection(report.findings, rules, calendar),
    ...timelineSections(activity),
    ...inputSections(report),
  ];
  const facts = [scopeText({ ...report, inputs: [] }), ...omittedTexts(report)];
  return islandOf(report, facts, sections, { calendar, version });
};

const figuresSection = ({ totals, rules }: AuditReport): FiguresSection => {
  const { levels } = totals;
  return {
    kind: 'figures',
    id: 'figures',
    title: 'In short',
    about: null,
    figures: [
      findingsFigure(levels),
      figure('Critical', levels.critical, null, 'bad'),
      figure('High', levels.high, null, 'bad'),
      figure('Medium', levels.medium, null, 'late'),
      figure('Events', totals.events, null, 'plain'),
      figure('Rules that ran', rules.ran.length, null, 'plain'),
    ],
  };
};
