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

/** Indented as a member of a value `depth` levels deep; text inside strings holds no raw newline. */
export const pretty = (value: unknown, depth: number): string =>
  escapeJsonText(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${'  '.repeat(depth)}`);

const TOGETHER = 64;
const FRAME = JSON.stringify({ x: [0] }, null, 2).split('0') as [before: string, behind: string];

/** A member of the document that is a list, made some items at a time. */
export const list = function* <Item>(
  name: string,
  items: readonly Item[],
  record: (item: Item) => Item,
): Generator<string> {
  if (items.length === 0) {
    yield `  "${name}": [],\n`;
    return;
  }
  let before = `  "${name}": [\n    `;
  for (let from = 0; from < items.length; from += TOGETHER) {
    // As members of an object, so that they come out as deep as they will stand.
    const x = items.slice(from, from + TOGETHER).map((item) => record(item));
    const text = JSON.stringify({ x }, null, 2);
    yield before + escapeJsonText(text.slice(FRAME[0].length, -FRAME[1].length));
    before = ',\n    ';
  }
  yield '\n  ],\n';
};

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
