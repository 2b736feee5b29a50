import { encodeEvent } from '../event/encode.ts';
import type { FieldValue, RecordedEvent } from './event-log.ts';

/** Bytes of the longest line, its line break included: one write of this size is never split. */
export const MAX_LINE = 65_536;

/** What stands where text was cut away. */
export const CUT = '…[cut]';

/** Room for `writer`, `seq`, `prev`, `hash` and the line break. */
const RESERVED = 256;
const MOST = MAX_LINE - RESERVED;

/** Characters of each text, and the number of roles, audiences and fields, in turn until the line fits. */
const LIMITS = [
  [8192, 256],
  [2048, 64],
  [256, 16],
  [64, 16],
] as const;

/** The event as a line that fits: long text is cut, because an access must be recorded whatever was sent. */
export const encodeBounded = (event: RecordedEvent): string => {
  let line = '';
  // What is much too long is not even encoded.
  if (textLength(event) <= MOST) {
    line = encodeEvent(event);
    // No code unit takes more than three bytes.
    if (line.length * 3 <= MOST || Buffer.byteLength(line) <= MOST) return line;
  }
  for (const [length, count] of LIMITS) {
    line = encodeEvent(cutEvent(event, length, count));
    if (Buffer.byteLength(line) <= MOST) break;
  }
  return line;
};

/** Code units of all text in a value, itself or inside; called for each event, so it makes no lists. */
const textLength = (value: unknown): number => {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let length = 0;
  const members = value as Readonly<Record<string, unknown>>;
  for (const name in members) {
    if (!Object.hasOwn(members, name)) continue;
    const inner = members[name];
    length += name.length + (typeof inner === 'string' ? inner.length : textLength(inner));
  }
  return length;
};

const cutEvent = (event: RecordedEvent, length: number, count: number): RecordedEvent => {
  const members = Object.entries(event).map(([name, value]: [string, unknown]) => [
    name,
    name === 'fields'
      ? cutFields(value as Readonly<Record<string, FieldValue>>, length, count)
      : cutValue(value, length, count),
  ]);
  return Object.fromEntries(members) as RecordedEvent;
};

const cutValue = (value: unknown, length: number, count: number): unknown => {
  if (Array.isArray(value)) return value.slice(0, count).map((item) => cutValue(item, length, 0));
  return typeof value === 'string' ? cutText(value, length) : value;
};

const cutFields = (
  fields: Readonly<Record<string, FieldValue>>,
  length: number,
  count: number,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields)
      .slice(0, count)
      .map(([name, value]) => [cutText(name, length), cutValue(value, length, 0)]),
  );

const cutText = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length) + CUT;
