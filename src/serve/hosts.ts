import { isIP } from 'node:net';
import { AuthlogError } from '../errors.ts';
import type { Place } from '../guard/listen.ts';
import { printable } from '../keys/printable.ts';

/** The names under which the page may be asked for. */
export interface Hosts {
  /** Else a page of another name may have been pointed at this machine (DNS rebinding). */
  isOwn(hostname: string): boolean;
  /** Browsers reach it by https alone: cookies can be bound to that. */
  readonly isSecure: boolean;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** The names of a listener and of the proxies before it. Throws USAGE for a URL that is none. */
export const createHosts = (place: Place, publicUrls: readonly string[]): Hosts => {
  const urls = publicUrls.map(publicUrl);
  const names = new Set([
    ...LOOPBACK_NAMES,
    ...(place.host === null ? [] : [inUrl(place.host).toLowerCase()]),
    ...urls.map(({ hostname }) => hostname),
  ]);
  return {
    isOwn: (hostname) => names.has(hostname),
    isSecure: urls.length > 0 && urls.every(({ protocol }) => protocol === 'https:'),
  };
};

/** Whether only this machine reaches a place. */
export const isLocal = ({ host }: Place): boolean =>
  host === null ||
  host === 'localhost' ||
  host === '::1' ||
  (isIP(host) === 4 && host.startsWith('127.'));

const inUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

const publicUrl = (text: string): URL => {
  const url = URL.parse(text);
  const isPlain =
    url !== null && url.pathname === '/' && url.search + url.hash + url.username === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return url;
  throw new AuthlogError(
    'USAGE',
    `--public-url ${printable(text)} is no address of a site`,
    'Give one such as https://authlog.example.org, without a path.',
  );
};
