import { Argument } from 'commander';
import { FORMATS } from '../../report/reporter.ts';
import { outputOptions, summaryOptions, type SummaryFlags } from '../flags.ts';
import { addGroup, option } from '../key-flags.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';

export const defineMerge: Define = (command, host, exit) => {
  command.addArgument(
    new Argument('<tally...>', 'files that analyze --format tally wrote, - for standard input'),
  );
  addGroup(command, 'Output:', [
    option('--format <name>', 'how to print', 'FORMAT').choices(FORMATS).default('table'),
    ...summaryOptions(),
    ...outputOptions(),
  ]);
  addGuide(command, EXAMPLES, NOTES);
  command.action(async (paths: string[], flags: SummaryFlags) => {
    const { runMerge } = await import('../commands/merge.ts');
    exit(await runMerge(paths, flags, host));
  });
};

const EXAMPLES = [
  'NOW=$(date -u +%FT%TZ); authlog analyze a.log --key k.pem --now $NOW --format tally -o a.tally',
  'authlog merge *.tally',
];

const NOTES = [
  'The summary is the one that analyze would print of all the logs together. Each tally must have been made with the same --now and the same flags; only names of keys are in it, no key and no token.',
];
