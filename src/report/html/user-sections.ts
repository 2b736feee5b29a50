import type { Cell, TableSection } from '../../page/island.ts';
import type { Summary, UserSummary } from '../../summarize/summary.ts';
import type { Calendar } from '../calendar.ts';
import { escapeText } from '../escape.ts';
import { emailLabel, userLabel } from '../label.ts';
import { rejectedCount, verdictList } from '../users.ts';

/** The users with their verdicts, `top` of them inside the page, 0 for all. */
export const usersSection = (summary: Summary, calendar: Calendar, top: number): TableSection => {
  const { users } = summary;
  const inside = top === 0 ? users : users.slice(0, top);
  return {
    kind: 'table',
    id: 'users',
    title: 'Users',
    about:
      summary.verification.mode === 'none'
        ? null
        : 'Of tokens whose signature verified: rejected ones were for another issuer or audience, or used too early.',
    columns: [
      { title: 'User', type: 'text' },
      { title: 'E-mail', type: 'text' },
      { title: 'Roles', type: 'text' },
      { title: 'Tokens', type: 'count' },
      { title: 'Distinct', type: 'count' },
      { title: 'Valid', type: 'count' },
      { title: 'Expired', type: 'count', tone: 'late' },
      { title: 'Rejected', type: 'count', tone: 'bad' },
      { title: 'First seen', type: 'time' },
      { title: 'Last seen', type: 'time' },
      { title: 'Latest expiry', type: 'time' },
    ],
    rows: inside.map((user) => userRow(user, calendar)),
    span: [8, 9],
    left: { count: users.length - inside.length, hint: '--top 0 has all.' },
  };
};

const userRow = (user: UserSummary, { stamp }: Calendar): readonly Cell[] => [
  userLabel(user),
  user.email === null ? null : emailLabel(user.email),
  user.roles.length === 0 ? null : user.roles.map(escapeText).join(', '),
  user.tokens,
  user.distinct_tokens,
  user.verdicts.valid ?? 0,
  user.verdicts.expired ?? 0,
  rejectedCount(user),
  stamp(user.first_seen),
  stamp(user.last_seen),
  user.expiry_state === 'never' ? 'never' : stamp(user.latest_expiry),
];

/** Users that tokens name which did not verify; nothing where there are none. */
export const hearsaySections = ({
  unverified_users: users,
  verification,
}: Summary): readonly TableSection[] => {
  if (users.length === 0) return [];
  const isAll = verification.mode === 'none';
  return [
    {
      kind: 'table',
      id: 'hearsay',
      title: isAll ? 'Users, not verified' : 'Hearsay',
      about: 'Users named by tokens that did not verify: anyone can write one.',
      half: true,
      columns: [
        { title: 'Claimed user', type: 'text' },
        { title: 'Tokens', type: 'count' },
        { title: 'Verdicts', type: 'text' },
      ],
      rows: users.map((user) => [userLabel(user), user.tokens, verdictList(user.verdicts)]),
    },
  ];
};
