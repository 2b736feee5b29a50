import type { Island, TableSection } from '../page/island.ts';
import { createCalendar, type Calendar } from '../report/calendar.ts';
import { plural } from '../report/count.ts';
import { escapeText } from '../report/escape.ts';
import { emailLabel, userLabel } from '../report/label.ts';
import { verdictList } from '../report/users.ts';
import { footerOf, type PageTexts } from './report-island.ts';
import type { FoundPlace, SearchResult } from './search.ts';
import { userPath } from './user-link.ts';

/** What a search found as the page shows it. */
export const searchIsland = (found: SearchResult, texts: PageTexts, query: string): Island => {
  const { tz } = texts;
  const calendar = createCalendar(found.now, tz);
  const { users, tokens, addresses } = found;
  const count = users.length + tokens.length + addresses.length;
  return {
    schema: 'authlog.page/1',
    heading: `Search: ${escapeText(found.q)}`,
    facts:
      count === 0
        ? ['Nothing was found: part of a user or e-mail address, a whole token_id or address.']
        : [
            plural(users.length + found.users_not_listed, 'user'),
            plural(tokens.length, 'token'),
            plural(addresses.length, 'address', 'addresses'),
          ],
    stamps: [],
    tz,
    sections: [
      ...(users.length === 0 ? [] : [usersTable(found, calendar, query)]),
      ...tokens.map((place) => placeTable('token', `Token ${place.name}`, place, calendar, query)),
      ...addresses.map((place) =>
        placeTable('address', `Address ${escapeText(place.name)}`, place, calendar, query),
      ),
    ],
    footer: footerOf(found.now, texts),
  };
};

const usersTable = (
  { users, users_not_listed: left }: SearchResult,
  { stamp }: Calendar,
  query: string,
): TableSection => ({
  kind: 'table',
  id: 'found-users',
  title: 'Users',
  about: null,
  linked: true,
  columns: [
    { title: 'User', type: 'text' },
    { title: 'E-mail', type: 'text' },
    { title: 'Tokens', type: 'count' },
    { title: 'Last seen', type: 'time' },
    { title: 'Known by', type: 'text' },
  ],
  rows: users.map((user) => [
    userLabel(user),
    emailLabel(user.email),
    user.tokens,
    stamp(user.last_seen),
    user.claimed ? 'tokens that did not verify' : 'verified tokens',
    userPath({ userIdType: user.user_id_type, userId: user.user_id }, query),
  ]),
  ...(left > 0 && { left: { count: left, hint: 'look for more of the name' } }),
});

/** How it was used, and what of that is not in the table. */
const aboutPlace = ({
  users,
  uses,
  verdicts,
  uses_not_listed: left,
  complete,
}: FoundPlace): string => {
  const counted = plural(uses, 'use');
  const read = complete ? counted : `The first ${counted}, and there are more`;
  const rest = left > 0 ? `; ${plural(left, 'use')} by users beyond the first ${users.length}` : '';
  return `${read}: ${verdictList(verdicts)}${rest}`;
};

const placeTable = (
  id: string,
  title: string,
  place: FoundPlace,
  { stamp }: Calendar,
  query: string,
): TableSection => ({
  kind: 'table',
  id,
  title,
  about: aboutPlace(place),
  linked: true,
  columns: [
    { title: 'User', type: 'text' },
    { title: 'Uses', type: 'count' },
    { title: 'Verdicts', type: 'text' },
    { title: 'Known by', type: 'text' },
    { title: 'First seen', type: 'time' },
    { title: 'Last seen', type: 'time' },
  ],
  rows: place.users.map((user) => [
    userLabel(user),
    user.uses,
    verdictList(user.verdicts),
    user.claimed ? 'tokens that did not verify' : 'verified tokens',
    stamp(user.first_seen),
    stamp(user.last_seen),
    userPath({ userIdType: user.user_id_type, userId: user.user_id }, query),
  ]),
});
