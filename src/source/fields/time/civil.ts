const DAY = 86_400_000;
const MONTH_DAYS = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

// Neighbouring lines share their day.
let lastKey = -1;
let lastMs = 0;

/** Midnight UTC of a Gregorian date in milliseconds, NaN for a date that does not exist or is before 1970. */
export const dayMs = (year: number, month: number, day: number): number => {
  const key = year * 512 + month * 32 + day;
  if (key === lastKey) return lastMs;
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > MONTH_DAYS[month]!) {
    return Number.NaN;
  }
  if (month === 2 && day === 29 && !isLeap(year)) return Number.NaN;
  lastMs = Date.UTC(year, month - 1, day);
  lastKey = key;
  return lastMs;
};

/** Midnight UTC of the ordinal day (1 to 366) of a year in milliseconds, NaN where there is none. */
export const ordinalDayMs = (year: number, ordinal: number): number =>
  ordinal < 1 || ordinal > (isLeap(year) ? 366 : 365)
    ? Number.NaN
    : dayMs(year, 1, 1) + (ordinal - 1) * DAY;
