import type { Summary } from '../summarize/summary.ts';
import { chunks } from './chunks.ts';
import { list, pretty } from './json-pieces.ts';
import {
  expiryDateRecord,
  expiryRecord,
  headRecord,
  incompleteRecords,
  noticeRecord,
  unverifiedUserRecord,
  userRecord,
} from './records.ts';

const pieces = function* (summary: Summary): Generator<string> {
  yield '{\n';
  for (const [name, value] of Object.entries(headRecord(summary))) {
    yield `  "${name}": ${pretty(value, 1)},\n`;
  }
  yield* list('users', summary.users, userRecord);
  yield* list('unverified_users', summary.unverified_users, unverifiedUserRecord);
  yield* list('expiry', summary.expiry, expiryRecord);
  yield* list('expiry_dates', summary.expiry_dates, expiryDateRecord);
  yield `  "findings": ${pretty(summary.findings, 1)},\n`;
  yield* list('notices', summary.notices, noticeRecord);
  yield `  "incomplete": ${pretty(incompleteRecords(summary), 1)}\n}\n`;
};

/** The summary as one JSON document (RFC 8259), indented by two, made a piece at a time: users may be a million. */
export const jsonChunks = (summary: Summary): Iterable<string> => chunks(pieces(summary));

/** `jsonChunks` as one text. */
export const renderJson = (summary: Summary): string => [...jsonChunks(summary)].join('');
