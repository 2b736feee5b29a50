import type { StepsSection, TableSection } from '../../page/island.ts';
import type { ExpiryBucket, Summary } from '../../summarize/summary.ts';
import { type Calendar, withWeekday } from '../calendar.ts';
import { BUCKET_LABELS, expiryTitle } from '../expiry.ts';

const COUNTS = [
  { title: 'Tokens', type: 'count' },
  { title: 'Distinct', type: 'count' },
  { title: 'Users', type: 'count' },
] as const;

const DAY = 86_400;
/** Distinct tokens that may end outside of what the curve shows first. */
const FAR = 0.02;

/** When what is still good ends: a curve where there is a future, the buckets, the days. */
export const expirySections = (
  summary: Summary,
  calendar: Calendar,
): readonly (StepsSection | TableSection)[] => {
  const curve = curveOf(summary, calendar.today);
  return [
    ...(curve === null ? [] : [curve]),
    {
      kind: 'table',
      id: 'expiry',
      title: expiryTitle(summary, calendar),
      about: null,
      half: true,
      columns: [{ title: 'Expires', type: 'text' }, ...COUNTS],
      rows: summary.expiry.map((bucket) => [BUCKET_LABELS[bucket.bucket], ...countsOf(bucket)]),
    },
    {
      kind: 'table',
      id: 'expiry-dates',
      title: 'Expires on',
      about: null,
      half: true,
      columns: [{ title: 'Day', type: 'time' }, ...COUNTS],
      rows: summary.expiry_dates.map((day) => [
        `${day.date} ${withWeekday(day.date).slice(0, 3)}`,
        ...countsOf(day),
      ]),
    },
  ];
};

type Counts = Pick<ExpiryBucket, 'tokens' | 'distinct_tokens' | 'users'>;

const countsOf = ({ tokens, distinct_tokens, users }: Counts): readonly number[] => [
  tokens,
  distinct_tokens,
  users,
];

const sumOf = (some: readonly { readonly distinct_tokens: number }[]): number =>
  some.reduce((sum, { distinct_tokens: n }) => sum + n, 0);

const willEnd = ({ bucket }: ExpiryBucket): boolean => bucket !== 'expired' && bucket !== 'never';

/** Distinct tokens that can still be used, from now on to the last day on which one ends. */
const curveOf = (summary: Summary, today: string): StepsSection | null => {
  const days = summary.expiry_dates.filter(({ date }) => date >= today);
  if (days.length === 0) return null;
  const never = sumOf(summary.expiry.filter(({ bucket }) => bucket === 'never'));
  const ending = sumOf(summary.expiry.filter(willEnd));
  if (ending === 0) return null;
  const now = Date.parse(summary.now) / 1000;
  const at = [now];
  const values = [ending + never];
  let left = sumOf(days);
  let view: readonly [number, number] | null = null;
  for (const { date, distinct_tokens: n } of days) {
    left -= n;
    const end = Math.max(Date.parse(`${date}T00:00:00Z`) / 1000 + DAY, at.at(-1)! + 1);
    at.push(end);
    values.push(left + never);
    if (view === null && left <= ending * FAR) view = [now, end];
  }
  return {
    kind: 'steps',
    id: 'still-usable',
    title: 'Tokens that can still be used',
    about: 'Distinct tokens at the end of each day; those without an end stay.',
    half: true,
    at,
    values,
    unit: 'usable tokens',
    view: view !== null && view[1] < at.at(-1)! ? view : null,
  };
};
