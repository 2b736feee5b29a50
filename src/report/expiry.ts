import type { ExpiryBucket, ExpiryBucketName, ExpiryDate, Summary } from '../summarize/summary.ts';
import { bar } from './bars.ts';
import { type Calendar, withWeekday } from './calendar.ts';
import { formatCount, plural } from './count.ts';
import { escapeText } from './escape.ts';
import { type Column, grid } from './grid.ts';
import type { Theme } from './theme.ts';
import { wrap } from './width.ts';

const DAYS_SHOWN = 7;
const BAR = 20;

/** The words for a bucket in every report that people read. */
export const BUCKET_LABELS: Readonly<Record<ExpiryBucketName, string>> = {
  expired: 'expired',
  within_1h: 'within 1 h',
  within_24h: 'within 24 h',
  within_7d: 'within 7 d',
  within_30d: 'within 30 d',
  later: 'later',
  never: 'never',
};

/** `Expiry at 2026-11-21 00:00 UTC`. */
export const expiryTitle = (summary: Summary, calendar: Calendar): string =>
  `Expiry at ${calendar.stamp(summary.now)} ${escapeText(calendar.tz)}`;

/** The next days on which tokens end, and what is left out of them. */
export const comingDates = (
  summary: Summary,
  today: string,
): { readonly shown: readonly ExpiryDate[]; readonly later: readonly ExpiryDate[] } => {
  const coming = summary.expiry_dates.filter(({ date }) => date >= today);
  return { shown: coming.slice(0, DAYS_SHOWN), later: coming.slice(DAYS_SHOWN) };
};

interface View {
  readonly width: number;
  readonly theme: Theme;
  readonly calendar: Calendar;
}

type Counted = Pick<ExpiryBucket, 'tokens' | 'distinct_tokens' | 'users'>;

const countColumns = <Row extends Counted>(): Column<Row>[] => [
  { title: 'Tokens', align: 'right', text: (row) => formatCount(row.tokens) },
  {
    title: 'Distinct',
    align: 'right',
    leaves: 2,
    text: (row) => formatCount(row.distinct_tokens),
  },
  { title: 'Users', align: 'right', leaves: 3, text: (row) => formatCount(row.users) },
];

/** Columns that three counts and their gaps need beside a long title. */
const COUNTS_WIDTH = 34;

const bucketSection = function* (summary: Summary, view: View): Generator<string> {
  const { width, theme } = view;
  const buckets = summary.expiry.filter(({ tokens }) => tokens > 0);
  if (buckets.length === 0) return;
  const title = expiryTitle(summary, view.calendar);
  const inline = title.length + COUNTS_WIDTH <= width;
  yield '\n';
  if (!inline) {
    for (const line of wrap(title, width - 1)) yield ` ${theme.strong(line)}\n`;
  }
  const label: Column<ExpiryBucket> = {
    title: inline ? title : '',
    align: 'left',
    text: ({ bucket }) => BUCKET_LABELS[bucket],
    paint: ({ bucket }) => (bucket === 'never' ? theme.warn : (text) => text),
  };
  yield* grid([label, ...countColumns<ExpiryBucket>()], buckets, width, theme);
};

const dateSection = function* (summary: Summary, view: View): Generator<string> {
  const { width, theme } = view;
  const { shown, later } = comingDates(summary, view.calendar.today);
  if (shown.length === 0) return;
  const columns: Column<ExpiryDate>[] = [
    { title: 'Expires on', align: 'left', text: ({ date }) => withWeekday(date) },
    ...countColumns<ExpiryDate>(),
  ];
  if (shown.length > 1) {
    const max = Math.max(...shown.map(({ tokens }) => tokens));
    columns.push({
      title: '',
      align: 'left',
      leaves: 1,
      text: ({ tokens }) => bar(tokens, max, BAR, theme.unicode),
      paint: () => theme.faint,
    });
  }
  yield '\n';
  yield* grid(columns, shown, width, theme);
  if (later.length > 0) {
    const tokens = later.reduce((sum, day) => sum + day.tokens, 0);
    const line = ` ${plural(later.length, 'later day')}, ${plural(tokens, 'token')}: --json`;
    yield `${theme.faint(line)}\n`;
  }
};

/** When the verified tokens end: by bucket, then the next days. Nothing where there are none. */
export const expirySection = function* (summary: Summary, view: View): Generator<string> {
  yield* bucketSection(summary, view);
  yield* dateSection(summary, view);
};
