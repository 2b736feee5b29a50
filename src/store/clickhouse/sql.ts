import type { EventFilter } from '../store.ts';

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

/** The events of a window as a condition. */
export const inWindow = ({ since, until }: EventFilter): string => {
  if (since === null && until === null) return '1';
  return `time >= ${bound(since ?? -Infinity)} AND time < ${bound(until ?? Infinity)}`;
};

/** Beyond the last moment there is, but before `NO_TIME`. */
const bound = (time: number): number =>
  Math.max(-LAST_TIME, Math.min(LAST_TIME + 1, Math.ceil(time)));
