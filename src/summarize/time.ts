const YEAR_10000 = 253_402_300_800_000;

/** Milliseconds to RFC 3339 in UTC; null for no time at all and for what four digits of a year can't say. */
export const rfc3339 = (milliseconds: number): string | null => {
  if (!(milliseconds >= -62_167_219_200_000 && milliseconds < YEAR_10000)) return null;
  const text = new Date(milliseconds).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : text;
};

/** Days since the epoch → `YYYY-MM-DD`. */
export const calendarDay = (day: number): string =>
  new Date(day * 86_400_000).toISOString().slice(0, 10);

/** Gives the calendar day in `zone`, as days since the epoch, of a moment in seconds. */
export const dayCounter = (zone: string): ((seconds: number) => number) => {
  if (zone === 'UTC') return (seconds) => Math.floor(seconds / 86_400);
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const known = new Map<number, number>();
  return (seconds) => {
    // No zone changes its day but at a quarter of an hour.
    const quarter = Math.floor(seconds / 900);
    let day = known.get(quarter);
    if (day === undefined) {
      if (known.size > 100_000) known.clear();
      day = Math.floor(Date.parse(`${format.format(quarter * 900_000)}T00:00:00Z`) / 86_400_000);
      known.set(quarter, day);
    }
    return day;
  };
};
