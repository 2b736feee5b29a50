/** Turns the UTC moments of a summary into what a person in the report's time zone reads. */
export interface Calendar {
  /** The zone as the user named it. */
  readonly tz: string;
  /** `YYYY-MM-DD` of now. */
  readonly today: string;
  /** `2026-11-20 23:59`; `-` for null. */
  readonly stamp: (moment: string | null) => string;
  /** `in 19 h`, `3 d ago`; null for a moment a week or more away. */
  readonly near: (moment: string) => string | null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OFFSET = /^([+-])(\d\d):?(\d\d)?$/;

/** Milliseconds to add to UTC; every zone changes its offset on a quarter of an hour, so one look-up serves each. */
const createOffsets = (tz: string): ((at: number) => number) => {
  if (tz === 'UTC' || tz === 'Z') return () => 0;
  const fixed = OFFSET.exec(tz);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3] ?? 0);
    const shift = (fixed[1] === '-' ? -minutes : minutes) * MINUTE;
    return () => shift;
  }
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const known = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at / (15 * MINUTE));
    const found = known.get(quarter);
    if (found !== undefined) return found;
    const start = quarter * 15 * MINUTE;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(start)) parts[type] = Number(value);
    const local = Date.UTC(
      parts['year']!,
      parts['month']! - 1,
      parts['day'],
      parts['hour'],
      parts['minute'],
    );
    known.set(quarter, local - start);
    return local - start;
  };
};

const amount = (span: number): string => {
  if (span < HOUR) return `${Math.max(1, Math.floor(span / MINUTE))} min`;
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)} h`;
  return `${Math.floor(span / DAY)} d`;
};

/** `now` is RFC 3339; `tz` an IANA name, `UTC` or `±HH:MM`. Throws RangeError for an unknown zone. */
export const createCalendar = (now: string, tz: string): Calendar => {
  const offsetAt = createOffsets(tz);
  const nowMs = Date.parse(now);
  const stamp = (moment: string | null): string => {
    const at = moment === null ? Number.NaN : Date.parse(moment);
    if (Number.isNaN(at)) return '-';
    return new Date(at + offsetAt(at)).toISOString().slice(0, -8).replace('T', ' ');
  };
  const near = (moment: string): string | null => {
    const distance = Date.parse(moment) - nowMs;
    if (!(Math.abs(distance) < 7 * DAY)) return null;
    return distance > 0 ? `in ${amount(distance)}` : `${amount(-distance)} ago`;
  };
  return { tz, today: stamp(now).slice(0, 10), stamp, near };
};

/** `Sat 2026-11-21` for a `YYYY-MM-DD` day. */
export const withWeekday = (date: string): string => {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][day] ?? '   '} ${date}`;
};
