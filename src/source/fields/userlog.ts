import { Buffer } from 'node:buffer';
import type { LineFields } from './fields.ts';
import { maskTokens } from './mask.ts';
import { ownAt, parseObject, readObject } from './object.ts';
import { objectFields } from './objectfields.ts';
import { textOf } from './text.ts';
import { textFields } from './textfields.ts';
import { ascii, byteAt, isWordAt, startsWith } from './time/bytes.ts';

/** What the text of a `User Log:` line tells. */
export interface UserLogEvent {
  /** The event in one text, tokens masked. */
  readonly event: string;
  /** Only the fields that the text names. */
  readonly fields: Partial<
    Pick<LineFields, 'ip' | 'userAgent' | 'method' | 'path' | 'status' | 'requestId'>
  >;
}

const LABEL_TEXT = 'User Log: ';
const LABEL = ascii(LABEL_TEXT);
const LAST = LABEL.length - 1;

/** How far a window that ends with this byte can move without passing the label (Horspool). */
const SHIFT = new Uint8Array(256).fill(LABEL.length);
LABEL.forEach((byte, index) => {
  if (index < LAST) SHIFT[byte] = LAST - index;
});

/** The offset behind the label, or -1. */
const behindLabel = (bytes: Uint8Array, start: number, end: number): number => {
  for (let at = start; at + LABEL.length <= end; at += SHIFT[bytes[at + LAST]!]!) {
    if (!startsWith(bytes, at, end, LABEL)) continue;
    const glued = at > start && (isWordAt(bytes, at - 1, end) || bytes[at - 1] === 0x2d);
    if (!glued) return at + LABEL.length;
  }
  return -1;
};

/** Whether the line from `start` to `end` holds the label `User Log: `; makes no strings. */
export const isUserLogLine = (bytes: Uint8Array, start: number, end: number): boolean =>
  behindLabel(bytes, start, end) >= 0;

/** The text behind the label `User Log: `, null where there is no label; inside of JSON, of its message. */
export const userLogText = (bytes: Uint8Array, start: number, end: number): string | null => {
  const behind = behindLabel(bytes, start, end);
  if (behind < 0) return null;
  const object = byteAt(bytes, start, end) === 0x7b ? readObject(bytes, start, end) : null;
  if (object !== null) {
    for (const key of ['log', 'MESSAGE', 'message', 'msg', 'event']) {
      const value = ownAt(object, [key]);
      const inner = Buffer.from(typeof value === 'string' ? value.replace(/[\r\n]+$/, '') : '');
      const innerBehind = behindLabel(inner, 0, inner.length);
      if (innerBehind >= 0) return textOf(inner, innerBehind, inner.length);
    }
  }
  return textOf(bytes, behind, end);
};

/**
 * What the text of a `User Log:` line tells: of a JSON object or Python dict the event and the fields
 * under their usual keys, of other text its `key=value` pairs; the event is else the whole text.
 */
export const eventFromUserLog = (text: string): UserLogEvent => {
  const trimmed = text.trim();
  const object = trimmed.startsWith('{') ? parseObject(trimmed) : null;
  const bytes = object === null ? Buffer.from(trimmed) : Buffer.alloc(0);
  const { event, ...fields } =
    object === null ? textFields(bytes, 0, bytes.length, false) : objectFields(object);
  const told = Object.entries(fields).filter(([, value]) => value !== null);
  return {
    event: (object === null ? null : event) ?? maskTokens(text),
    fields: Object.fromEntries(told),
  };
};
