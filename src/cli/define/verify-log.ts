import { Argument } from 'commander';
import { addGroup, option } from '../key-flags.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';

/** The flags of `verify-log` as typed. */
export interface VerifyLogFlags {
  readonly expect?: string;
  readonly after?: string;
  readonly json?: boolean;
}

export const defineVerifyLog: Define = (command, host, exit) => {
  command.addArgument(new Argument('<file...>', 'files of one log, oldest first; .gz as they are'));
  addGroup(command, 'Hashes noted elsewhere:', [
    option('--expect <hash>', 'the head of an earlier check: its record must be there', 'EXPECT'),
    option('--after <hash>', 'the head of files that were deleted on purpose', 'AFTER'),
  ]);
  addGroup(command, 'Output:', [option('--json', 'as JSON', 'JSON')]);
  addGuide(command, EXAMPLES, NOTES);
  command.action(async (files: string[], flags: VerifyLogFlags) => {
    const { runVerifyLog } = await import('../commands/verify-log.ts');
    exit(await runVerifyLog(files, flags, host));
  });
};

const EXAMPLES = [
  'authlog verify-log events.jsonl.2.gz events.jsonl.1 events.jsonl',
  'authlog verify-log events.jsonl --expect "$(ssh vault cat head)"',
];

const NOTES = [
  'Exit code 0: intact; 1: tampered with.',
  "Every record of a log written with authlog record --chain holds the hash of the one before, so that nobody edits, inserts or deletes a record unseen. Two things a chain alone cannot show: that its end was cut off, and that all from some record on was written anew by somebody who makes right hashes. Against both, note the head now and then where the log's writer cannot reach it, and give it to --expect.",
];
