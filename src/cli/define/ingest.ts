import { addReadFlags, resourceOptions, type ReadFlags } from '../flags.ts';
import { addGroup, option } from '../key-flags.ts';
import { COLOR_MODES } from '../look.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';
import { durationValue } from '../values.ts';

/** The flags of `ingest` as typed. */
export interface IngestFlags extends ReadFlags {
  readonly store: string;
  readonly host?: string;
  readonly resetState?: boolean;
  readonly pseudonymKey?: string;
  readonly follow?: boolean;
  readonly poll: string;
  readonly json?: boolean;
}

export const defineIngest: Define = (command, host, exit) => {
  addReadFlags(command);
  command.registeredArguments[0]!.description =
    'logs, each with its rotated parts; quoted globs, directories of logs';
  // All lines go into the store: which of them count is asked of the reports.
  for (const item of command.options) {
    if (item.long === '--since' || item.long === '--until') item.hideHelp();
  }
  addGroup(command, 'Store:', [
    option(
      '--store <url>',
      'duckdb:PATH, mongodb://HOST/NAME or clickhouse://HOST/NAME',
      'STORE',
    ).default('duckdb:', 'duckdb: in the state folder'),
    option(
      '--host <name>',
      'name of this machine in a store on a server (default: its host name)',
      'HOST',
    ),
    option(
      '--reset-state',
      'go on with other settings than before; forget a checkpoint that is damaged',
      'RESET_STATE',
    ),
    option(
      '--pseudonym-key <file>',
      'put keyed pseudonyms in the place of user ids, e-mail and ip addresses',
      'PSEUDONYM_KEY',
    ),
  ]);
  addGroup(command, 'Following:', [
    option('-f, --follow', 'go on until SIGTERM or Ctrl-C', 'FOLLOW'),
    option('--poll <duration>', 'time between two looks', 'POLL')
      .argParser(durationValue)
      .default('500ms'),
  ]);
  addGroup(command, 'Output:', [
    option('--json', 'counts as one line of JSON', 'JSON'),
    option('--color <when>', 'colour', 'COLOR').choices(COLOR_MODES).default('auto'),
    option('-q, --quiet', 'no remarks on standard error', 'QUIET'),
    option('--no-progress', 'no progress bar', 'NO_PROGRESS'),
  ]);
  addGroup(command, 'Resources:', resourceOptions());
  addGuide(command, EXAMPLES, NOTES);
  command.action(async (sources: string[], flags: IngestFlags) => {
    if (sources.length === 0) command.help({ error: true });
    const { runIngest } = await import('../commands/ingest.ts');
    const isTyped = (flag: string): boolean => command.getOptionValueSource(flag) === 'cli';
    exit(await runIngest(sources, flags, host, isTyped));
  });
};

const EXAMPLES = [
  'authlog ingest /var/log/app/auth.log --secret-file secret --store duckdb:history.duckdb',
  'authlog ingest /var/log/app --key jwks.json --store clickhouse://db.example/authlog --json',
  'authlog ingest auth.log --secret-file secret --follow',
];

const NOTES = [
  'A source is a log with its rotated parts (app.log, app.log.1, app.log-20260101.gz …). Each line is stored once, however often this runs and whatever happens to the files in between; the store knows how far each log was read. A last line without line break waits until it has one.',
  "Exit codes: 0 all that is there is stored · 2 other settings than before · 3 some of it can't be read · 4 the store failed, the next run goes on · 75 another run reads this log into this store.",
  'Every flag can also be set as an environment variable: --secret-file as AUTHLOG_SECRET_FILE.',
];
