import type { AuditReport } from '../../audit/audit-report.ts';
import type { FiguresSection, Island } from '../../page/island.ts';
import type { AuditReporter } from '../audit/reporter.ts';
import { omittedTexts, scopeText } from '../audit/words.ts';
import { createCalendar } from '../calendar.ts';
import { formatCount } from '../count.ts';
import { inputLabel } from '../overview.ts';
import { htmlDocument } from './document.ts';
import type { PageExtras } from './extras.ts';
import { findingsSection } from './finding-section.ts';
import { inputSections, islandOf, noteSections } from './page-parts.ts';
import { findingsFigure } from './summary-page.ts';
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
  const plain = (label: string, count: number): FiguresSection['figures'][number] => ({
    label,
    value: formatCount(count),
    detail: null,
    tone: 'plain',
  });
  return {
    kind: 'figures',
    id: 'figures',
    title: 'In short',
    about: null,
    figures: [
      findingsFigure(levels),
      { ...plain('Critical', levels.critical), tone: levels.critical > 0 ? 'bad' : 'plain' },
      { ...plain('High', levels.high), tone: levels.high > 0 ? 'bad' : 'plain' },
      { ...plain('Medium', levels.medium), tone: levels.medium > 0 ? 'late' : 'plain' },
      plain('Events', totals.events),
      plain('Rules that ran', rules.ran.length),
    ],
  };
};
