import type { AuditReport } from '../audit/audit-report.ts';
import type { Island, Section, TableSection } from '../page/island.ts';
import { createCalendar } from '../report/calendar.ts';
import type { PageExtras } from '../report/html/extras.ts';
import { summaryIsland } from '../report/html/summary-page.ts';
import type { Summary, UserSummary } from '../summarize/summary.ts';
import { userPath } from './user-link.ts';

/** Users that a page lists; the others are found by the search. */
const MOST_USERS = 1000;

/** What pages show beside numbers. */
export type PageTexts = Pick<PageExtras, 'rules' | 'version' | 'tz'>;

/** The report of a store as the page shows it; `query` names its window in links. */
export const reportIsland = (
  summary: Summary,
  { findings, totals }: AuditReport,
  activity: PageExtras['activity'],
  texts: PageTexts,
  query: string,
): Island => {
  const counted = { ...summary, findings: totals.levels };
  const island = summaryIsland(counted, { ...texts, activity, findings, top: MOST_USERS });
  const link = (section: Section): Section => {
    if (section.kind !== 'table') return section;
    if (section.id === 'users') return linked(section, summary.users, query);
    if (section.id === 'hearsay') return linked(section, summary.unverified_users, query);
    return section;
  };
  return {
    ...island,
    sections: island.sections.map(link),
    footer: footerOf(summary.now, texts),
  };
};

/** The last line of a page. */
export const footerOf = (now: string, { version, tz }: PageTexts): string =>
  `authlog ${version}, as of ${createCalendar(now, tz).stamp(now)} ${tz}`;

type User = Pick<UserSummary, 'user_id' | 'user_id_type'>;

/** A table of users, in their order, with a link in each row. */
const linked = (table: TableSection, users: readonly User[], query: string): TableSection => ({
  ...table,
  linked: true,
  rows: table.rows.map((row, at) => [...row, pathOf(users[at], query)]),
  ...(table.left !== undefined && { left: { ...table.left, hint: 'the search finds them.' } }),
});

const pathOf = (user: User | undefined, query: string): string | null =>
  user === undefined
    ? null
    : userPath({ userIdType: user.user_id_type, userId: user.user_id }, query);
