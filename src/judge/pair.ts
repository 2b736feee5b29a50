import type { Block } from '../source/block.ts';
import type { LineContext, LineFields } from '../source/fields/fields.ts';
import { readFields } from '../source/fields/line.ts';
import { QuickAccess } from '../source/fields/quick-access.ts';
import { QuickJson } from '../source/fields/quick-json.ts';
import {
  eventFromUserLog,
  isUserLogLine,
  userLogText,
  type UserLogEvent,
} from '../source/fields/userlog.ts';
import { noEventFields } from '../source/fields/value.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const OPEN_BRACE = 0x7b;
const MOST_TEXTS = 4096;

/** What a line says, and the `User Log:` line behind it that belongs to its token. */
export const readPair = (
  block: Block,
  lineStart: number,
  lineEnd: number,
  context: LineContext,
): LineFields =>
  withUserLog(block, lineStart, lineEnd, eventFromUserLog, () =>
    readFields(block.bytes, lineStart, lineEnd, context),
  );

/** The same for many lines: the commonest kinds are read without making strings of what comes again. */
export class PairReader {
  readonly #json = new QuickJson();
  readonly #access = new QuickAccess();
  readonly #events = new Map<string, UserLogEvent>();

  /** @param isBare the line is a stamp, the label and a token, and nothing else; time and status are not asked for */
  read(
    block: Block,
    lineStart: number,
    lineEnd: number,
    context: LineContext,
    isBare: boolean,
  ): LineFields {
    const { bytes } = block;
    return withUserLog(block, lineStart, lineEnd, this.#event, (isUserLog) => {
      const quick = !isUserLog ? this.#quick(bytes, lineStart, lineEnd, isBare) : null;
      return quick ?? readFields(bytes, lineStart, lineEnd, context);
    });
  }

  #quick(bytes: Uint8Array, start: number, end: number, isBare: boolean): LineFields | null {
    if (isBare) return NOTHING;
    const reader = bytes[start] === OPEN_BRACE ? this.#json : this.#access;
    return reader.read(bytes, start, end);
  }

  readonly #event = (text: string): UserLogEvent => {
    let event = this.#events.get(text);
    if (event === undefined) {
      event = eventFromUserLog(text);
      if (this.#events.size === MOST_TEXTS) this.#events.clear();
      this.#events.set(text, event);
    }
    return event;
  };
}

const withUserLog = (
  { bytes, length }: Block,
  lineStart: number,
  lineEnd: number,
  read: (text: string) => UserLogEvent,
  fieldsOf: (isUserLog: boolean) => LineFields,
): LineFields => {
  const isUserLog = isUserLogLine(bytes, lineStart, lineEnd);
  const fields = fieldsOf(isUserLog);
  // A `User Log:` line ends a pair and never starts one: a block may end after it.
  if (isUserLog) return fields;
  const start = nextLine(bytes, lineEnd);
  if (start === 0 || start >= length) return fields;
  const newline = bytes.indexOf(NEWLINE, start);
  const newlineOrEnd = newline < 0 || newline > length ? length : newline;
  const end = bytes[newlineOrEnd - 1] === CARRIAGE_RETURN ? newlineOrEnd - 1 : newlineOrEnd;
  if (!isUserLogLine(bytes, start, end)) return fields;
  const text = userLogText(bytes, start, end);
  if (text === null) return fields;
  const told = read(text);
  const known = Object.entries(told.fields).filter(([, value]) => value !== null);
  return { ...fields, ...Object.fromEntries(known), event: told.event };
};

const nextLine = (bytes: Uint8Array, lineEnd: number): number =>
  bytes.indexOf(NEWLINE, lineEnd) + 1;

const NOTHING: LineFields = {
  time: Number.NaN,
  timeFlags: 0,
  ...noEventFields(),
  event: null,
};
