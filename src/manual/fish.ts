import { placedCommands, type CommandText, type FlagText, type Placed } from './description.ts';

/** The completion of fish, from 3.0 on. */
export const fishCompletion = (program: CommandText): string => {
  const placed = placedCommands(program);
  return [
    `# fish completion of authlog. Made by: authlog completion fish.

# Whether exactly these commands stand before the cursor.
function __authlog_at
    set -l found
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case '--'
                break
            case ${valueFlags(placed)}
                set skip 1
            case '-*'
                continue
            case '*'
                contains -- "$found $word" ${paths(placed)}
                and set found (string trim -- "$found $word")
        end
    end
    test "$found" = "$argv"
end

complete -c authlog -f`,
    ...placed.flatMap(linesOf),
    '',
  ].join('\n');
};

/** Everything after which a word is no command, where it is written apart. */
const valueFlags = (placed: readonly Placed[]): string => {
  const flags = placed.flatMap(({ command }) => command.flags.filter(({ value }) => value !== ''));
  const names = flags.flatMap(({ short, long }) => (short === null ? [long] : [short, long]));
  return [...new Set(names)].toSorted().join(' ');
};

/** `" analyze"`, `"config check"`: as the function adds them up. */
const paths = (placed: readonly Placed[]): string =>
  placed
    .filter(({ words }) => words.length > 0)
    .map(({ words }) => quote(words.length === 1 ? ` ${words[0]!}` : words.join(' ')))
    .join(' ');

const linesOf = ({ words, command }: Placed): readonly string[] => {
  const at = `complete -c authlog -n '${['__authlog_at', ...words].join(' ')}'`;
  return [
    '',
    `# authlog ${words.join(' ')}`.trimEnd(),
    ...command.commands.map(({ name, summary }) => `${at} -a ${name} -d ${quote(summary)}`),
    ...command.arguments
      .filter(({ values }) => values.length > 0)
      .map(
        ({ values, description }) => `${at} -a ${quote(values.join(' '))} -d ${quote(description)}`,
      ),
    ...(command.arguments.some(({ takesFile }) => takesFile) ? [`${at} -F`] : []),
    ...command.flags.map((flag) => `${at} ${partsOf(flag).join(' ')}`),
  ];
};

const partsOf = (flag: FlagText): readonly string[] => {
  const { short, long, value, takesFile, isList, values, description } = flag;
  return [
    ...(short === null ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.slice(2)}`,
    ...(value === '' ? [] : [takesFile ? '-r -F' : '-x']),
    ...(values.length === 0 ? [] : [`-a ${quote(valuesOf(values, isList))}`]),
    `-d ${quote(description)}`,
  ];
};

const valuesOf = (values: readonly string[], isList: boolean): string =>
  isList ? `(__fish_append , ${values.join(' ')})` : values.join(' ');

const quote = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
