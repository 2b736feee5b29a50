import type { Argument, Command, Help, HelpConfiguration, Option } from 'commander';
import { guideOf } from './guide.ts';
import type { Host, Output } from './host.ts';

const PLAIN_WIDTH = 80;
const WIDEST = 100;
const NARROWEST = 40;

/** Columns of a help text: those of the terminal, at most 100; 80 where there is none. */
export const helpWidth = ({ env }: Host, stream: Output): number => {
  const columns = (stream.isTTY === true ? stream.columns : undefined) ?? Number(env['COLUMNS']);
  return columns > 0 ? Math.min(WIDEST, Math.max(NARROWEST, columns)) : PLAIN_WIDTH;
};

/** Description, choices and default; that every flag has its AUTHLOG_ variable is said once. */
export const describeOption = ({
  description,
  argChoices,
  defaultValue,
  defaultValueDescription,
}: Option): string => {
  const notes = [];
  if (argChoices !== undefined) notes.push(argChoices.join(', '));
  const shown =
    defaultValueDescription ?? (typeof defaultValue === 'boolean' ? undefined : defaultValue);
  if (shown !== undefined) notes.push(`default: ${String(shown)}`);
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
};

/** Words of a shell: what is quoted, or run by another shell, stays whole. */
const WORD = /(?:'[^']*'|"[^"]*"|\$\([^)]*\)|\S)+/g;

/** An example on lines that can be copied as they are, each but the last ended by a backslash. */
const shellLines = (example: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = ' ';
  for (const word of example.match(WORD) ?? []) {
    if (line.length + 1 + word.length + 2 > width && line.trim() !== '') {
      lines.push(`${line} \\`);
      line = '   ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
};

/** `Title:` over indented lines; nothing where there are none. */
const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines, ''];

/** What the command does, how it is called, then all of its flags under their headings. */
const formatHelp = (command: Command, helper: Help): string => {
  const { examples, notes } = guideOf(command);
  const width = helper.helpWidth ?? PLAIN_WIDTH;
  const column = helper.padWidth(command, helper);
  const item = (term: string, description: string): string =>
    helper.formatItem(term, column, description, helper);
  const about = command.parent === null ? '' : `${nameOf(command)}: `;
  const groups = [
    ...helper.groupItems([...command.options], helper.visibleOptions(command), headingOf),
  ];
  const commands = helper.groupItems(
    [...command.commands],
    helper.visibleCommands(command),
    (one) => one.helpGroup() || (one.name() === 'help' ? 'Set up:' : 'Commands:'),
  );
  return [
    helper.boxWrap(about + helper.commandDescription(command), width),
    '',
    ...section(
      'Examples:',
      examples.flatMap((example) => shellLines(example, width)),
    ),
    ...helper.boxWrap(`Usage: ${helper.commandUsage(command)}`, width).split('\n'),
    '',
    ...section(
      'Arguments:',
      helper
        .visibleArguments(command)
        .map((one: Argument) => item(one.name(), helper.argumentDescription(one))),
    ),
    ...[...commands].flatMap(([title, ones]) =>
      section(
        title,
        ones.map((one) => item(one.name(), helper.subcommandDescription(one))),
      ),
    ),
    ...groups.flatMap(([title, options]) =>
      section(
        title,
        options.map((one) => item(helper.optionTerm(one), describeOption(one))),
      ),
    ),
    ...notes.flatMap((note) => [helper.boxWrap(note, width), '']),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
};

const headingOf = (option: Option): string => option.helpGroupHeading ?? 'Options:';

/** `authlog config check` */
export const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

/** How every command shows its help. */
export const HELP: HelpConfiguration = {
  formatHelp,
  minWidthToWrap: 20,
  subcommandTerm: (command) => command.name(),
};
