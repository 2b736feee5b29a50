import type { CommandText, FlagText, Placed } from './description.ts';
import { bold, item, italic, paragraph, roff, section, subsection, verbatim } from './roff.ts';

/** What stands at the head and foot of a page. */
export interface Edition {
  readonly version: string;
  /** `2026-11-27`; given, so that two makings are the same. */
  readonly date: string;
}

/** The pages of section 1 by their file names: of the program, and of each command. */
export const manualPages = (
  program: CommandText,
  edition: Edition,
): ReadonlyMap<string, string> => {
  const names = program.commands.map(({ name }) => `authlog-${name}`);
  const pages = program.commands.map((command): readonly [string, string] => {
    const others = ['authlog', ...names.filter((name) => name !== `authlog-${command.name}`)];
    return [`authlog-${command.name}.1`, page({ words: [command.name], command }, others, edition)];
  });
  return new Map([['authlog.1', page({ words: [], command: program }, names, edition)], ...pages]);
};

const page = (
  { words, command }: Placed,
  others: readonly string[],
  { version, date }: Edition,
): string => {
  const name = ['authlog', ...words].join('-');
  return `${[
    '.\\" Made by npm run manual: change src/cli instead.',
    `.TH ${roff(name.toUpperCase())} 1 ${date} "authlog ${version}" "authlog manual"`,
    section('NAME'),
    `${roff(name)} \\- ${roff(lowered(command.summary))}`,
    section('SYNOPSIS'),
    ...synopses(['authlog', ...words], command),
    section('DESCRIPTION'),
    paragraph(sentence(command.summary)),
    ...command.notes.map(paragraph),
    ...listOf(command),
    ...optionsOf(command),
    ...command.commands.filter(() => words.length > 0).flatMap(subcommand),
    section('EXIT STATUS'),
    ...EXITS.map(([code, means]) => item(bold(code), roff(means))),
    ...environmentOf(command),
    section('FILES'),
    ...FILES.map(([file, means]) => item(italic(file), roff(means))),
    section('EXAMPLES'),
    ...command.examples.map(verbatim),
    section('SEE ALSO'),
    others.map((other) => `.BR ${roff(other)} (1)`).join(' ,\n'),
  ].join('\n')}\n`;
};

const lowered = (text: string): string => text.replace(/\.$/, '');

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

const synopses = (words: readonly string[], command: CommandText): readonly string[] => {
  if (command.commands.length > 0 && words.length > 1) {
    return command.commands.flatMap((one) => synopses([...words, one.name], one));
  }
  const operands = command.arguments.map(({ term }) => italic(term));
  const rest = command.commands.length > 0 ? [italic('command')] : operands;
  return ['.PP', [bold(words.join(' ')), '[' + italic('options') + ']', ...rest].join(' ')];
};

/** Commands of the program, or what stands behind a command. */
const listOf = (command: CommandText): readonly string[] => [
  ...command.arguments.map(({ term, description }) => item(italic(term), roff(description))),
  ...(command.commands.length > 0 ? [section('COMMANDS')] : []),
  ...command.commands.map(({ name, summary }) => item(bold(name), roff(sentence(summary)))),
];

const optionsOf = (command: CommandText, heading = section('OPTIONS')): readonly string[] => {
  if (command.flags.length === 0) return [];
  const groups = new Map<string, FlagText[]>();
  for (const flag of command.flags) {
    groups.set(flag.group, [...(groups.get(flag.group) ?? []), flag]);
  }
  return [
    heading,
    ...[...groups].flatMap(([group, flags]) => [
      ...(groups.size > 1 ? [subsection(group)] : []),
      ...flags.map((flag) => item(termOf(flag), roff(sentence(flag.detail)))),
    ]),
  ];
};

const termOf = ({ short, long, value }: FlagText): string => {
  const names = (short === null ? [long] : [short, long]).map(bold).join(', ');
  return value === '' ? names : `${names} ${italic(value)}`;
};

const subcommand = (command: CommandText): readonly string[] => [
  section(command.name.toUpperCase()),
  paragraph(sentence(command.summary)),
  ...command.notes.map(paragraph),
  ...command.arguments.map(({ term, description }) => item(italic(term), roff(description))),
  ...command.flags.map((flag) => item(termOf(flag), roff(sentence(flag.detail)))),
];

const environmentOf = (command: CommandText): readonly string[] => {
  const flags = command.flags.filter(({ variable }) => variable !== null);
  return [
    section('ENVIRONMENT'),
    ...flags.map(({ variable, long }) => item(bold(variable!), `The same as ${bold(long)}.`)),
    ...VARIABLES.map(([name, means]) => item(bold(name), roff(means))),
  ];
};

const EXITS: readonly (readonly [string, string])[] = [
  ['0', 'Done. Bad tokens are findings, not errors; a closed pipe is fine.'],
  ['1', 'Something that --fail-on names occurred, or a log that verify-log checked was edited.'],
  ['2', 'Usage, configuration, or a key that cannot be used.'],
  ['3', 'An input could not be read to its end; the rest is reported.'],
  ['4', 'The output, the log or the store could not be written.'],
  ['75', 'Another run holds the lock.'],
  ['130, 143', 'Interrupted by SIGINT or SIGTERM.'],
];

const VARIABLES: readonly (readonly [string, string])[] = [
  ['AUTHLOG_SECRET', 'The shared secret, where no flag names a key.'],
  ['AUTHLOG_PAGER, PAGER', 'What shows long tables on a terminal; empty or cat for nothing.'],
  [
    'NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR, TERM',
    'Whether there is colour, in this order, where --color is auto.',
  ],
  ['FORCE_HYPERLINK', '0 for no links on a terminal, 1 for links on one that is not known.'],
];

const FILES: readonly (readonly [string, string])[] = [
  [
    'authlog.config.json, authlog.config.yaml, authlog.config.yml',
    'Settings and defaults of flags, in the working directory, else in $XDG_CONFIG_HOME/authlog (~/.config/authlog), else in /etc/authlog. The first one found is read.',
  ],
];
