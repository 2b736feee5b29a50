import { Argument, Option, type Command } from 'commander';
import { SORT_KEYS, type SortKey } from '../summarize/order.ts';
import { EVENT_FORMATS, FORMATS, type EventFormat, type Format } from '../report/reporter.ts';
import {
  addGroup,
  keyOptions,
  option,
  policyOptions,
  type KeyFlags,
  type PolicyFlags,
} from './key-flags.ts';
import { followOptions, type FollowFlags } from './live/follow-flags.ts';
import { COLOR_MODES, type ColorMode } from './look.ts';
import { listValue, sizeValue, wholeValue, zoneValue } from './values.ts';

/** Flags of every command that reads logs, as typed; `resolveRead` says what they mean. */
export interface ReadFlags extends KeyFlags, PolicyFlags {
  readonly now?: string;
  readonly clock: 'use' | 'now';
  readonly tz: string;
  readonly year?: number;
  readonly since?: string;
  readonly until?: string;
  readonly userClaim?: readonly string[];
  readonly pattern?: string;
  readonly maxLine: number;
  readonly maxToken: number;
  readonly threads?: number;
  readonly blockSize?: number;
  readonly output?: string;
  readonly color: ColorMode;
  readonly quiet?: boolean;
  readonly progress: boolean;
  readonly config?: string;
}

/** How a summary is made and printed. */
export interface SummaryFlags {
  readonly format: Format | 'tally';
  readonly json?: boolean;
  readonly csvRaw?: boolean;
  readonly top?: number;
  readonly sort: SortKey;
  readonly maxUsers: number;
  readonly failOn?: readonly string[];
  readonly pager: boolean;
  readonly output?: string;
  readonly color: ColorMode;
  readonly quiet?: boolean;
}

export interface AnalyzeFlags extends ReadFlags, SummaryFlags, FollowFlags {
  readonly findings: boolean;
  readonly output?: string;
  readonly color: ColorMode;
  readonly quiet?: boolean;
}

export interface EventsFlags extends ReadFlags {
  readonly format: EventFormat;
  readonly pseudonymKey?: string;
}

/** Adds the sources and the flags that say how logs are read and judged. */
export const addReadFlags = (command: Command): Command => {
  command.addArgument(
    new Argument(
      '[source...]',
      'files, quoted globs, directories of logs, URLs of stores, - for standard input',
    ),
  );
  addGroup(command, 'Keys:', keyOptions());
  addGroup(command, 'Policy:', policyOptions());
  addGroup(command, 'Time:', [
    option('--now <time>', 'the present (default: now)', 'NOW'),
    option('--clock <which>', "judge exp and nbf at the line's own time, or at --now", 'CLOCK')
      .choices(['use', 'now'])
      .default('use'),
    option('--tz <zone>', 'zone of times without an offset, and of the report', 'TZ')
      .argParser(zoneValue)
      .default('UTC'),
    option('--year <year>', 'year of dates that have none (syslog)', 'YEAR').argParser(
      wholeValue(1970, 9999),
    ),
    option('--since <time>', 'only lines from then on: 24h, 7d, yesterday, RFC 3339', 'SINCE'),
    option('--until <time>', 'only lines before then', 'UNTIL'),
  ]);
  addGroup(command, 'Extraction:', [
    option(
      '--user-claim <list>',
      'claims that may name the user, in this order',
      'USER_CLAIM',
    ).argParser(listValue),
    option(
      '--pattern <regex>',
      'find tokens by this expression; its first group is the token',
      'PATTERN',
    ),
    option('--max-line <size>', 'search at most this much of a line', 'MAX_LINE')
      .argParser(sizeValue)
      .default(1 << 20, '1M'),
    option('--max-token <size>', 'judge no longer token', 'MAX_TOKEN')
      .argParser(sizeValue)
      .default(64 << 10, '64K'),
  ]);
  return command;
};

/** Adds the flags about output and resources; `extra` stands among them. */
export const addOutputFlags = (command: Command, extra: readonly Option[]): Command => {
  addGroup(command, 'Output:', [
    ...extra,
    ...outputOptions(),
    option('--no-progress', 'no progress bar', 'NO_PROGRESS'),
  ]);
  addGroup(command, 'Resources:', resourceOptions());
  return command;
};

export const resourceOptions = (): readonly Option[] => [
  option(
    '--threads <n>',
    'threads that judge (default: one a core, at most 8)',
    'THREADS',
  ).argParser(wholeValue(1, 64)),
  option('--block-size <size>', 'bytes judged at a time', 'BLOCK_SIZE')
    .argParser(sizeValue)
    .hideHelp(),
];

export const outputOptions = (): readonly Option[] => [
  option('-o, --output <file>', 'write there, whole or not at all', 'OUTPUT'),
  option('--color <when>', 'colour', 'COLOR').choices(COLOR_MODES).default('auto'),
  option('-q, --quiet', 'no remarks on standard error', 'QUIET'),
];

export const pagerOption = (): Option =>
  option('--no-pager', 'a long table is not shown by $PAGER or less', 'NO_PAGER');

/** What only `events` has. */
export const eventsOptions = (): readonly Option[] => [
  option('--format <name>', 'authlog.event/1, or events as OCSF or ECS name them', 'EVENTS_FORMAT')
    .choices(EVENT_FORMATS)
    .default('ndjson'),
  option(
    '--pseudonym-key <file>',
    'put keyed pseudonyms in the place of user ids, e-mail and ip addresses',
    'PSEUDONYM_KEY',
  ),
];

/** What only `analyze` has. */
export const analyzeOptions = (): readonly Option[] => [
  option('--format <name>', 'how to print; a tally is for authlog merge', 'FORMAT')
    .choices([...FORMATS, 'tally'])
    .default('table'),
  option('--no-findings', 'do not run the rules of audit over a small log', 'NO_FINDINGS'),
  ...followOptions(),
  ...summaryOptions(),
];

/** How a summary is printed, but for its format. */
export const summaryOptions = (): readonly Option[] => [
  option('--json', 'the same as --format json', 'JSON'),
  option('--csv-raw', 'CSV cells as they are, not made safe for spreadsheets', 'CSV_RAW'),
  option(
    '--top <n>',
    'list so many users, 0 for all (default: 20 in a table, else all)',
    'TOP',
  ).argParser(wholeValue(0, 1e9)),
  option('--sort <key>', 'order of the users', 'SORT').choices(SORT_KEYS).default('tokens'),
  option('--max-users <n>', 'users with a row of their own, the rest share one', 'MAX_USERS')
    .argParser(wholeValue(1, 16_000_000))
    .default(1_000_000),
  option(
    '--fail-on <list>',
    'exit 1 if one of these verdicts or notices occurred',
    'FAIL_ON',
  ).argParser(listValue),
  pagerOption(),
];
