import type { Island, Section, TableSection } from '../page/island.ts';
import { createCalendar, type Calendar } from '../report/calendar.ts';
import { formatCount, plural } from '../report/count.ts';
import { escapeText } from '../report/escape.ts';
import { findingsSection } from '../report/html/finding-section.ts';
import { timelineSections } from '../report/html/verdict-sections.ts';
import { userLabel } from '../report/label.ts';
import { verdictList } from '../report/users.ts';
import type { Activity } from '../summarize/activity.ts';
import { footerOf, type PageTexts } from './report-island.ts';
import type { UserAddress, UserReport, UserToken } from './user-report.ts';

/** All of one user as the page shows it. */
export const userIsland = (user: UserReport, activity: Activity, texts: PageTexts): Island => {
  const { tz, rules } = texts;
  const calendar = createCalendar(user.now, tz);
  const { claimed, notices } = user;
  const seen = [user.first_seen, user.last_seen].map(calendar.stamp).join(' to ');
  return {
    schema: 'authlog.page/1',
    heading: `User ${userLabel(user)}`,
    facts: [
      ...(user.email === null ? [] : [escapeText(user.email)]),
      user.first_seen === null ? 'never seen with a token that verified' : `seen ${seen} ${tz}`,
      plural(user.events, 'event'),
      `${plural(user.tokens.length, 'token')}, ${plural(user.addresses.length, 'address', 'addresses')}`,
    ],
    stamps: user.uses === 0 ? ['Only tokens that did not verify name this user.'] : [],
    tz,
    sections: [
      figures(user),
      ...timelineSections(activity),
      findingsSection(user.findings, rules, calendar),
      tokens('tokens', 'Tokens', user.tokens, calendar),
      addresses('addresses', 'Addresses', user.addresses, calendar),
      roles(user, calendar),
      ...(claimed.uses === 0
        ? []
        : [
            {
              ...tokens('claimed', 'Tokens that did not verify', claimed.tokens, calendar),
              about: 'They name this user, and anyone can write one.',
            },
            addresses('claimed-from', 'Where those came from', claimed.addresses, calendar),
          ]),
      latest(user, calendar),
      ...(notices.length === 0 ? [] : [notes(notices.map(({ message }) => message))]),
    ],
    footer: footerOf(user.now, texts),
  };
};

const figures = ({ uses, verdicts, claimed, addresses: places }: UserReport): Section => ({
  kind: 'figures',
  id: 'figures',
  title: 'In short',
  about: null,
  figures: [
    { label: 'Uses', value: formatCount(uses), detail: null, tone: 'plain' },
    { label: 'Valid', value: formatCount(verdicts.valid ?? 0), detail: null, tone: 'good' },
    { label: 'Expired', value: formatCount(verdicts.expired ?? 0), detail: null, tone: 'late' },
    { label: 'Addresses', value: formatCount(places.length), detail: null, tone: 'plain' },
    {
      label: 'Did not verify',
      value: formatCount(claimed.uses),
      detail: 'claim to be this user',
      tone: claimed.uses === 0 ? 'dim' : 'bad',
    },
  ],
});

const tokens = (
  id: string,
  title: string,
  rows: readonly UserToken[],
  { stamp }: Calendar,
): TableSection => ({
  kind: 'table',
  id,
  title,
  about: null,
  columns: [
    { title: 'token_id', type: 'code' },
    { title: 'Uses', type: 'count' },
    { title: 'Verdicts', type: 'text' },
    { title: 'Algorithm', type: 'text' },
    { title: 'Key', type: 'text' },
    { title: 'Roles', type: 'text' },
    { title: 'Issued', type: 'time' },
    { title: 'Ends', type: 'time' },
    { title: 'First seen', type: 'time' },
    { title: 'Last seen', type: 'time' },
  ],
  sorted: [9, 'descending'],
  span: [8, 9],
  rows: rows.map((token) => [
    escapeText(token.token_id),
    token.uses,
    verdictList(token.verdicts),
    escapeText(token.alg ?? '-'),
    escapeText(token.key ?? '-'),
    token.roles.map(escapeText).join(', '),
    stamp(token.issued_at),
    stamp(token.expires_at),
    stamp(token.first_seen),
    stamp(token.last_seen),
  ]),
});

const addresses = (
  id: string,
  title: string,
  rows: readonly UserAddress[],
  { stamp }: Calendar,
): TableSection => ({
  kind: 'table',
  id,
  title,
  about: null,
  half: true,
  columns: [
    { title: 'Address', type: 'code' },
    { title: 'Uses', type: 'count' },
    { title: 'Verdicts', type: 'text' },
    { title: 'First seen', type: 'time' },
    { title: 'Last seen', type: 'time' },
  ],
  sorted: [4, 'descending'],
  span: [3, 4],
  rows: rows.map(({ ip, uses, verdicts, first_seen: first, last_seen: last }) => [
    escapeText(ip),
    uses,
    verdictList(verdicts),
    stamp(first),
    stamp(last),
  ]),
});

const roles = ({ roles: rows }: UserReport, { stamp }: Calendar): TableSection => ({
  kind: 'table',
  id: 'roles',
  title: 'Roles',
  about: null,
  half: true,
  columns: [
    { title: 'Roles', type: 'text' },
    { title: 'Uses', type: 'count' },
    { title: 'First seen', type: 'time' },
    { title: 'Last seen', type: 'time' },
  ],
  sorted: [3, 'descending'],
  span: [2, 3],
  rows: rows.map(({ roles: names, uses, first_seen: first, last_seen: last }) => [
    names.length === 0 ? '(none)' : names.map(escapeText).join(', '),
    uses,
    stamp(first),
    stamp(last),
  ]),
});

const latest = ({ latest: events }: UserReport, { stamp }: Calendar): TableSection => ({
  kind: 'table',
  id: 'latest',
  title: 'Latest events',
  about: null,
  columns: [
    { title: 'When', type: 'time' },
    { title: 'Verdict', type: 'text' },
    { title: 'token_id', type: 'code' },
    { title: 'Address', type: 'code' },
    { title: 'Request', type: 'code' },
    { title: 'Status', type: 'text' },
    { title: 'Event', type: 'text' },
  ],
  sorted: [0, 'descending'],
  rows: events.map((event) => [
    stamp(event.time),
    event.reason === null
      ? (event.verdict ?? '-')
      : `${event.verdict ?? '-'}: ${escapeText(event.reason)}`,
    escapeText(event.token_id ?? '-'),
    escapeText(event.ip ?? '-'),
    escapeText([event.method, event.path].filter((part) => part !== null).join(' ')),
    event.status === null ? '-' : String(event.status),
    escapeText(event.event ?? ''),
  ]),
});

const notes = (messages: readonly string[]): Section => ({
  kind: 'notes',
  id: 'notes',
  title: 'Remarks',
  about: null,
  notes: messages,
});
