import type { Summary, UnverifiedUser, UserSummary } from '../summarize/summary.ts';
import { VERDICTS, type Verdict } from '../verify/verdict.ts';
import type { Calendar } from './calendar.ts';
import { formatCount, plural } from './count.ts';
import { type Column, grid } from './grid.ts';
import { emailLabel, userLabel } from './label.ts';
import type { Theme } from './theme.ts';
import { wrap } from './width.ts';

/** In a verified report hearsay must not crowd out facts. */
const HEARSAY_ROWS = 5;

/** Tokens whose signature verified and that were neither in time nor merely late. */
export const rejectedCount = (user: UserSummary): number =>
  user.tokens - (user.verdicts.valid ?? 0) - (user.verdicts.expired ?? 0);

/** The end of the user's last token: `never`, `in 19 h`, `2026-11-28 09:00`, `far future` past the year 9999. */
export const expiryLabel = (user: UserSummary, calendar: Calendar): string => {
  if (user.expiry_state === 'never') return 'never';
  if (user.latest_expiry === null) return user.expiry_state === 'active' ? 'far future' : '-';
  return calendar.near(user.latest_expiry) ?? calendar.stamp(user.latest_expiry);
};

const STAMP = /^\d{4}-\d\d-\d\d /;

/** Stamps without their year, if every one of them lies in the present year. */
const shortener = (
  users: readonly UserSummary[],
  stamp: (user: UserSummary) => string,
  today: string,
): ((user: UserSummary) => string) => {
  const year = today.slice(0, 5);
  const past = users.some((user) => {
    const shown = stamp(user);
    return STAMP.test(shown) && !shown.startsWith(year);
  });
  if (past) return stamp;
  return (user) => {
    const shown = stamp(user);
    return STAMP.test(shown) ? shown.slice(5) : shown;
  };
};

/** The present year without its year, another one without its hour, as `ls` does: a far end needs no minute. */
const shortExpiry = (user: UserSummary, calendar: Calendar): string => {
  const shown = expiryLabel(user, calendar);
  if (!STAMP.test(shown)) return shown;
  return shown.startsWith(calendar.today.slice(0, 5)) ? shown.slice(5) : shown.slice(0, 10);
};

const userColumns = (
  users: readonly UserSummary[],
  calendar: Calendar,
  theme: Theme,
): Column<UserSummary>[] => {
  const short = (text: (user: UserSummary) => string): ((user: UserSummary) => string) =>
    shortener(users, text, calendar.today);
  const zeroIsFaint = (count: (user: UserSummary) => number, paint = theme.warn) => ({
    text: (user: UserSummary): string => formatCount(count(user)),
    paint: (user: UserSummary) => (count(user) === 0 ? theme.faint : paint),
  });
  return [
    { title: 'User', align: 'left', min: 12, text: userLabel },
    { title: 'E-mail', align: 'left', min: 19, leaves: 1, text: (user) => emailLabel(user.email) },
    { title: 'Tokens', align: 'right', text: (user) => formatCount(user.tokens) },
    {
      title: 'Valid',
      align: 'right',
      leaves: 6,
      text: (user) => formatCount(user.verdicts.valid ?? 0),
    },
    {
      title: 'Expired',
      align: 'right',
      leaves: 5,
      ...zeroIsFaint((user) => user.verdicts.expired ?? 0),
    },
    { title: 'Rejected', align: 'right', leaves: 7, ...zeroIsFaint(rejectedCount, theme.bad) },
    {
      title: 'First seen',
      align: 'left',
      leaves: 2,
      text: short((user) => calendar.stamp(user.first_seen)),
    },
    {
      title: 'Last seen',
      align: 'left',
      leaves: 4,
      text: short((user) => calendar.stamp(user.last_seen)),
    },
    {
      title: 'Latest expiry',
      align: 'left',
      leaves: 3,
      text: (user) => shortExpiry(user, calendar),
      paint: (user) => (user.expiry_state === 'expired' ? theme.faint : (text) => text),
    },
  ];
};

/** The table of users whose tokens verified; `top` rows of it, 0 for all, of `count` that there are. Nothing where there are none. */
export const userSection = function* (
  summary: Summary,
  count: number,
  view: {
    readonly top: number;
    readonly width: number;
    readonly theme: Theme;
    readonly calendar: Calendar;
  },
): Generator<string> {
  const { users } = summary;
  if (users.length === 0) return;
  const { top, width, theme, calendar } = view;
  const shown = top > 0 ? users.slice(0, top) : users;
  yield '\n';
  yield* grid(userColumns(shown, calendar, theme), shown, width, theme);
  const rest = count - shown.length;
  if (rest > 0) yield `${theme.faint(` ${plural(rest, 'more user')}: --top 0`)}\n`;
};

/** `bad_signature 12, alg_none 3, 2 more`: the first kinds, so that a cell never has to be cut within a number. */
export const verdictList = (
  verdicts: Readonly<Partial<Record<Verdict, number>>>,
  most: number = VERDICTS.length,
): string => {
  const kinds = VERDICTS.filter((verdict) => (verdicts[verdict] ?? 0) > 0);
  const parts = kinds
    .slice(0, most)
    .map((verdict) => `${verdict} ${formatCount(verdicts[verdict]!)}`);
  if (kinds.length > most) parts.push(`${kinds.length - most} more`);
  return parts.join(', ');
};

/** Users that only unverified tokens name, under a heading that says so. Nothing where there are none. */
export const hearsaySection = function* (
  summary: Summary,
  view: { readonly top: number; readonly width: number; readonly theme: Theme },
): Generator<string> {
  const users = summary.unverified_users;
  if (users.length === 0) return;
  const { width, theme } = view;
  const verified = summary.verification.mode === 'verified';
  const limit = verified ? HEARSAY_ROWS : view.top;
  const shown = limit > 0 ? users.slice(0, limit) : users;
  const heading = verified
    ? 'Hearsay: users named by tokens that did not verify (anyone can write one)'
    : 'Hearsay: users as the tokens name them; no signature was checked';
  yield '\n';
  for (const line of wrap(heading, width - 1)) yield ` ${theme.faint(line)}\n`;
  const columns: Column<UnverifiedUser>[] = [
    { title: 'Claimed user', align: 'left', min: 14, text: userLabel },
    { title: 'Tokens', align: 'right', text: (user) => formatCount(user.tokens) },
    {
      title: 'Verdicts',
      align: 'left',
      leaves: 1,
      text: (user) => verdictList(user.verdicts, 2),
    },
  ];
  yield* grid(columns, shown, width, theme);
  const rest = users.length - shown.length;
  if (rest > 0) {
    yield `${theme.faint(` ${plural(rest, 'more claimed user')}: ${verified ? '--json' : '--top 0'}`)}\n`;
  }
};
