import type { Summary, UnverifiedUser, UserSummary } from '../summarize/summary.ts';
import { VERDICTS } from '../verify/verdict.ts';
import { chunks } from './chunks.ts';
import { escapeCsv } from './escape.ts';

const COLUMNS: readonly string[] = [
  'verified',
  'user_id',
  'user_id_type',
  'email',
  'roles',
  'tokens',
  'distinct_tokens',
  ...VERDICTS,
  'first_seen',
  'last_seen',
  'latest_expiry',
  'expiry_state',
];

type Cell = string | number | null;

const verdictCells = ({ verdicts }: Pick<UserSummary, 'verdicts'>): number[] =>
  VERDICTS.map((verdict) => verdicts[verdict] ?? 0);

const userCells = (user: UserSummary): Cell[] => [
  'yes',
  user.user_id,
  user.user_id_type,
  user.email,
  user.roles.join(';'),
  user.tokens,
  user.distinct_tokens,
  ...verdictCells(user),
  user.first_seen,
  user.last_seen,
  user.latest_expiry,
  user.expiry_state,
];

const unverifiedCells = (user: UnverifiedUser): Cell[] => [
  'no',
  user.user_id,
  user.user_id_type,
  null,
  null,
  user.tokens,
  null,
  ...verdictCells(user),
  null,
  null,
  null,
  null,
];

const records = function* (summary: Summary, mode: 'safe' | 'raw'): Generator<string> {
  const record = (cells: readonly Cell[]): string =>
    `${cells
      .map((cell) => (typeof cell === 'string' ? escapeCsv(cell, mode) : String(cell ?? '')))
      .join(',')}\r\n`;
  yield record(COLUMNS);
  for (const user of summary.users) yield record(userCells(user));
  // Hearsay has no place beside facts; only a report that verified nothing consists of it.
  if (summary.verification.mode === 'none') {
    for (const user of summary.unverified_users) yield record(unverifiedCells(user));
  }
};

/**
 * The users as CSV (RFC 4180, CRLF, header; roles joined by `;`). `safe`: one line a record, nothing that a
 * spreadsheet runs or a terminal obeys. `raw`: the exact text.
 */
export const csvChunks = (summary: Summary, mode: 'safe' | 'raw' = 'safe'): Iterable<string> =>
  chunks(records(summary, mode));
