import { encodeEvent } from '../../event/encode.ts';
import type { RecordedEvent } from '../../record/event-log.ts';
import type { Verdict } from '../../verify/verdict.ts';
import { bearerText, readBearer, storedUser, timeOf } from '../bearer.ts';
import type { TokenGroup } from '../store.ts';
import type { EventRow } from './schema.ts';
import { NO_TIME } from './sql.ts';

export const toRow = (id: string, event: RecordedEvent): EventRow => {
  const time = timeOf(event);
  const json = encodeEvent(event);
  return {
    time: Number.isNaN(time) ? NO_TIME : time,
    event_id: id,
    user: storedUser(event.user_id),
    verdict: event.verdict ?? '',
    token_id: event.token_id ?? '',
    bearer: bearerText(event),
    status: event.status ?? 0,
    ip: paired(event.ip),
    event: paired(event.event),
    size: json.length,
    json,
  };
};

/** For the eyes of SQL alone: `json` has the text as it was. */
const paired = (text: string | null): string => (text ?? '').replace(/\p{Cs}/gu, '\uFFFD');

/** The columns of `groupQuery`. */
export interface GroupRow {
  readonly token_id: string;
  readonly verdict: Verdict;
  readonly bearer: string;
  readonly uses: number;
  readonly accepted: number;
  readonly first_use: number;
  readonly last_use: number;
}

/** Groups uses on the server; FINAL leaves out what a repeat has inserted once more. */
export const groupQuery = (table: string, condition: string): string =>
  `SELECT token_id, verdict, bearer, count() AS uses, ` +
  `countIf(status >= 200 AND status < 300) AS accepted, ` +
  `min(time) AS first_use, max(if(time = ${NO_TIME}, -${NO_TIME}, time)) AS last_use ` +
  `FROM ${table} FINAL WHERE verdict != '' AND ${condition} ` +
  `GROUP BY token_id, verdict, bearer ORDER BY last_use, token_id, verdict, bearer`;

export const toGroup = (row: GroupRow): TokenGroup => ({
  tokenId: row.token_id,
  verdict: row.verdict,
  ...readBearer(row.bearer),
  uses: row.uses,
  accepted: row.accepted,
  first: row.first_use === NO_TIME ? Number.NaN : row.first_use,
  last: row.last_use === -NO_TIME ? Number.NaN : row.last_use,
});
