import { Argument, InvalidArgumentError } from 'commander';
import type { AddressLevel } from '../../redact/addresses.ts';
import type { DroppedClaims } from '../../redact/claims.ts';
import { outputOptions } from '../flags.ts';
import { addGroup, option } from '../key-flags.ts';
import type { ColorMode } from '../look.ts';
import { addGuide } from '../guide.ts';
import type { Define } from '../program.ts';
import { listValue, sizeValue } from '../values.ts';

/** The flags of `redact` as typed. */
export interface RedactFlags {
  readonly replace: 'signature' | 'token';
  readonly dropClaims?: DroppedClaims;
  readonly anonymizeIp?: AddressLevel;
  readonly maxLine: number;
  readonly blockSize: number;
  readonly output?: string;
  readonly color: ColorMode;
  readonly quiet?: boolean;
  readonly progress: boolean;
}

export const defineRedact: Define = (command, host, exit) => {
  command.addArgument(
    new Argument('[source...]', 'files, quoted globs, directories of logs, - for standard input'),
  );
  addGroup(command, 'Redaction:', [
    option(
      '--replace <part>',
      'mask the signature, or put token_id in the place of the token',
      'REPLACE',
    )
      .choices(['signature', 'token'])
      .default('signature'),
    option(
      '--drop-claims <list>',
      'take these claims out of the tokens too; all: every one',
      'DROP_CLAIMS',
    ).argParser(claimsValue),
    option(
      '--anonymize-ip <level>',
      '1: the last byte of IPv4 becomes 0, IPv6 keeps 64 bits; 2: two bytes, 48; 3: three, 32',
      'ANONYMIZE_IP',
    ).argParser(levelValue),
    option('--max-line <size>', 'redact a longer line in parts', 'MAX_LINE')
      .argParser(sizeValue)
      .default(1 << 20, '1M'),
  ]);
  addGroup(command, 'Output:', [
    ...outputOptions(),
    option('--no-progress', 'no progress bar', 'NO_PROGRESS'),
    option('--block-size <size>', 'bytes redacted at a time', 'BLOCK_SIZE')
      .argParser(sizeValue)
      .default(256 << 10)
      .hideHelp(),
  ]);
  addGuide(command, EXAMPLES, NOTES);
  command.action(async (sources: string[], flags: RedactFlags) => {
    if (sources.length === 0 && host.stdin.isTTY === true) command.help({ error: true });
    const { runRedact } = await import('../commands/redact.ts');
    exit(await runRedact(sources, flags, host));
  });
};

const claimsValue = (text: string): DroppedClaims => {
  const names = listValue(text);
  return names.includes('all') ? 'all' : new Set(names);
};

const levelValue = (text: string): AddressLevel => {
  if (text === '1' || text === '2' || text === '3') return Number(text) as AddressLevel;
  throw new InvalidArgumentError('Give 1, 2 or 3.');
};

const EXAMPLES = [
  'authlog redact auth_logs.log -o auth_logs.redacted.log',
  'journalctl -u api | authlog redact | gzip > api.log.gz',
  'authlog redact access.log --anonymize-ip 1 --drop-claims email,name',
];

const NOTES = [
  'The same log, but no token in it can be used any more. Header and claims stay, and the mark in the place of the signature tells the token_id: authlog analyze and events read the output, and every line of it joins the lines of other logs. No key is needed.',
];
