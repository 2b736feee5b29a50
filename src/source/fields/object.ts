import { Buffer } from 'node:buffer';
import type { LineContext } from './fields.ts';
import { parsePythonDict } from './pydict.ts';
import { decodeWith, words } from './text.ts';
import { epochMs } from './time/epoch.ts';
import { readStamp } from './time/read.ts';
import type { Stamp } from './time/stamp.ts';

/** A JSON object or Python dict of a log; only own properties count. */
export type LogObject = Readonly<Record<string, unknown>>;

/** Whether `value` is an object with keys. */
export const isLogObject = (value: unknown): value is LogObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object whose JSON or Python `repr` is `text`, else null; `__proto__` is a key like any other. */
export const parseObject = (text: string): LogObject | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isLogObject(value) ? value : null;
  } catch {
    return /^\s*\{\s*['"]/.test(text) ? parsePythonDict(text) : null;
  }
};

/** As `parseObject` of bytes `start` to `end`; a byte that is not UTF-8 shows as `\xNN` in the strings. */
export const readObject = (bytes: Uint8Array, start: number, end: number): LogObject | null =>
  parseObject(decodeWith(bytes, start, end, '\\\\'));

/** The own property at a path of keys, also where the keys are joined by dots; undefined if none. */
export const ownAt = (object: LogObject, path: readonly string[]): unknown => {
  let value: unknown = object;
  for (const key of path) {
    if (!isLogObject(value) || !Object.hasOwn(value, key)) {
      return path.length > 1 && Object.hasOwn(object, path.join('.'))
        ? object[path.join('.')]
        : undefined;
    }
    value = value[key];
  }
  return value;
};

const paths = (...names: readonly string[]): readonly (readonly string[])[] =>
  words(...names).map((name) => name.split('.'));

/** Zone and precision first: journald's microseconds before the text of its message. */
export const TIME_PATHS: readonly (readonly string[])[] = paths(
  '__REALTIME_TIMESTAMP @timestamp timestamp time ts t Timestamp Time',
  'TIMESTAMP TS datetime asctime eventTime event_time time_iso8601',
  'StartUTC time_local msec date t.$date timestampMs',
);

export const STATUS_PATHS: readonly (readonly string[])[] = paths(
  'status statusCode status_code http_status httpStatus http_status_code',
  'DownstreamStatus OriginStatus response_status responseStatus response_code',
  'res.statusCode res.status response.status response.statusCode',
  'response.status_code http.response.status_code http.status_code http.status',
  'httpRequest.status',
);

const scratch = new Uint8Array(64);

/** Reads a stamp out of text; false where it does not begin with one. */
const readStampText = (text: string, context: LineContext, stamp: Stamp): boolean => {
  const trimmed = text.length > 96 ? '' : text.trim();
  if (trimmed === '' || trimmed.length > scratch.length) return false;
  for (let i = 0; i < trimmed.length; i += 1) {
    const code = trimmed.charCodeAt(i);
    scratch[i] = code > 0x7f ? 0x3f : code;
  }
  return readStamp(scratch, 0, trimmed.length, context, stamp);
};

/** Reads the time of an object into `stamp`; false where no key holds anything like one. */
export const readObjectTime = (object: LogObject, context: LineContext, stamp: Stamp): boolean => {
  let doubtful = false;
  for (const path of TIME_PATHS) {
    const value = ownAt(object, path);
    if (typeof value === 'string') {
      if (!readStampText(value, context, stamp)) continue;
      if (!Number.isNaN(stamp.time)) return true;
      doubtful = true;
    } else if (typeof value === 'number') {
      const time = epochMs(value);
      if (Number.isNaN(time)) continue;
      stamp.time = time;
      stamp.flags = 0;
      stamp.yearless = false;
      return true;
    }
  }
  return doubtful;
};

/** A number from 100 to 599, also as text; 0 for anything else. */
const statusOf = (value: unknown): number => {
  const text = typeof value === 'string' && /^\s*\d{3}\s*$/.test(value);
  const status = text ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599
    ? status
    : 0;
};

/** The HTTP status of an object, 0 where it has none. */
export const objectStatus = (object: LogObject): number => {
  for (const path of STATUS_PATHS) {
    const status = statusOf(ownAt(object, path));
    if (status > 0) return status;
  }
  return 0;
};

/** Keys of what may be a line inside of a line. */
export const WRAPPER_KEYS: readonly string[] = ['log', 'MESSAGE'];

/** A line inside of a line, as container runtimes and journald wrap them. */
export interface Wrapped {
  readonly bytes: Uint8Array;
  /** The wrapper's own time is the better one. */
  readonly outerTime: boolean;
}

/** The inner line of Docker's json-file log (`log`) or of a journald entry (`MESSAGE`), else null. */
export const unwrap = (object: LogObject): Wrapped | null => {
  const log = ownAt(object, ['log']);
  if (typeof log === 'string') {
    const byDocker =
      typeof ownAt(object, ['stream']) === 'string' || typeof ownAt(object, ['time']) === 'string';
    return byDocker ? { bytes: Buffer.from(log.replace(/[\r\n]+$/, '')), outerTime: false } : null;
  }
  const message = ownAt(object, ['MESSAGE']);
  if (ownAt(object, ['__REALTIME_TIMESTAMP']) === undefined) return null;
  if (typeof message === 'string') return { bytes: Buffer.from(message), outerTime: true };
  // journald writes what is not UTF-8 as an array of byte values.
  return Array.isArray(message) && message.every((byte) => typeof byte === 'number')
    ? { bytes: Uint8Array.from(message), outerTime: true }
    : null;
};
