import { InvalidArgumentError } from 'commander';
import { addOutputFlags, addReadFlags, pagerOption, type ReadFlags } from '../flags.ts';
import { addGroup, option } from '../key-flags.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';
import { durationValue, wholeValue } from '../values.ts';

/** The flags of `compare` as typed. */
export interface CompareFlags extends ReadFlags {
  readonly with?: string;
  readonly growth: number;
  readonly least: number;
  readonly top?: number;
  readonly json?: boolean;
  readonly pager: boolean;
}

export const defineCompare: Define = (command, host, exit) => {
  addReadFlags(command);
  for (const bound of command.options) {
    if (bound.long === '--since') bound.description = 'where the newer window begins (default: 7d)';
    if (bound.long === '--until') bound.description = 'where it ends (default: now)';
  }
  addGroup(command, 'Comparison:', [
    option(
      '--with <duration>',
      'length of the window before it (default: as long as the newer one)',
      'WITH',
    ).argParser(durationValue),
    option('--growth <factor>', 'grown: at least so many times the rate', 'GROWTH')
      .argParser(growthValue)
      .default(2),
    option('--least <n>', 'and at least so many tokens more', 'LEAST')
      .argParser(wholeValue(0, 1e9))
      .default(10),
  ]);
  addOutputFlags(command, [
    option('--json', 'as JSON', 'JSON'),
    option(
      '--top <n>',
      'list so many of each, 0 for all (default: 20 in a table, else all)',
      'TOP',
    ).argParser(wholeValue(0, 1e9)),
    pagerOption(),
  ]);
  addGuide(command, EXAMPLES, NOTES);
  command.action(async (sources: string[], flags: CompareFlags) => {
    if (sources.length === 0 && host.stdin.isTTY === true) command.help({ error: true });
    const { runCompare } = await import('../commands/compare.ts');
    const isTyped = (flag: string): boolean => command.getOptionValueSource(flag) === 'cli';
    exit(await runCompare(sources, flags, host, isTyped));
  });
};

const growthValue = (text: string): number => {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value >= 1 && value <= 1e6) return value;
  throw new InvalidArgumentError('Give a number from 1 on, such as 2 or 1.5.');
};

const EXAMPLES = [
  'authlog compare duckdb:history.duckdb --since 7d --with 7d',
  "authlog compare '/var/log/app/*.log*' --secret-file secret --since 24h --with 30d",
  "authlog compare events.jsonl --since yesterday --until today --json | jq '.users.entries[:5]'",
];

const NOTES = [
  'The older window ends where the newer one begins. New is who is in the newer one only, gone who is in the older one only; grown has at least --growth times the rate and --least tokens more, shrunk is the reverse. Where the windows differ in length, rates are compared. Only tokens that verified name users, issuers and keys; the others count among the verdicts. A line without a time is in no window.',
];
