import {
  DURABILITIES,
  RECORD_FORMATS,
  type Durability,
  type RecordFormat,
} from '../../record/choices.ts';
import {
  addGroup,
  keyOptions,
  option,
  policyOptions,
  type KeyFlags,
  type PolicyFlags,
} from '../key-flags.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';
import { collect } from '../values.ts';

/** The flags of `record` as typed. */
export interface RecordFlags extends KeyFlags, PolicyFlags {
  readonly to?: string;
  readonly token?: string;
  readonly event?: string;
  readonly field?: readonly string[];
  readonly time?: string;
  readonly format: RecordFormat;
  readonly durability: Durability;
  readonly chain?: boolean;
  readonly quiet?: boolean;
}

export const defineRecord: Define = (command, host, exit) => {
  addGroup(command, 'Event (none of token, event and field: NDJSON from standard input):', [
    option('--token <jwt>', 'the token that was used; - reads it from standard input', 'TOKEN'),
    option('--event <text>', 'what was done', 'EVENT'),
    option(
      '--field <name=value>',
      'ip, user_agent, method, path, status, request_id, or a name of your own; repeatable',
      'FIELD',
    ).argParser(collect),
    option('--time <time>', 'when (default: now)', 'TIME'),
  ]);
  addGroup(command, 'Log:', [
    option('--to <file|url>', 'the file to append to, made with mode 0600; or a store', 'TO'),
    option('--format <format>', 'text: lines with the live token, in UTC', 'RECORD_FORMAT')
      .choices(RECORD_FORMATS)
      .default('jsonl'),
    option('--durability <when>', 'when records are safe on the disk', 'DURABILITY')
      .choices(DURABILITIES)
      .default('interval'),
    option('--chain', 'each record holds the hash of the one before: authlog verify-log', 'CHAIN'),
    option('-q, --quiet', 'no remarks on standard error', 'QUIET'),
  ]);
  addGroup(command, 'Keys (without one a token is recorded as unverified):', keyOptions());
  addGroup(command, 'Policy:', policyOptions());
  addGuide(command, EXAMPLES, NOTES);
  command.action(async (flags: RecordFlags) => {
    const streams = [flags.token, flags.event, flags.field].every((flag) => flag === undefined);
    if (streams && host.stdin.isTTY === true) command.help({ error: true });
    const { runRecord } = await import('../commands/record.ts');
    const isTyped = (flag: string): boolean => command.getOptionValueSource(flag) === 'cli';
    exit(await runRecord(flags, host, isTyped));
  });
};

const EXAMPLES = [
  "authlog record --to events.jsonl --token - --event 'User logged in' --secret-file secret",
  'authlog record --to events.jsonl --event login_failed --field user_id=ada --field ip=192.0.2.7',
  "authlog record --to mongodb://localhost/audit --event 'User logged in' --field user_id=ada",
  'tail -F app.ndjson | authlog record --to events.jsonl --chain --durability always',
];

const NOTES = [
  'Several processes may record to one file on a local disk, except with --chain. Rename the file and send SIGHUP to rotate it. SIGTERM ends a stream once everything that was read is in the file.',
];
