import { Argument, Option } from 'commander';
import { addGroup, option } from '../key-flags.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';
import { zoneValue } from '../values.ts';

/** The flags of `forget` as typed. */
export interface ForgetFlags {
  readonly before?: string;
  readonly user?: string;
  readonly userNumber?: string;
  readonly pseudonymKey?: string;
  readonly tz: string;
  readonly json?: boolean;
}

export const defineForget: Define = (command, host, exit) => {
  command.addArgument(
    new Argument('<store>', 'duckdb:PATH, mongodb://HOST/NAME or clickhouse://HOST/NAME'),
  );
  addGroup(command, 'What (one of these):', [
    // What is deleted must stand on the command line: no variable of the environment says it.
    new Option('--before <time>', 'events from before then: 90d, yesterday, 2026-08-01, RFC 3339'),
    new Option('--user <id>', 'all events of the user with this text as id'),
    new Option('--user-number <n>', 'all events of the user with this number as id'),
  ]);
  addGroup(command, 'How:', [
    option(
      '--pseudonym-key <file>',
      'the store was filled with this key: forget the pseudonym of the user',
      'PSEUDONYM_KEY',
    ),
    option('--tz <zone>', 'zone of a time without an offset', 'TZ')
      .argParser(zoneValue)
      .default('UTC'),
    option('--json', 'as JSON', 'JSON'),
  ]);
  addGuide(command, EXAMPLES, NOTES);
  command.action(async (store: string, flags: ForgetFlags) => {
    const { runForget } = await import('../commands/forget.ts');
    exit(await runForget(store, flags, host));
  });
};

const EXAMPLES = [
  'authlog forget duckdb:history.duckdb --before 90d',
  'authlog forget duckdb:history.duckdb --user ada@example.com',
  'authlog forget mongodb://127.0.0.1/authlog --user-number 12345 --json',
];

const NOTES = [
  'Deletes at once and for good, and says how many events are gone. Events without a time are never from before anything. How far files were read is kept: authlog ingest does not bring events back.',
];
