import type { Summary } from '../../src/summarize/summary.ts';
import type { Event } from '../support/judged.ts';

const VERIFIED = new Set(['valid', 'expired', 'not_yet_valid', 'wrong_issuer', 'wrong_audience']);

/** A user's numbers, in a form that two sources of them can be compared in. */
interface UserNumbers {
  readonly tokens: number;
  readonly distinct: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly email: unknown;
  readonly roles: readonly unknown[];
  readonly first: number;
  readonly last: number;
}

const countBy = <T>(items: readonly T[], key: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
};

const groupBy = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
};

const verdictOf = (event: Event): string => event.verdict;
const userOf = ({ user_id, user_id_type }: { user_id: unknown; user_id_type: string }): string =>
  `${user_id_type} ${JSON.stringify(user_id)}`;

const timesOf = (events: readonly Event[]): number[] =>
  events.flatMap(({ time }) => (typeof time === 'string' ? [Date.parse(time)] : []));

/** The numbers of a summary, worked out from events in the plainest way. */
export const aggregate = (events: readonly Event[], now: number): Record<string, unknown> => {
  const verified = events.filter(({ verdict }) => VERIFIED.has(verdict));
  const users = [...groupBy(verified, userOf)].map(([user, own]): [string, UserNumbers] => [
    user,
    {
      tokens: own.length,
      distinct: new Set(own.map(({ token_id }) => token_id)).size,
      verdicts: countBy(own, verdictOf),
      email: own.map(({ email }) => email).findLast((email) => email !== null) ?? null,
      roles: [...new Set(own.flatMap(({ roles }) => roles as string[]))].toSorted(),
      first: Math.min(...timesOf(own)),
      last: Math.max(...timesOf(own)),
    },
  ]);
  const hearsay = events.filter(
    ({ verdict, user_id_type }) => !VERIFIED.has(verdict) && user_id_type !== 'none',
  );
  return {
    tokens: events.length,
    distinct: new Set(events.map(({ token_id }) => token_id)).size,
    lines_with_token: new Set(events.map(({ line }) => line)).size,
    verdicts: countBy(events, verdictOf),
    users: new Map(users),
    unverified: new Map(
      [...groupBy(hearsay, userOf)].map(([user, own]) => [user, countBy(own, verdictOf)]),
    ),
    buckets: countBy(verified, ({ exp }) => bucketOf(exp, now)),
  };
};

const bucketOf = (exp: unknown, now: number): string => {
  if (exp === null) return 'never';
  const left = Number(exp) - now;
  if (left <= 0) return 'expired';
  if (left <= 3600) return 'within_1h';
  if (left <= 86_400) return 'within_24h';
  if (left <= 604_800) return 'within_7d';
  return left <= 2_592_000 ? 'within_30d' : 'later';
};

const nonZero = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

const momentOf = (time: string | null, none: number): number =>
  time === null ? none : Date.parse(time);

/** The same numbers as the summary states them. */
export const stated = (summary: Summary): Record<string, unknown> => ({
  tokens: summary.totals.tokens,
  distinct: summary.totals.distinct_tokens,
  lines_with_token: summary.totals.lines_with_token,
  verdicts: nonZero(summary.totals.verdicts),
  users: new Map(
    summary.users.map((user): [string, UserNumbers] => [
      userOf(user),
      {
        tokens: user.tokens,
        distinct: user.distinct_tokens,
        verdicts: user.verdicts,
        email: user.email,
        roles: user.roles,
        first: momentOf(user.first_seen, Infinity),
        last: momentOf(user.last_seen, -Infinity),
      },
    ]),
  ),
  unverified: new Map(
    summary.unverified_users
      .filter(({ user_id_type }) => user_id_type !== 'none')
      .map((user) => [userOf(user), user.verdicts]),
  ),
  buckets: nonZero(
    Object.fromEntries(summary.expiry.map(({ bucket, tokens }) => [bucket, tokens])),
  ),
});
