/** Moments as the report's zone has them. */
export interface Zone {
  /** `2026-11-20 23:59`, as the rows of the tables have it, so that texts compare as moments do. */
  readonly stamp: (seconds: number) => string;
  /** A date whose local parts are those of the zone, for axes. */
  readonly date: (seconds: number) => Date;
}

const formatIn = (timeZone: string): Intl.DateTimeFormat | null => {
  try {
    return new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
  } catch {
    return null;
  }
};

/** UTC where the browser does not know the zone. */
export const zoneOf = (tz: string): Zone => {
  const format = formatIn(tz) ?? formatIn('UTC')!;
  const text = (seconds: number): string => format.format(new Date(seconds * 1000));
  return {
    stamp: (seconds) => text(seconds).slice(0, 16),
    date: (seconds) => new Date(text(seconds).replace(' ', 'T')),
  };
};
