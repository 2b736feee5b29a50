import type { Block } from '../source/block.ts';
import type { LineFields } from '../source/fields/fields.ts';
import { eventFromUserLog, isUserLogLine, userLogText } from '../source/fields/userlog.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What a line says, with the `User Log:` line behind it that belongs to its token. */
export const withUserLog = (
  fields: LineFields,
  block: Block,
  lineStart: number,
  lineEnd: number,
): LineFields => {
  const { bytes } = block;
  // A `User Log:` line ends a pair and never starts one: a block may end after it.
  if (isUserLogLine(bytes, lineStart, lineEnd)) return fields;
  const next = userLogBehind(block, lineEnd);
  const text = next === null ? null : userLogText(bytes, next.start, next.end);
  if (text === null) return fields;
  const told = eventFromUserLog(text);
  const known = Object.entries(told.fields).filter(([, value]) => value !== null);
  return { ...fields, ...Object.fromEntries(known), event: told.event };
};

/** Whether a `User Log:` line is one of a pair: it, or the one behind it. */
export const hasUserLog = (block: Block, lineStart: number, lineEnd: number): boolean =>
  isUserLogLine(block.bytes, lineStart, lineEnd) || userLogBehind(block, lineEnd) !== null;

/** The line behind the one that ends at `lineEnd`, where it is a `User Log:` line. */
const userLogBehind = (
  { bytes, length }: Block,
  lineEnd: number,
): { readonly start: number; readonly end: number } | null => {
  const start = bytes.indexOf(NEWLINE, lineEnd) + 1;
  if (start === 0 || start >= length) return null;
  const newline = bytes.indexOf(NEWLINE, start);
  const newlineOrEnd = newline < 0 || newline > length ? length : newline;
  const end = bytes[newlineOrEnd - 1] === CARRIAGE_RETURN ? newlineOrEnd - 1 : newlineOrEnd;
  return isUserLogLine(bytes, start, end) ? { start, end } : null;
};
