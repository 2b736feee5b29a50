import { AuthlogError } from '../errors.ts';
import type { LineFacts } from '../source/fields/fields.ts';
import { readFacts } from '../source/fields/facts.ts';
import { prepareZone } from '../source/fields/zone.ts';
import { readDuration } from './values.ts';

const DAY_MS = 86_400_000;

/**
 * A moment as people write it: `24h` or `7d` ago, `now`, `today`, `yesterday`, a date, a date and
 * time (in `zone` where it has no offset), or seconds since the epoch → milliseconds.
 */
export const readMoment = async (
  option: string,
  text: string,
  now: number,
  zone: string,
): Promise<number> => {
  await prepareZone(zone);
  const moment = await momentOf(text.trim(), now, zone);
  if (Number.isNaN(moment)) {
    throw new AuthlogError(
      'USAGE',
      `${option} is no time`,
      'Give a time such as 24h, yesterday, 2026-11-20 or 2026-11-20T08:00:00Z.',
    );
  }
  return moment;
};

const momentOf = async (text: string, now: number, zone: string): Promise<number> => {
  if (text === 'now') return now;
  if (text === 'today') return readStamp(dayOf(now, zone), zone);
  if (text === 'yesterday') return readStamp(dayOf(now - DAY_MS, zone), zone);
  if (/^\d{9,11}(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const ago = await readDuration(text.startsWith('-') ? text.slice(1) : text);
  return ago === null ? readStamp(text, zone) : now - ago;
};

const dayOf = (moment: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(moment);

const readStamp = (text: string, zone: string): number => {
  if (
    !/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(
      text,
    )
  ) {
    return Number.NaN;
  }
  const [, date, minutes, rest] = /^(\S{10})(?:[T ](\d{2}:\d{2})(.*))?$/.exec(text)!;
  const seconds = rest?.startsWith(':') === true ? rest : `:00${rest ?? ''}`;
  const bytes = Buffer.from(`${date}T${minutes ?? '00:00'}${seconds} `, 'latin1');
  const facts: LineFacts = { time: Number.NaN, timeFlags: 0, status: 0 };
  readFacts(bytes, 0, bytes.length, { zone, reference: 0, year: null }, facts);
  return facts.time;
};
