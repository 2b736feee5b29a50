import { identityOf } from '../event/decode.ts';
import type { AuthEvent } from '../event/event.ts';
import { rfc3339 } from '../summarize/time.ts';
import type { Summary } from '../summarize/summary.ts';
import { userKey } from '../verify/identity.ts';
import { VERIFIED } from '../verify/verdict.ts';
import type { History, Window } from './history.ts';
import { addVerdict, Bounded, widen, type Span, type VerdictCounts } from './tally.ts';
import type { UserRef } from './user-ref.ts';

type User = { readonly user_id: UserRef['userId']; readonly user_id_type: UserRef['userIdType'] };

/** A user whose id or e-mail address has the text in it; `claimed`: named by tokens that did not verify alone. */
export interface FoundUser extends User {
  readonly email: string | null;
  readonly tokens: number;
  readonly last_seen: string | null;
  readonly claimed: boolean;
}

/** A user in connection with a token or an address. */
export interface UserAt extends User, Span {
  readonly claimed: boolean;
  uses: number;
  readonly verdicts: VerdictCounts;
}

/** A token that has the text as its id, or an address that is the text. */
export interface FoundPlace extends Span {
  readonly name: string;
  uses: number;
  readonly verdicts: VerdictCounts;
  readonly users: readonly UserAt[];
  /** Uses by users beyond those listed. */
  readonly uses_not_listed: number;
  /** False: there are more uses than were read. */
  readonly complete: boolean;
}

/** `authlog.search/1`. */
export interface SearchResult {
  readonly schema: 'authlog.search/1';
  readonly now: string;
  readonly q: string;
  readonly users: readonly FoundUser[];
  /** Users that were found beyond those listed. */
  readonly users_not_listed: number;
  readonly tokens: readonly FoundPlace[];
  readonly addresses: readonly FoundPlace[];
}

const MOST_USERS = 100;
/** Events read of one token or address. */
const MOST_EVENTS = 200_000;
const TOKEN_ID = /^[\w-]{16}$/;

/** Looks for a text among users, and for a token or an address that is just that. */
export const search = async (
  history: History,
  summary: Summary,
  q: string,
  window: Window,
  now: number,
): Promise<SearchResult> => {
  const users = usersIn(summary, q.toLowerCase());
  const tokens = TOKEN_ID.test(q)
    ? await placesOf(history, { ...window, about: { tokenId: q } }, q)
    : [];
  const addresses = ADDRESS.test(q)
    ? await placesOf(history, { ...window, about: { ip: q } }, q)
    : [];
  return {
    schema: 'authlog.search/1',
    now: rfc3339(now)!,
    q,
    users: users.slice(0, MOST_USERS),
    users_not_listed: Math.max(0, users.length - MOST_USERS),
    tokens,
    addresses,
  };
};

/** Whatever may have been recorded as one: IPv4, IPv6, a host, a way of several. */
const ADDRESS = /[.:]/;

const usersIn = ({ users, unverified_users: claimed }: Summary, text: string): FoundUser[] => {
  const has = (value: string | number | null): boolean =>
    value !== null && String(value).toLowerCase().includes(text);
  return [
    ...users
      .filter(({ user_id, email }) => has(user_id) || has(email))
      .map(({ user_id, user_id_type, email, tokens, last_seen }) => ({
        user_id,
        user_id_type,
        email,
        tokens,
        last_seen,
        claimed: false,
      })),
    ...claimed
      .filter(({ user_id }) => has(user_id))
      .map(({ user_id, user_id_type, tokens }) => ({
        user_id,
        user_id_type,
        email: null,
        tokens,
        last_seen: null,
        claimed: true,
      })),
  ];
};

const placesOf = async (
  history: History,
  filter: Parameters<History['events']>[0],
  name: string,
): Promise<readonly FoundPlace[]> => {
  const users = new Bounded<UserAt>(MOST_USERS);
  const place = { name, uses: 0, verdicts: {}, first_seen: null, last_seen: null };
  let complete = true;
  read: for await (const events of history.events(filter)) {
    for (const event of events) {
      if (place.uses === MOST_EVENTS) {
        complete = false;
        break read;
      }
      addUse(place, users, event);
    }
  }
  if (place.uses === 0) return [];
  return [
    {
      ...place,
      users: users.values().toSorted((a, b) => b.uses - a.uses),
      uses_not_listed: users.left,
      complete,
    },
  ];
};

const addUse = (
  place: Pick<FoundPlace, 'verdicts'> & Span & { uses: number },
  users: Bounded<UserAt>,
  event: AuthEvent,
): void => {
  const { verdict, time, user_id, user_id_type } = event;
  const isClaimed = verdict !== null && !VERIFIED.has(verdict);
  const key = `${isClaimed ? '?' : ''}${userKey(identityOf(event))}`;
  const user = users.of(key, () => ({
    user_id,
    user_id_type,
    claimed: isClaimed,
    uses: 0,
    verdicts: {},
    first_seen: null,
    last_seen: null,
  }));
  for (const row of [place, user]) {
    if (row === null) continue;
    row.uses++;
    if (verdict !== null) addVerdict(row.verdicts, verdict);
    widen(row, time);
  }
};
