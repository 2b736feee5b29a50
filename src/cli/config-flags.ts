import type { Command, Option } from 'commander';
import { AuthlogError } from '../errors.ts';
import type { FlagValue, Path } from '../config/config.ts';
import { readFlagSections, type FlagSections } from '../config/flag-sections.ts';
import { suggestion } from '../config/nearest.ts';
import { checkOwner } from '../config/owner.ts';
import { printable } from '../keys/printable.ts';
import { valueOf } from './config-value.ts';
import type { Host } from './host.ts';

/** A configuration file, and whether somebody named it or it was found. */
export interface Found {
  readonly path: string;
  readonly isNamed: boolean;
}

const LINES = new WeakMap<Command, Map<string, string>>();

/** Where the file sets a flag, by the flag's attribute: `authlog.config.yaml:4`. */
export const linesOf = (command: Command): ReadonlyMap<string, string> =>
  LINES.get(command) ?? new Map<string, string>();

/** Sets what neither flag nor variable sets. Throws USAGE with file and line for what no flag takes. */
export const applyConfigFlags = async (
  command: Command,
  { path, isNamed }: Found,
  host: Host,
): Promise<void> => {
  const sections = await readFlagSections(path, host.cwd());
  if (sections === null) return;
  if (!isNamed) await checkOwner(path, sections.file);
  await checkSections(sections, [command], host);
  const lines = new Map<string, string>();
  for (const { option, value, at } of givenTo(command, sections)) {
    const key = option.attributeName();
    if (isSetElsewhere(command, key)) continue;
    const parsed = valueOf(option, value, sections, at);
    if (parsed === undefined) continue;
    command.setOptionValueWithSource(key, parsed, 'config');
    lines.set(key, sections.line(at));
  }
  LINES.set(command, lines);
  keepFormat(command);
  remark(command, sections, isNamed, host);
};

/** Throws USAGE for a name or a value that some command would not take. */
export const checkFlags = async (path: string, host: Host): Promise<void> => {
  const sections = await readFlagSections(path, host.cwd());
  if (sections === null) return;
  const { createProgram } = await import('./program.ts');
  const { commands } = await createProgram(undefined, host, '', () => undefined);
  await checkSections(sections, commands, host);
  for (const command of commands) {
    for (const { option, value, at } of givenTo(command, sections)) {
      valueOf(option, value, sections, at);
    }
  }
};

interface Given {
  readonly option: Option;
  readonly value: FlagValue;
  readonly at: Path;
}

/** What the file says of a command's flags; what counts more comes later. */
const givenTo = (command: Command, { shared, commands }: FlagSections): readonly Given[] => {
  const name = command.name();
  const named = (flag: string): Option | undefined =>
    command.options.find(({ long }) => long === `--${flag}`);
  const ofAll = Object.entries(shared).flatMap(([flag, value]) => {
    const option = named(flag);
    const isMeant = option !== undefined && isShared(option);
    return isMeant ? [{ option, value, at: ['flags', flag] }] : [];
  });
  const own = Object.entries(commands[name] ?? {}).flatMap(([flag, value]) => {
    const option = named(flag);
    return option === undefined ? [] : [{ option, value, at: ['commands', name, flag] }];
  });
  return [...ofAll, ...own];
};

/** By a flag, or by a variable. */
const isSetElsewhere = (command: Command, key: string): boolean =>
  ['cli', 'env'].includes(command.getOptionValueSource(key) ?? '');

/** `--json` of the file must not beat a `--format` that was typed. */
const keepFormat = (command: Command): void => {
  if (!isSetElsewhere(command, 'format')) return;
  if (command.getOptionValueSource('json') !== 'config') return;
  command.setOptionValueWithSource('json', undefined, undefined);
};

/** Whoever gets a file into a folder of logs must not be able to change in silence how they are judged. */
const remark = (
  command: Command,
  { file, folder }: FlagSections,
  isNamed: boolean,
  host: Host,
): void => {
  const isQuiet = isSetElsewhere(command, 'quiet');
  const keys = [...linesOf(command).keys()];
  if (isNamed || isQuiet || folder !== host.cwd() || keys.length === 0) return;
  const flags = command.options
    .filter((option) => keys.includes(option.attributeName()))
    .map(({ long }) => long);
  host.stderr.write(
    `authlog: ${printable(file)} sets ${[...new Set(flags)].join(', ')} (--config - for none)\n`,
  );
};

/** Whether the section `flags` reaches the flag: by the name of its variable, or of one that holds the secret. */
const isShared = ({ long, envVar }: Option): boolean =>
  long === '--secret-env' || envVar === variableOf(long ?? '');

const variableOf = (long: string): string =>
  `AUTHLOG_${long.slice(2).toUpperCase().replaceAll('-', '_')}`;

/** What must not stand in a file, and why. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['secret', 'Name the file that holds it with secret-file, or the variable with secret-env.'],
  ['token', 'Give it with --token -.'],
  ['config', 'Name the file with --config.'],
  ['help', 'It is for the command line.'],
  ['version', 'It is for the command line.'],
]);

/** Throws USAGE for a name that no flag has. Other commands are defined only where a name asks for them. */
export const checkSections = async (
  sections: FlagSections,
  known: readonly Command[],
  host: Host,
): Promise<void> => {
  let all: readonly Command[] | null = null;
  const everything = async (): Promise<readonly Command[]> => {
    const { createProgram } = await import('./program.ts');
    all ??= (await createProgram(undefined, host, '', () => undefined)).commands;
    return all;
  };
  for (const name of Object.keys(sections.shared)) {
    const at = ['flags', name];
    refuse(name, sections, at);
    const has = (command: Command): boolean =>
      command.options.some((one) => one.long === `--${name}` && isShared(one));
    if (known.some(has) || (await everything()).some(has)) continue;
    const only = (await everything()).filter((command) => settable(command).includes(name));
    if (only.length > 0) {
      const names = only.map((command) => `commands.${command.name()}`).join(' or ');
      throw unknown(sections, at, `Set it in ${names}: it is not the same in all commands.`);
    }
    const names = (await everything()).flatMap((command) =>
      command.options.filter(isShared).map(({ long }) => long!.slice(2)),
    );
    throw unknown(sections, at, suggestion(name, [...new Set(names)].toSorted()));
  }
  for (const [name, flags] of Object.entries(sections.commands)) {
    const command =
      known.find((one) => one.name() === name) ??
      (await everything()).find((one) => one.name() === name);
    if (command === undefined) {
      const names = (await everything()).map((one) => one.name());
      throw unknown(sections, ['commands', name], suggestion(name, names));
    }
    for (const flag of Object.keys(flags)) {
      const at = ['commands', name, flag];
      refuse(flag, sections, at);
      const names = settable(command);
      if (!names.includes(flag)) throw unknown(sections, at, suggestion(flag, names));
    }
  }
};

/** What is deleted, and what key is made, must be typed: such flags have no variable. */
const settable = (command: Command): readonly string[] =>
  command.options
    .filter(({ long, envVar }) => envVar !== undefined || long === '--secret-env')
    .map(({ long }) => long!.slice(2))
    .filter((name) => !REFUSED.has(name));

const refuse = (name: string, sections: FlagSections, at: Path): void => {
  const hint = REFUSED.get(name);
  if (hint === undefined) return;
  throw new AuthlogError('USAGE', `${sections.place(at)} does not belong into a file`, hint);
};

const unknown = (sections: FlagSections, at: Path, hint: string): AuthlogError =>
  new AuthlogError('USAGE', `${sections.place(at)} is not known`, hint);
