import type { Temporal } from 'temporal-polyfill';
import { TimeFlag } from './fields.ts';

/** How a wall-clock time of a zone maps to UTC: `utc = local - offsetMs`. */
export interface ZoneOffset {
  readonly offsetMs: number;
  /** 0, `TimeFlag.gap` or `TimeFlag.fold`. */
  readonly flag: number;
}

type TemporalApi = typeof Temporal;

const QUARTER = 900_000;
const CACHE_LIMIT = 65_536;
const UTC_NAMES = new Set(['utc', 'etc/utc', 'gmt', 'etc/gmt', 'zulu', 'etc/zulu', 'etc/uct']);
const UTC: ZoneOffset = { offsetMs: 0, flag: 0 };

let api: TemporalApi | null = null;
let cachedZone = 'UTC';
let cachedIsUtc = true;
let cache = new Map<number, ZoneOffset | null>();
let lastQuarter = Number.NaN;
let lastOffset: ZoneOffset = UTC;

/** Whether the zone is UTC by any of its names. */
export const isUtc = (zone: string): boolean => zone === 'UTC' || UTC_NAMES.has(zone.toLowerCase());

/** Whether `zone` is an IANA time zone name that this machine knows. */
export const isKnownZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** Loads what `zoneOffset` needs; to be awaited once before lines are read in a zone other than UTC. */
export const prepareZone = async (zone: string): Promise<void> => {
  if (isUtc(zone) || api !== null) return;
  api = (await import('temporal-polyfill')).Temporal;
};

const exactOffset = (temporal: TemporalApi, zone: string, localMs: number): ZoneOffset => {
  const local = temporal.Instant.fromEpochMilliseconds(localMs)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime();
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) {
    return { offsetMs: localMs - earlier.epochMilliseconds, flag: 0 };
  }
  return earlier.toPlainDateTime().equals(local)
    ? { offsetMs: localMs - earlier.epochMilliseconds, flag: TimeFlag.fold }
    : { offsetMs: localMs - later.epochMilliseconds, flag: TimeFlag.gap };
};

/**
 * The offset of a wall-clock time, given as if it were UTC milliseconds. A time that the zone skips
 * maps forward, of one that it has twice the first is taken. Needs `prepareZone`.
 */
export const zoneOffset = (zone: string, localMs: number): ZoneOffset => {
  if (zone !== cachedZone) {
    cachedZone = zone;
    cachedIsUtc = isUtc(zone);
    cache = new Map();
    lastQuarter = Number.NaN;
  }
  if (cachedIsUtc) return UTC;
  const quarter = Math.floor(localMs / QUARTER);
  if (quarter === lastQuarter) return lastOffset;
  if (api === null) throw new Error('prepareZone was not awaited');
  let found = cache.get(quarter);
  if (found === undefined) {
    // Some zones changed their clocks a minute past the hour: such a quarter is asked each time.
    const first = exactOffset(api, zone, quarter * QUARTER);
    const last = exactOffset(api, zone, quarter * QUARTER + QUARTER - 1);
    found = first.offsetMs === last.offsetMs && first.flag === last.flag ? first : null;
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(quarter, found);
  }
  if (found === null) return exactOffset(api, zone, localMs);
  lastQuarter = quarter;
  lastOffset = found;
  return found;
};
