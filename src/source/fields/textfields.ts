import { isIP } from 'node:net';
import { namedFields, pairName } from './objectfields.ts';
import { newPair, nextPair } from './pairs.ts';
import { textOf } from './text.ts';
import { addressOf, requestOf, textValue } from './value.ts';
import type { EventFields } from './value.ts';

const MOST_PAIRS = 512;
const MOST_WORDS = 16;

/** The offset of the quote that closes the one at `open`, or -1; a backslash escapes. */
export const closingQuote = (text: string, open: number): number => {
  for (let at = open + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x5c) at += 1;
    else if (char === 0x22) return at;
  }
  return -1;
};

const unescaped = (quoted: string): string => quoted.replace(/\\(["\\])/g, '$1');

const pairValue = (bytes: Uint8Array, start: number, end: number, quoted: boolean): string => {
  const raw = textOf(bytes, start, end);
  if (!quoted || !raw.includes('\\')) return raw;
  try {
    const value: unknown = JSON.parse(`"${raw}"`);
    return typeof value === 'string' ? value : raw;
  } catch {
    return raw;
  }
};

export const readPairs = (bytes: Uint8Array, from: number, end: number): Map<string, string> => {
  const pairs = new Map<string, string>();
  const pair = newPair();
  pair.next = from;
  while (pairs.size < MOST_PAIRS && nextPair(bytes, end, pair)) {
    if (pair.keyEnd - pair.keyStart > 64) continue;
    const name = pairName(textOf(bytes, pair.keyStart, pair.keyEnd));
    const value = pairValue(bytes, pair.valueStart, pair.valueEnd, pair.quoted);
    // In text `type=Bearer` is no event.
    if (value !== '' && name !== 'type' && !pairs.has(name)) pairs.set(name, value);
  }
  return pairs;
};

interface Quoted {
  readonly open: number;
  readonly close: number;
}

/** The first quoted text of a line that is a request, as access logs and nginx's error log have it. */
const findRequest = (text: string): (Quoted & NonNullable<ReturnType<typeof requestOf>>) | null => {
  for (let open = text.indexOf('"'); open >= 0;) {
    const close = closingQuote(text, open);
    if (close < 0) return null;
    const request = requestOf(unescaped(text.slice(open + 1, close)));
    if (request !== null) return { open, close, ...request };
    open = text.indexOf('"', close + 1);
  }
  return null;
};

/** The user agent of the combined format: the second quoted text behind status and size. */
const agentBehind = (text: string, close: number): string | null => {
  const referer = /^ \d{3} (?:\d+|-) (?=")/.exec(text.slice(close + 1, close + 40));
  if (referer === null) return null;
  const refererClose = closingQuote(text, close + 1 + referer[0].length);
  if (refererClose < 0 || !text.startsWith(' "', refererClose + 1)) return null;
  const agentClose = closingQuote(text, refererClose + 2);
  return agentClose < 0 ? null : textValue(unescaped(text.slice(refererClose + 3, agentClose)));
};

/**
 * The address among the leading words of an access log. A virtual host before it may be one as well,
 * then with its port.
 */
const addressAmong = (text: string): string | null => {
  const leading = text.slice(0, 512).split(/[ \t]/, MOST_WORDS);
  const second = addressOf(leading[1] ?? '');
  if (second !== null && isIP(leading[0] ?? '') === 0) return second;
  for (const word of leading) {
    const address = addressOf(word);
    if (address !== null) return address;
  }
  return null;
};

// `client: 192.0.2.1, server: …` of nginx, `[client 192.0.2.1:5000]` of Apache.
const CLIENT = /(?:\bclient: |\[client )([0-9A-Fa-f:.[\]]{2,64}?)(?:,|\] |$)/;

/**
 * What text says: a request and what stands around it in an access log (`access`: it surely is one,
 * even if its request is none), and `key=value` pairs anywhere outside of quotes.
 */
export const textFields = (
  bytes: Uint8Array,
  from: number,
  end: number,
  access: boolean,
): EventFields & { event: string | null } => {
  const named = namedFields(readPairs(bytes, from, end));
  const text = textOf(bytes, from, end);
  const request = findRequest(text);
  const quote = request?.open ?? (access ? text.indexOf('"') : -1);
  const address = quote < 0 ? null : addressAmong(text.slice(0, quote));
  const close = request?.close ?? (quote < 0 ? -1 : closingQuote(text, quote));
  const client = CLIENT.exec(text.slice(0, 4096))?.[1];
  return {
    ...named,
    ip: address ?? named.ip ?? (client === undefined ? null : addressOf(client)),
    userAgent: (close < 0 ? null : agentBehind(text, close)) ?? named.userAgent,
    method: request?.method ?? named.method,
    path: request === null ? named.path : request.path,
  };
};
