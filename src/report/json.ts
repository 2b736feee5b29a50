import type { Summary } from '../summarize/summary.ts';
import type { UserRows } from '../summarize/user-rows.ts';
import { chunks } from './chunks.ts';
import { emptyList, list, LIST_END, listed, listStart, pretty } from './json-pieces.ts';
import {
  expiryDateRecord,
  expiryRecord,
  headRecord,
  incompleteRecords,
  noticeRecord,
  unverifiedUserRecord,
  userRecord,
} from './records.ts';

const head = function* (summary: Summary): Generator<string> {
  yield '{\n';
  for (const [name, value] of Object.entries(headRecord(summary))) {
    yield `  "${name}": ${pretty(value, 1)},\n`;
  }
};

const rest = function* (summary: Summary): Generator<string> {
  yield* list('unverified_users', summary.unverified_users, unverifiedUserRecord);
  yield* list('expiry', summary.expiry, expiryRecord);
  yield* list('expiry_dates', summary.expiry_dates, expiryDateRecord);
  yield `  "findings": ${pretty(summary.findings, 1)},\n`;
  yield* list('notices', summary.notices, noticeRecord);
  yield `  "incomplete": ${pretty(incompleteRecords(summary), 1)}\n}\n`;
};

const pieces = function* (summary: Summary): Generator<string> {
  yield* head(summary);
  yield* list('users', summary.users, userRecord);
  yield* rest(summary);
};

/** The summary as one JSON document (RFC 8259), indented by two, made a piece at a time: users may be a million. */
export const jsonChunks = (summary: Summary): Iterable<string> => chunks(pieces(summary));

/** The same of a summary whose users are apart. */
export const jsonChunksApart = function* (
  summary: Summary,
  users: UserRows,
): Generator<string | Uint8Array> {
  yield [...head(summary)].join('') + (users.size === 0 ? emptyList('users') : listStart('users'));
  yield* users.json((user) => listed([userRecord(user)]));
  yield (users.size === 0 ? '' : LIST_END) + [...rest(summary)].join('');
};

/** `jsonChunks` as one text. */
export const renderJson = (summary: Summary): string => [...jsonChunks(summary)].join('');
