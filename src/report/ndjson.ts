import { escapeJsonText } from '../event/escape-json.ts';
import type { Summary } from '../summarize/summary.ts';
import { chunks } from './chunks.ts';
import {
  expiryDateRecord,
  expiryRecord,
  headRecord,
  incompleteRecords,
  noticeRecord,
  unverifiedUserRecord,
  userRecord,
} from './records.ts';

const line = (record: string, value: object): string =>
  `${escapeJsonText(JSON.stringify({ record, ...value }))}\n`;

const lines = function* (summary: Summary): Generator<string> {
  yield line('summary', {
    ...headRecord(summary),
    findings: summary.findings,
    incomplete: incompleteRecords(summary),
  });
  for (const user of summary.users) yield line('user', userRecord(user));
  for (const user of summary.unverified_users) {
    yield line('unverified_user', unverifiedUserRecord(user));
  }
  for (const bucket of summary.expiry) yield line('expiry', expiryRecord(bucket));
  for (const day of summary.expiry_dates) yield line('expiry_date', expiryDateRecord(day));
  for (const notice of summary.notices) yield line('notice', noticeRecord(notice));
};

/** One object a line, its kind in `record`; the first line is the summary without its lists. */
export const ndjsonChunks = (summary: Summary): Iterable<string> => chunks(lines(summary));
