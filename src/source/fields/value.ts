import { isIP } from 'node:net';
import type { LineFields } from './fields.ts';
import { maskTokens } from './mask.ts';
import { words } from './text.ts';

/** The fields that an event may add to its line. */
export type EventFields = Pick<
  LineFields,
  'ip' | 'userAgent' | 'method' | 'path' | 'status' | 'requestId'
>;

export const noEventFields = (): EventFields => ({
  ip: null,
  userAgent: null,
  method: null,
  path: null,
  status: null,
  requestId: null,
});

// RFC 9110 section 9, RFC 5789, and WebDAV's (RFC 4918).
const METHODS = new Set(
  words(
    'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY',
    'PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH',
  ),
);

/** The HTTP method in capitals, null for any other word: `"method": "password"` is none. */
export const methodOf = (value: string): string | null => {
  const method = value.length <= 16 ? value.trim().toUpperCase() : '';
  return METHODS.has(method) ? method : null;
};

/** The address without port, brackets or what a proxy appended; null where it is no IP address. */
export const addressOf = (value: string): string | null => {
  if (value.length > 256) return null;
  const first = (value.split(',', 1)[0] ?? '').trim();
  if (isIP(first) !== 0) return first;
  const match = /^\[([^\]]+)\](?::\d+)?$/.exec(first) ?? /^([\d.]+):\d+$/.exec(first);
  const address = match?.[1] ?? '';
  return isIP(address) !== 0 ? address : null;
};

/** The path of a request target or URL: without origin, query and fragment, tokens masked. */
export const pathOf = (value: string): string | null => {
  const target = value.replace(/^[A-Za-z][A-Za-z0-9+.-]{0,15}:\/\/[^/?#]*/, '');
  const cut = target.search(/[?#]/);
  const path = cut < 0 ? target : target.slice(0, cut);
  if (path === '' && target !== value) return '/';
  return path === '' || path === '-' ? null : maskTokens(path);
};

/** Free text with its tokens masked; null for nothing and for the `-` of access logs. */
export const textValue = (value: string): string | null =>
  value === '' || value === '-' ? null : maskTokens(value);

/** Method and path of `GET /path HTTP/1.1`; null for anything else. */
export const requestOf = (line: string): { method: string; path: string | null } | null => {
  const space = line.indexOf(' ');
  const method = space < 0 ? null : methodOf(line.slice(0, space));
  if (method === null) return null;
  const last = line.lastIndexOf(' ');
  const target =
    last > space && line.startsWith('HTTP/', last + 1)
      ? line.slice(space + 1, last)
      : line.slice(space + 1);
  return { method, path: pathOf(target.trim()) };
};
