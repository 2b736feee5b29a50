import type { Command, Option } from 'commander';
import { LEVELS } from '../audit/level.ts';
import { RULES } from '../audit/rules/index.ts';
import { SIGNATURE_ALGS } from '../keys/algs.ts';
import type { ArgumentText, CommandText, FlagText } from '../manual/description.ts';
import { placeholderOf, takesFile } from './config-value.ts';
import { FAIL_ON } from './fail-on.ts';
import { guideOf } from './guide.ts';
import { describeOption } from './help.ts';
import type { Host } from './host.ts';
import { createProgram } from './program.ts';
import { collect } from './values.ts';

/** The program with all of its commands, for completions and the manual. */
export const describeProgram = async (host: Host): Promise<CommandText> => {
  const program = await createProgram(undefined, host, '', () => undefined);
  return describeCommand(program);
};

const describeCommand = (command: Command): CommandText => {
  const helper = command.createHelp();
  const { examples, notes } = guideOf(command);
  const commands = helper.visibleCommands(command).filter((one) => one.name() !== 'help');
  return {
    name: command.name(),
    summary: command.description(),
    arguments: command.registeredArguments.map(describeArgument),
    flags: helper.visibleOptions(command).map((option) => describeFlag(option, command.name())),
    commands: commands.map(describeCommand),
    examples,
    notes,
  };
};

const describeArgument = (argument: Command['registeredArguments'][number]): ArgumentText => {
  const { argChoices = [], description, required, variadic } = argument;
  const name = argument.name();
  const many = variadic ? '...' : '';
  return {
    name,
    term: required ? `<${name}${many}>` : `[${name}${many}]`,
    description,
    takesFile: FILES.has(name),
    values: argChoices,
  };
};

/** Arguments that are paths, or may be. */
const FILES: ReadonlySet<string> = new Set(['source', 'file', 'tally', 'store']);

const describeFlag = (option: Option, command: string): FlagText => {
  const long = option.long ?? option.flags;
  return {
    short: option.short ?? null,
    long,
    value: placeholderOf(option),
    takesFile: takesFile(option),
    isList: placeholderOf(option) === 'list',
    isRepeatable: option.parseArg === collect && /repeatable/.test(option.description),
    values: option.argChoices ?? LIKELY.get(`${command} ${long}`) ?? LIKELY.get(long) ?? [],
    description: option.description,
    detail: describeOption(option),
    group: (option.helpGroupHeading ?? 'Options:').replace(/:$/, ''),
    variable: option.envVar ?? null,
  };
};

/** Words that flags take whose parsers, not lists of choices, say what is right. */
const LIKELY: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['--alg', SIGNATURE_ALGS],
  ['--fail-on', FAIL_ON],
  ['audit --fail-on', LEVELS],
  ['--enable', RULES.map(({ id }) => id)],
  ['--disable', RULES.map(({ id }) => id)],
  ['--anonymize-ip', ['1', '2', '3']],
]);
