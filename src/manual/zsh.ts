import { placedCommands, type CommandText, type FlagText, type Placed } from './description.ts';

/** The completion of zsh, from 5.0 on: as a file `_authlog` in fpath, or read by `source`. */
export const zshCompletion = (program: CommandText): string =>
  [
    `#compdef authlog
# zsh completion of authlog. Made by: authlog completion zsh.
`,
    ...placedCommands(program).map(functionOf),
    `if [[ $funcstack[1] == _authlog ]]; then
  _authlog "$@"
else
  compdef _authlog authlog
fi
`,
  ].join('\n');

const nameOf = (words: readonly string[]): string => ['_authlog', ...words].join('_');

/** Lines of one shell command. */
const joined = (specs: readonly string[]): string => specs.join(' \\\n    ');

const functionOf = ({ words, command }: Placed): string => {
  const flags = command.flags.map(specOf);
  if (command.commands.length === 0) {
    const operands = command.arguments.map(operandOf);
    return `${nameOf(words)}() {
  _arguments -s -S \\
    ${joined([...flags, ...operands])}
}
`;
  }
  const names = command.commands.map(({ name }) => name);
  const entries = command.commands.map(({ name, summary }) =>
    quote(`${name}:${summary.replaceAll(':', String.raw`\:`)}`),
  );
  return `${nameOf(words)}() {
  local curcontext=$curcontext state line
  local -a commands
  typeset -A opt_args
  _arguments -C -S \\
    ${joined([...flags, "'1:command:->command'", "'*::argument:->argument'"])}
  case $state in
    command)
      commands=(
        ${entries.join('\n        ')}
      )
      _describe -t commands 'authlog command' commands
      ;;
    argument)
      case $words[1] in
        ${names.map((name) => `${name}) ${nameOf([...words, name])} ;;`).join('\n        ')}
      esac
      ;;
  esac
}
`;
};

/** What `_arguments` is told of a flag. */
const specOf = (flag: FlagText): string => {
  const { short, long, value, isRepeatable } = flag;
  const taken = value === '' ? '' : `:${value.replaceAll(':', '')}:${actionOf(flag)}`;
  const text = `[${escapeText(flag.description)}]${taken}`;
  const suffix = value === '' ? '' : '=';
  if (short === null) {
    return quote(`${isRepeatable ? '*' : ''}${long}${suffix}${text}`);
  }
  const spelt = `{${short}${value === '' ? '' : '+'},${long}${suffix}}`;
  return isRepeatable
    ? `${quote('*')}${spelt}${quote(text)}`
    : `${quote(`(${short} ${long})`)}${spelt}${quote(text)}`;
};

const actionOf = ({ values, isList, takesFile }: FlagText): string => {
  if (values.length > 0) {
    return isList ? `_sequence compadd - ${values.join(' ')}` : `(${values.join(' ')})`;
  }
  return takesFile ? '_files' : ' ';
};

const operandOf = ({ term, name, values, takesFile }: CommandText['arguments'][number]): string => {
  const action = values.length > 0 ? `(${values.join(' ')})` : takesFile ? '_files' : ' ';
  const many = term.includes('...') ? '*' : term.startsWith('[') ? ':' : '';
  return quote(many === ':' ? `::${name}:${action}` : `${many}:${name}:${action}`);
};

/** A description stands in brackets, and a colon ends it. */
const escapeText = (text: string): string => text.replace(/[\\[\]:]/g, String.raw`\$&`);

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
