import { Buffer } from 'node:buffer';

const DAY = 86_400_000;
const YEAR_0 = -62_167_219_200_000;
const YEAR_10000 = 253_402_300_800_000;

/** One text is written over the last one: joined of pieces, each would keep all of them. */
const text = Buffer.from('0000-00-00T00:00:00.000Z');
const [HOURS, MINUTES, SECONDS, FRACTION] = [11, 14, 17, 20];
const [DIGIT_0, DOT, Z] = [0x30, 0x2e, 0x5a];

/** Whether four digits of a year can say it. */
export const hasDate = (milliseconds: number): boolean =>
  milliseconds >= YEAR_0 && milliseconds < YEAR_10000;

/** Milliseconds to RFC 3339 in UTC; null for no time at all and for what four digits of a year can't say. */
export const rfc3339 = (milliseconds: number): string | null => {
  if (!hasDate(milliseconds)) return null;
  const whole = Math.trunc(milliseconds);
  const day = Math.floor(whole / DAY);
  const rest = whole - day * DAY;
  text.set(dateOf(day));
  const seconds = Math.floor(rest / 1000);
  write(HOURS, Math.floor(seconds / 3600));
  write(MINUTES, Math.floor(seconds / 60) % 60);
  write(SECONDS, seconds % 60);
  const fraction = rest % 1000;
  text[FRACTION - 1] = fraction === 0 ? Z : DOT;
  if (fraction === 0) return text.toString('latin1', 0, FRACTION);
  write(FRACTION, Math.floor(fraction / 10));
  text[FRACTION + 2] = DIGIT_0 + (fraction % 10);
  return text.toString('latin1');
};

const write = (at: number, twoDigits: number): void => {
  const tens = Math.floor(twoDigits / 10);
  text[at] = DIGIT_0 + tens;
  text[at + 1] = DIGIT_0 + twoDigits - tens * 10;
};

/** Reports name the same days over and over. */
const dates = new Map<number, Uint8Array>();
const MOST_DATES = 4096;

const dateOf = (day: number): Uint8Array => {
  let date = dates.get(day);
  if (date === undefined) {
    date = Buffer.from(calendarDay(day), 'latin1');
    if (dates.size >= MOST_DATES) dates.clear();
    dates.set(day, date);
  }
  return date;
};

/** Days since the epoch → `YYYY-MM-DD`. */
export const calendarDay = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** The calendar repeats after 400 years; earlier ones are written with fewer digits, or backwards. */
const CYCLE_DAYS = 146_097;
const YEAR_1001 = -30_578_688_000;

/** Gives the calendar day in `zone`, as days since the epoch, of a moment in seconds. */
export const dayCounter = (zone: string): ((seconds: number) => number) => {
  if (zone === 'UTC') return (seconds) => Math.floor(seconds / 86_400);
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const known = new Map<number, number>();
  const dayOf = (quarter: number): number => {
    const cycles = Math.max(0, Math.ceil((YEAR_1001 - quarter * 900) / (CYCLE_DAYS * 86_400)));
    const moment = quarter * 900_000 + cycles * CYCLE_DAYS * DAY;
    return Math.floor(Date.parse(`${format.format(moment)}T00:00:00Z`) / DAY) - cycles * CYCLE_DAYS;
  };
  return (seconds) => {
    // No zone changes its day but at a quarter of an hour.
    const quarter = Math.floor(seconds / 900);
    let day = known.get(quarter);
    if (day === undefined) {
      if (known.size > 100_000) known.clear();
      day = dayOf(quarter);
      known.set(quarter, day);
    }
    return day;
  };
};
