import type { AuditReport } from '../audit/audit-report.ts';
import type { Island, Section } from '../page/island.ts';
import { createCalendar, type Calendar } from '../report/calendar.ts';
import { formatCount, plural } from '../report/count.ts';
import { incompleteText } from '../report/error.ts';
import { escapeText } from '../report/escape.ts';
import { emailLabel, userLabel } from '../report/label.ts';
import type { Summary } from '../summarize/summary.ts';
import { VERDICTS, VERIFIED } from '../verify/verdict.ts';
import { findingsSection } from './findings-section.ts';
import { userPath } from './user-link.ts';
import { MEANINGS, verdictsText } from './verdict-words.ts';

/** Users that a page lists; the others are found by the search. */
const MOST_USERS = 1000;

/** The report of a store as the page shows it; `query` names its window in links. */
export const reportIsland = (summary: Summary, audit: AuditReport, query: string): Island => {
  const calendar = createCalendar(summary.now, summary.tz);
  const { totals, inputs } = summary;
  return {
    schema: 'authlog.page/1',
    heading: inputs.map(({ path }) => escapeText(path)).join(', '),
    facts: [
      plural(totals.lines, 'line'),
      `${plural(totals.tokens, 'token')}, ${formatCount(totals.distinct_tokens)} distinct`,
      plural(summary.users.length, 'user'),
    ],
    stamps: (summary.incomplete ?? []).map((input) => escapeText(incompleteText(input))),
    tz: summary.tz,
    sections: [
      figures(summary, audit),
      bars(summary),
      findingsSection(audit.findings, calendar),
      users(summary, calendar, query),
      ...claimed(summary, query),
      expiry(summary, calendar),
      ...notes(summary),
    ],
    footer: `authlog, ${calendar.stamp(summary.now)} ${summary.tz}`,
  };
};

const figures = ({ totals, users, expiry }: Summary, { totals: found }: AuditReport): Section => {
  const { verdicts } = totals;
  const rejected = totals.tokens - verdicts.valid - verdicts.expired;
  const soon = expiry
    .filter(({ bucket }) => bucket === 'within_1h' || bucket === 'within_24h')
    .reduce((sum, { distinct_tokens: tokens }) => sum + tokens, 0);
  const worst = found.levels.critical + found.levels.high;
  return {
    kind: 'figures',
    id: 'figures',
    title: 'In short',
    about: null,
    figures: [
      { label: 'Tokens', value: formatCount(totals.tokens), detail: null, tone: 'plain' },
      { label: 'Users', value: formatCount(users.length), detail: null, tone: 'plain' },
      { label: 'Valid', value: formatCount(verdicts.valid), detail: null, tone: 'good' },
      { label: 'Expired', value: formatCount(verdicts.expired), detail: null, tone: 'late' },
      { label: 'Rejected', value: formatCount(rejected), detail: null, tone: 'bad' },
      { label: 'Ending in 24 h', value: formatCount(soon), detail: 'distinct', tone: 'late' },
      {
        label: 'Findings',
        value: formatCount(found.findings),
        detail: worst === 0 ? null : `${formatCount(worst)} high or critical`,
        tone: worst === 0 ? 'plain' : 'bad',
      },
    ],
  };
};

const bars = ({ totals }: Summary): Section => ({
  kind: 'bars',
  id: 'verdicts',
  title: 'Verdicts',
  about: null,
  bars: VERDICTS.filter((verdict) => totals.verdicts[verdict] > 0).map((name) => ({
    name,
    count: totals.verdicts[name],
    means: MEANINGS[name],
  })),
});

const users = ({ users: all }: Summary, calendar: Calendar, query: string): Section => ({
  kind: 'table',
  id: 'users',
  title: 'Users',
  about: 'By tokens whose signature verified.',
  linked: true,
  columns: [
    { title: 'User', type: 'text' },
    { title: 'E-mail', type: 'text' },
    { title: 'Roles', type: 'text' },
    { title: 'Tokens', type: 'count' },
    { title: 'Valid', type: 'count', tone: 'good' },
    { title: 'Expired', type: 'count', tone: 'late' },
    { title: 'Rejected', type: 'count', tone: 'bad' },
    { title: 'First seen', type: 'time' },
    { title: 'Last seen', type: 'time' },
    { title: 'Latest expiry', type: 'time' },
  ],
  sorted: [3, 'descending'],
  span: [7, 8],
  rows: all.slice(0, MOST_USERS).map((user) => {
    const { valid = 0, expired = 0 } = user.verdicts;
    return [
      userLabel(user),
      emailLabel(user.email),
      user.roles.map(escapeText).join(', '),
      user.tokens,
      valid,
      expired,
      user.tokens - valid - expired,
      calendar.stamp(user.first_seen),
      calendar.stamp(user.last_seen),
      user.expiry_state === 'never' ? 'never' : calendar.stamp(user.latest_expiry),
      userPath({ userIdType: user.user_id_type, userId: user.user_id }, query),
    ];
  }),
  ...(all.length > MOST_USERS && {
    left: { count: all.length - MOST_USERS, hint: 'the search finds them' },
  }),
});

const claimed = ({ unverified_users: named }: Summary, query: string): readonly Section[] => {
  if (named.length === 0) return [];
  return [
    {
      kind: 'table',
      id: 'claimed',
      title: 'Hearsay',
      about: 'Users named by tokens that did not verify: anyone can write one.',
      linked: true,
      folded: true,
      columns: [
        { title: 'Claimed user', type: 'text' },
        { title: 'Tokens', type: 'count' },
        { title: 'Verdicts', type: 'text' },
      ],
      rows: named
        .slice(0, MOST_USERS)
        .map(({ user_id: userId, user_id_type: userIdType, tokens, verdicts }) => [
          userLabel({ user_id: userId, user_id_type: userIdType }),
          tokens,
          verdictsText(verdicts),
          userPath({ userIdType, userId }, query),
        ]),
    },
  ];
};

const expiry = ({ expiry: buckets }: Summary, calendar: Calendar): Section => ({
  kind: 'table',
  id: 'expiry',
  title: 'Expiry',
  about: `Of tokens that verified (${[...VERIFIED].join(', ')}), as seen from now.`,
  columns: [
    { title: 'Ends', type: 'text' },
    { title: 'Tokens', type: 'count' },
    { title: 'Distinct', type: 'count' },
    { title: 'Users', type: 'count' },
    { title: 'Earliest', type: 'time' },
    { title: 'Latest', type: 'time' },
  ],
  rows: buckets.map(({ bucket, tokens, distinct_tokens, users: named, earliest, latest }) => [
    bucket.replaceAll('_', ' '),
    tokens,
    distinct_tokens,
    named,
    calendar.stamp(earliest),
    calendar.stamp(latest),
  ]),
});

const notes = ({ notices }: Summary): readonly Section[] => {
  if (notices.length === 0) return [];
  const texts = notices.map(({ message }) => escapeText(message));
  return [{ kind: 'notes', id: 'notes', title: 'Remarks', about: null, notes: texts }];
};
