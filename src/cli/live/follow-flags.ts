import type { Option } from 'commander';
import { AuthlogError } from '../../errors.ts';
import { isStoreUrl } from '../../source/store-url.ts';
import type { Host } from '../host.ts';
import { option } from '../key-flags.ts';
import { durationValue, secondsOf } from '../values.ts';

/** The flags about following, as typed. */
export interface FollowFlags {
  readonly follow?: boolean;
  readonly interval?: string;
}

/** What `analyze` and `audit` have for logs that grow. */
export const followOptions = (): readonly Option[] => [
  option('-f, --follow', 'go on as the logs grow: a live screen, or NDJSON in a pipe', 'FOLLOW'),
  option(
    '--interval <duration>',
    'time between two reports of --follow (default: 1s on a screen, 10s in a pipe)',
    'INTERVAL',
  ).argParser(durationValue),
];

/** Flags that decide how a report of a followed log is made. */
export interface FollowOutput extends FollowFlags {
  readonly format: string;
  readonly json?: boolean;
  readonly output?: string;
}

/** How to follow: on a screen or as lines, and how often (milliseconds). */
export interface FollowManner {
  readonly isScreen: boolean;
  readonly interval: number;
}

const LEAST_INTERVAL_MS = 100;

/** Throws USAGE for what can't be followed, and for `--interval` without `--follow`. */
export const checkFollow = (sources: readonly string[], flags: FollowOutput): void => {
  if (flags.follow !== true) {
    if (flags.interval === undefined) return;
    throw new AuthlogError('USAGE', '--interval is for --follow', 'Add --follow, or leave it out.');
  }
  if (sources.some(isStoreUrl)) {
    throw new AuthlogError(
      'USAGE',
      'a store cannot be followed',
      'Name the log files, or ask the store again later.',
    );
  }
  if (flags.output !== undefined) {
    throw new AuthlogError(
      'USAGE',
      '--follow never ends, and -o writes a file only when all is done',
      'Send the lines on: authlog analyze --follow LOG --json > FILE.',
    );
  }
  if (!['table', 'json', 'ndjson'].includes(flags.format)) {
    throw new AuthlogError(
      'USAGE',
      `--follow has no format ${flags.format}`,
      'Leave --format out for the screen, or give --json for one report a line.',
    );
  }
};

/** What the terminal and the flags make of it. */
export const mannerOf = async (flags: FollowOutput, host: Host): Promise<FollowManner> => {
  const isScreen =
    flags.json !== true &&
    flags.format === 'table' &&
    host.stdout.isTTY === true &&
    host.env['TERM'] !== 'dumb';
  const seconds = flags.interval === undefined ? null : await secondsOf(flags.interval);
  const interval = seconds === null ? (isScreen ? 1000 : 10_000) : seconds * 1000;
  return { isScreen, interval: Math.max(LEAST_INTERVAL_MS, interval) };
};
