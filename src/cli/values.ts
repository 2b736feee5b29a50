import { InvalidArgumentError } from 'commander';
import { isKnownZone } from '../source/fields/zone.ts';

const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w|y))+$/;

const SECONDS = /^\d+(?:\.\d+)?$/;

/** `90s`, `15m`, `24h`, `7d`, `1d12h` → milliseconds; null where it is none. */
export const readDuration = async (text: string): Promise<number | null> => {
  if (!DURATION.test(text)) return null;
  const { default: parseDuration } = await import('parse-duration');
  return parseDuration(text);
};

/** A duration for an option, as it is; `secondsOf` says how long it is. */
export const durationValue = (text: string): string => {
  if (!SECONDS.test(text) && !DURATION.test(text)) {
    throw new InvalidArgumentError('Give a duration such as 30s, 5m or 1h.');
  }
  return text;
};

/** What `durationValue` let pass, a bare number meaning seconds → seconds. */
export const secondsOf = async (text: string): Promise<number> =>
  SECONDS.test(text) ? Number(text) : (await readDuration(text))! / 1000;

/** Seconds as a number or a text, or a duration → seconds; null where it is none of these. */
export const durationSeconds = async (value: number | string): Promise<number | null> => {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (SECONDS.test(value)) return Number(value);
  const duration = await readDuration(value);
  return duration === null ? null : duration / 1000;
};

/** `a,b c` → its words, none empty. */
export const listValue = (text: string): readonly string[] => {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw new InvalidArgumentError('Give a comma-separated list.');
  return words;
};

/** Collects a repeatable option. */
export const collect = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
];

const COUNT = /^(\d+)(k|K|M|G|Ki|Mi|Gi)?B?$/;
const UNITS: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 1024,
  Ki: 1024,
  M: 1024 ** 2,
  Mi: 1024 ** 2,
  G: 1024 ** 3,
  Gi: 1024 ** 3,
};

/** `65536`, `64K`, `1M` → bytes, at least 1. */
export const sizeValue = (text: string): number => {
  const [, digits, unit] = COUNT.exec(text) ?? [];
  const size = Number(digits) * (unit === undefined ? 1 : UNITS[unit]!);
  if (!(size >= 1 && size <= 2 ** 30)) {
    throw new InvalidArgumentError('Give a size such as 65536, 64K or 1M, at most 1G.');
  }
  return size;
};

/** A whole number from `least` to `most`. */
export const wholeValue =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return value;
  };

export const zoneValue = (text: string): string => {
  if (!isKnownZone(text)) {
    throw new InvalidArgumentError('Give an IANA time zone such as Europe/Berlin or UTC.');
  }
  return text;
};

/** Words also several in one text, for there is one environment variable. */
export const wordsOf = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => text.split(/[\s,]+/)).filter((word) => word !== '');
