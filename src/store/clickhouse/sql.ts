import type { Verdict } from '../../verify/verdict.ts';
import { storedUser } from '../bearer.ts';
import type { EventFilter, EventSubject } from '../store.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A text as a literal of ClickHouse's SQL: servers before 2021 know no parameters. */
export const literal = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- these are what is escaped
  `'${text.replace(/[\\'\0\b\f\n\r\t]/g, (character) => ESCAPES[character]!)}'`;

/** Stands for no time, after all times there are; exact as a number of JavaScript. */
export const NO_TIME: number = Number.MAX_SAFE_INTEGER;

const LAST_TIME = 8.64e15;

/** The events that a filter finds as a condition. */
export const found = ({ since, until, verdicts, about }: EventFilter): string =>
  [
    since === null && until === null ? '1' : inWindow(since, until),
    ...(verdicts === undefined ? [] : [hasVerdict(verdicts)]),
    ...(about === undefined ? [] : [isAbout(about)]),
  ].join(' AND ');

/** Columns are empty where the event has nothing to tell. */
const isAbout = (subject: EventSubject): string => {
  if ('tokenId' in subject) return `token_id = ${literal(subject.tokenId)}`;
  if ('ip' in subject) return `ip = ${literal(subject.ip)}`;
  return `user = ${literal(storedUser(subject.userId))}`;
};

const inWindow = (since: number | null, until: number | null): string =>
  `time >= ${bound(since ?? -Infinity)} AND time < ${bound(until ?? Infinity)}`;

/** An event without a token has an empty word. */
const hasVerdict = (verdicts: readonly (Verdict | null)[]): string =>
  verdicts.length === 0
    ? '0'
    : `verdict IN (${verdicts.map((verdict) => literal(verdict ?? '')).join(', ')})`;

/** Beyond the last moment there is, but before `NO_TIME`. */
const bound = (time: number): number =>
  Math.max(-LAST_TIME, Math.min(LAST_TIME + 1, Math.ceil(time)));
