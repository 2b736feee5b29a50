import type { Block } from '../source/block.ts';
import type { LineContext, LineFields } from '../source/fields/fields.ts';
import { readFields } from '../source/fields/line.ts';
import { eventFromUserLog, isUserLogLine, userLogText } from '../source/fields/userlog.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What a line says, and the `User Log:` line behind it that belongs to its token. */
export const readPair = (
  block: Block,
  lineStart: number,
  lineEnd: number,
  context: LineContext,
): LineFields => {
  const { bytes, length } = block;
  const fields = readFields(bytes, lineStart, lineEnd, context);
  // A `User Log:` line ends a pair and never starts one: a block may end after it.
  const start = bytes.indexOf(NEWLINE, lineEnd) + 1;
  if (start === 0 || start >= length || isUserLogLine(bytes, lineStart, lineEnd)) return fields;
  const newline = bytes.indexOf(NEWLINE, start);
  const newlineOrEnd = newline < 0 || newline > length ? length : newline;
  const end = bytes[newlineOrEnd - 1] === CARRIAGE_RETURN ? newlineOrEnd - 1 : newlineOrEnd;
  if (!isUserLogLine(bytes, start, end)) return fields;
  const text = userLogText(bytes, start, end);
  if (text === null) return fields;
  const told = eventFromUserLog(text);
  const known = Object.entries(told.fields).filter(([, value]) => value !== null);
  return { ...fields, ...Object.fromEntries(known), event: told.event };
};

/** Whether a `User Log:` line is one of a pair: it, or the one behind it. */
export const hasUserLog = (
  { bytes, length }: Block,
  lineStart: number,
  lineEnd: number,
): boolean => {
  if (isUserLogLine(bytes, lineStart, lineEnd)) return true;
  const start = bytes.indexOf(NEWLINE, lineEnd) + 1;
  if (start === 0 || start >= length) return false;
  const newline = bytes.indexOf(NEWLINE, start);
  return isUserLogLine(bytes, start, newline < 0 || newline > length ? length : newline);
};
