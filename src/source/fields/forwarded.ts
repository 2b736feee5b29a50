import type { Frame } from './frame.ts';
import { isLogObject, type LogObject } from './object.ts';
import { pairName } from './objectfields.ts';
import { textOf } from './text.ts';
import { closingQuote, readPairs } from './textfields.ts';

/** Names of the header, as `pairName` has them. */
const NAMES = ['xforwardedfor', 'httpxforwardedfor', 'forwardedfor', 'xff'];

/** Whether a member or a pair by this name holds the header. */
export const isForwardedFor = (name: string): boolean => NAMES.includes(pairName(name));

const LONGEST = 1024;
const ADDRESSES = /^[\da-f.:[\]]{2,64}(?:, ?[\da-f.:[\]]{2,64})*$/i;
/** Stands for lists that contradict each other: no address, so that nobody believes one. */
const UNCLEAR = '?';
const DEEPEST = 4;
const MOST_KEYS = 512;

/**
 * The addresses of `X-Forwarded-For` that the line tells, client first; null where it tells none. All but what
 * trusted proxies appended at its end was written by the client.
 */
export const forwardedFor = ({ object, bytes, body, end, access }: Frame): string | null => {
  if (object !== null) return agreed(inObject(object));
  const pairs = readPairs(bytes, body, end);
  const told = agreed(NAMES.map((name) => pairs.get(name)));
  return told ?? (access ? behindAgent(textOf(bytes, body, end)) : null);
};

/** Several lines of the header come as a list of texts: one list, in their order. */
const inObject = (object: LogObject): readonly unknown[] => {
  const found: unknown[] = [];
  let level: LogObject[] = [object];
  let visited = 0;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const below: LogObject[] = [];
    for (const part of level) {
      for (const [key, value] of Object.entries(part)) {
        if (++visited > MOST_KEYS) return found;
        if (isLogObject(value)) below.push(value);
        else if (isForwardedFor(key)) {
          found.push(Array.isArray(value) ? value.join(', ') : value);
        }
      }
    }
    level = below;
  }
  return found;
};

const agreed = (values: readonly unknown[]): string | null => {
  const lists = values.map(listOf).filter((list) => list !== null);
  if (lists.length === 0) return null;
  return lists.every((list) => list === lists[0]) ? lists[0]! : UNCLEAR;
};

const listOf = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= LONGEST && ADDRESSES.test(value) ? value : null;

/** What nginx writes by default: the list in quotes behind status, size, referer and user agent. */
const behindAgent = (text: string): string | null => {
  let close = closingQuote(text, text.indexOf('"'));
  const numbers = /^ \d{3} (?:\d+|-) (?=")/.exec(text.slice(close + 1, close + 40));
  if (close < 0 || numbers === null) return null;
  let open = close + 1 + numbers[0].length;
  for (let quoted = 0; quoted < 2; quoted++) {
    close = closingQuote(text, open);
    if (close < 0 || !text.startsWith(' "', close + 1)) return null;
    open = close + 2;
  }
  close = closingQuote(text, open);
  return close < 0 ? null : listOf(text.slice(open + 1, close));
};
