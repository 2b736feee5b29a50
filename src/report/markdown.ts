import type { People, Summary, UserSummary } from '../summarize/summary.ts';
import { VERDICTS } from '../verify/verdict.ts';
import { type Calendar, createCalendar, withWeekday } from './calendar.ts';
import { formatCount, plural } from './count.ts';
import { incompleteText } from './error.ts';
import { escapeMarkdown } from './escape.ts';
import { BUCKET_LABELS, comingDates, expiryTitle } from './expiry.ts';
import { emailLabel, userLabel } from './label.ts';
import {
  clockStamp,
  incompleteStamp,
  inputLabel,
  NOT_VERIFIED,
  peopleOf,
  seenSpan,
  shownNotices,
} from './overview.ts';
import type { ReportOptions } from './reporter.ts';
import { expiryLabel, rejectedCount, verdictList } from './users.ts';

type Align = 'left' | 'right';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;

const table = function* <Row>(
  columns: readonly (readonly [title: string, align: Align, text: (item: Row) => string])[],
  rows: readonly Row[],
): Generator<string> {
  yield '\n';
  yield row(columns.map(([title]) => title));
  yield row(columns.map(([, align]) => (align === 'left' ? '---' : '---:')));
  for (const item of rows) yield row(columns.map(([, , text]) => text(item)));
};

/** Placeholders and numbers are our own words; every other label is text from a log. */
const userCell = (user: Pick<UserSummary, 'user_id' | 'user_id_type'>): string => {
  if (user.user_id_type !== 'string' || user.user_id === '') return userLabel(user);
  return escapeMarkdown(String(user.user_id));
};

const emailCell = (email: string | null): string =>
  email === null || email === '' ? emailLabel(email) : escapeMarkdown(email);

const userTable = function* (
  { users }: Summary,
  count: number,
  top: number,
  calendar: Calendar,
): Generator<string> {
  if (users.length === 0) return;
  const shown = top > 0 ? users.slice(0, top) : users;
  yield '\n### Users\n';
  yield* table<UserSummary>(
    [
      ['User', 'left', userCell],
      ['E-mail', 'left', (user) => emailCell(user.email)],
      ['Tokens', 'right', (user) => formatCount(user.tokens)],
      ['Valid', 'right', (user) => formatCount(user.verdicts.valid ?? 0)],
      ['Expired', 'right', (user) => formatCount(user.verdicts.expired ?? 0)],
      ['Rejected', 'right', (user) => formatCount(rejectedCount(user))],
      ['First seen', 'left', (user) => calendar.stamp(user.first_seen)],
      ['Last seen', 'left', (user) => calendar.stamp(user.last_seen)],
      ['Latest expiry', 'left', (user) => expiryLabel(user, calendar)],
    ],
    shown,
  );
  const rest = count - shown.length;
  if (rest > 0) yield `\n${plural(rest, 'more user')}: \`--top 0\`\n`;
};

const hearsayTable = function* (summary: Summary, top: number): Generator<string> {
  const users = summary.unverified_users;
  if (users.length === 0) return;
  const shown = top > 0 ? users.slice(0, top) : users;
  yield '\n### Claimed users (hearsay: no signature of theirs verified)\n';
  yield* table(
    [
      ['Claimed user', 'left', userCell],
      ['Tokens', 'right', (user) => formatCount(user.tokens)],
      ['Verdicts', 'left', (user) => verdictList(user.verdicts)],
    ],
    shown,
  );
  const rest = users.length - shown.length;
  if (rest > 0) yield `\n${plural(rest, 'more claimed user')}: \`--top 0\`\n`;
};

const expiryTables = function* (summary: Summary, calendar: Calendar): Generator<string> {
  const buckets = summary.expiry.filter(({ tokens }) => tokens > 0);
  if (buckets.length === 0) return;
  yield `\n### ${expiryTitle(summary, calendar)}\n`;
  yield* table(
    [
      ['Expiry', 'left', ({ bucket }) => BUCKET_LABELS[bucket]],
      ['Tokens', 'right', ({ tokens }) => formatCount(tokens)],
      ['Distinct', 'right', (bucket) => formatCount(bucket.distinct_tokens)],
      ['Users', 'right', (bucket) => formatCount(bucket.users)],
    ],
    buckets,
  );
  const { shown, later } = comingDates(summary, calendar.today);
  if (shown.length === 0) return;
  yield* table(
    [
      ['Expires on', 'left', ({ date }) => withWeekday(date)],
      ['Tokens', 'right', ({ tokens }) => formatCount(tokens)],
      ['Distinct', 'right', (day) => formatCount(day.distinct_tokens)],
      ['Users', 'right', (day) => formatCount(day.users)],
    ],
    shown,
  );
  if (later.length > 0) yield `\n${plural(later.length, 'later day')}: \`--json\`\n`;
};

const keyTable = function* (summary: Summary): Generator<string> {
  const { keys } = summary.verification;
  if (keys.length < 2) return;
  yield* table(
    [
      ['Key', 'left', (key) => escapeMarkdown(key.id)],
      ['Algorithms', 'left', (key) => key.algs.map(escapeMarkdown).join(' ')],
      ['Tokens', 'right', (key) => formatCount(key.tokens)],
    ],
    keys,
  );
};

const overview = function* (
  summary: Summary,
  people: People,
  calendar: Calendar,
): Generator<string> {
  const { totals, inputs } = summary;
  const name = inputs.length === 1 ? escapeMarkdown(inputs[0]!.path) : inputLabel(summary);
  yield `## authlog: ${name}\n`;
  const stamps = [
    summary.verification.mode === 'none' ? NOT_VERIFIED : null,
    incompleteStamp(summary),
  ].filter((stamp) => stamp !== null);
  for (const stamp of stamps) yield `\n> [!WARNING]\n> **${stamp}**\n`;
  const facts = [
    plural(totals.lines, 'line'),
    `${plural(totals.tokens, 'token')}, ${formatCount(totals.distinct_tokens)} distinct`,
    seenSpan(people, calendar),
    clockStamp(summary),
  ].filter((fact) => fact !== null);
  yield `\n${facts.join(' · ')}\n`;
  yield* table(
    [
      ['Verdict', 'left', (verdict) => `\`${verdict}\``],
      ['Tokens', 'right', (verdict) => formatCount(totals.verdicts[verdict])],
    ],
    VERDICTS.filter((verdict) => totals.verdicts[verdict] > 0),
  );
};

/** The report for a pull request or a job summary (GitHub Flavored Markdown): every log text is inline code. */
export const markdownChunks = function* (
  summary: Summary,
  { top, people = peopleOf(summary) }: Pick<ReportOptions, 'top' | 'people'>,
): Generator<string> {
  const calendar = createCalendar(summary.now, summary.tz);
  yield* overview(summary, people, calendar);
  yield* keyTable(summary);
  yield* userTable(summary, people.count, top, calendar);
  yield* hearsayTable(summary, top);
  yield* expiryTables(summary, calendar);
  const remarks = [
    ...(summary.incomplete ?? []).map(incompleteText),
    ...shownNotices(summary).map(({ message }) => message),
  ];
  if (remarks.length > 0) yield '\n';
  for (const remark of remarks) yield `- ${escapeMarkdown(remark)}\n`;
};
