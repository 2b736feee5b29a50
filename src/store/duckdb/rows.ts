import type { DuckDBAppender } from '@duckdb/node-api';
import { encodeEvent } from '../../event/encode.ts';
import type { RecordedEvent } from '../../record/event-log.ts';
import type { Verdict } from '../../verify/verdict.ts';
import { bearerText, readBearer, storedJson, storedUser, timeOf } from '../bearer.ts';
import type { TokenGroup } from '../store.ts';

/** Appends an event as one row of the table `events`; `id` is its stored id. */
export const appendEvent = (to: DuckDBAppender, id: string, event: RecordedEvent): void => {
  const time = timeOf(event);
  const { user_id: user } = event;
  to.appendVarchar(id);
  if (Number.isNaN(time)) to.appendNull();
  else to.appendBigInt(BigInt(time));
  appendText(to, event.verdict);
  appendText(to, event.token_id);
  appendText(to, user === null ? null : storedUser(user));
  to.appendVarchar(event.user_id_type);
  appendText(to, event.email);
  to.appendVarchar(event.roles.length === 0 ? '[]' : storedJson(event.roles));
  appendNumber(to, event.exp);
  appendText(to, event.key);
  appendText(to, event.alg);
  appendText(to, event.kid);
  appendText(to, event.iss);
  appendText(to, event.jti);
  appendStatus(to, event.status);
  appendText(to, event.method);
  appendText(to, event.path);
  appendText(to, event.ip);
  appendText(to, event.verdict === null ? null : bearerText(event));
  to.appendVarchar(encodeEvent({ ...event, event_id: '', token_id: withoutTokenId(event) }));
  to.endRow();
};

const TOKEN_ID = /^[\w-]{16}$/;

/** The id of a token has its column; one of another form might not come back from there as it was. */
const withoutTokenId = ({ token_id: id }: RecordedEvent): string | null =>
  id !== null && TOKEN_ID.test(id) ? '' : id;

/** What `eventOf` reads. */
export const EVENT_COLUMNS = 'event_id, token_id, json';

/** A row of `EVENT_COLUMNS` as the event that it was. */
export const eventOf = ([id, tokenId, json]: readonly unknown[]): RecordedEvent => {
  const event = JSON.parse(json as string) as Mutable<RecordedEvent>;
  event.event_id = (id as string).startsWith('"')
    ? (JSON.parse(id as string) as string)
    : (id as string);
  if (event.token_id === '') event.token_id = tokenId as string;
  return event;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const appendText = (to: DuckDBAppender, text: string | null): void => {
  if (text === null) to.appendNull();
  else to.appendVarchar(text);
};

const appendNumber = (to: DuckDBAppender, value: number | string | null): void => {
  const number = Number(value ?? Number.NaN);
  if (Number.isNaN(number)) to.appendNull();
  else to.appendDouble(number);
};

/** Any safe integer may stand for a status; one that is none needs no column. */
const appendStatus = (to: DuckDBAppender, status: number | null): void => {
  if (status === null || !(Math.abs(status) < 2 ** 31)) to.appendNull();
  else to.appendInteger(status);
};

/** Selects groups for `groupOf`; `where` is a condition on rows. */
export const groupsSql = (where: string): string => `
  SELECT token_id, verdict, bearer, count(*)::DOUBLE,
    count(*) FILTER (status BETWEEN 200 AND 299)::DOUBLE, min(time)::DOUBLE, max(time)::DOUBLE
  FROM events WHERE verdict IS NOT NULL AND ${where}
  GROUP BY token_id, verdict, bearer
  ORDER BY max(time) NULLS FIRST, token_id, verdict, bearer`;

/** A row of `groupsSql` as a group. */
export const groupOf = (row: readonly unknown[]): TokenGroup => {
  const [tokenId, verdict, bearer, uses, accepted, first, last] = row;
  return {
    tokenId: tokenId as string,
    verdict: verdict as Verdict,
    ...readBearer(bearer as string),
    uses: uses as number,
    accepted: accepted as number,
    first: (first as number | null) ?? Number.NaN,
    last: (last as number | null) ?? Number.NaN,
  };
};
