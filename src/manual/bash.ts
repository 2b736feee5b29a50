import {
  placedCommands,
  spellings,
  type CommandText,
  type FlagText,
  type Placed,
} from './description.ts';

/** The completion of bash, from 3.2 on; it needs nothing beside the shell. */
export const bashCompletion = (program: CommandText): string => {
  const placed = placedCommands(program);
  return `# bash completion of authlog. Made by: authlog completion bash.
_authlog() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev= path= word= skip= bare= i
  local values= list= files= takes=
  ((COMP_CWORD > 0)) && prev=\${COMP_WORDS[COMP_CWORD - 1]}
  # The shell cuts words at = (and :), so that --flag=value is three of them.
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' ]] && ((COMP_CWORD > 1)); then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $skip ]]; then
      [[ $word == '=' ]] || skip=
      continue
    fi
    case $word in
      --) bare=1; break ;;
      -*) _authlog_flag "$path" "$word"; skip=$takes ;;
      =) ;;
      *)
        case $path:$word in
${indent(8, pathCases(placed))}
        esac
        ;;
    esac
  done
  values= list= files= takes=
  COMPREPLY=()
  if [[ -z $bare && $prev == -* ]]; then
    _authlog_flag "$path" "$prev"
    if [[ -n $takes ]]; then
      _authlog_reply "$cur"
      return
    fi
  fi
  values= list= files=
  if [[ -z $bare && $cur == -* ]]; then
    _authlog_flags "$path"
  else
    _authlog_words "$path"
  fi
  _authlog_reply "$cur"
}

# The words in values, the last one of a list with commas, or files.
_authlog_reply() {
  local cur=$1 before= line
  if [[ -n $list && $cur == *,* ]]; then
    before=\${cur%,*},
    cur=\${cur##*,}
  fi
  if [[ -n $values ]]; then
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(compgen -P "$before" -W "$values" -- "$cur")
  fi
  if [[ -n $files ]]; then
    type compopt &>/dev/null && compopt -o filenames 2>/dev/null
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(compgen -f -- "$cur")
  fi
}

# What a flag takes: values, list, files; takes is empty where it takes nothing.
_authlog_flag() {
  values= list= files= takes=
  case $1:$2 in
${indent(4, flagCases(placed))}
  esac
}

# The flags of a command.
_authlog_flags() {
  case $1 in
${indent(
  4,
  placed.map(({ words, command }) => `${patternOf(words)}) values='${wordsOf(command)}' ;;`),
)}
  esac
}

# What may stand in a command where no flag stands.
_authlog_words() {
  case $1 in
${indent(4, wordCases(placed))}
  esac
}

complete -F _authlog authlog
`;
};

const indent = (columns: number, lines: readonly string[]): string =>
  lines.map((line) => ' '.repeat(columns) + line).join('\n');

/** The commands so far as one word: `config/check`, empty for none. */
const pathOf = (words: readonly string[]): string => words.join('/');

const patternOf = (words: readonly string[]): string => pathOf(words) || "''";

/** How a word leads from one command to the next. */
const pathCases = (placed: readonly Placed[]): readonly string[] =>
  placed
    .filter(({ words }) => words.length > 0)
    .map(({ words }) => {
      const before = pathOf(words.slice(0, -1));
      return `${before}:${words.at(-1)}) path=${pathOf(words)} ;;`;
    });

const wordsOf = (command: CommandText): string => command.flags.flatMap(spellings).join(' ');

const takesOf = ({ takesFile, isList, values }: FlagText): string => {
  const parts = ['takes=1'];
  if (values.length > 0) parts.push(`values='${values.join(' ')}'`);
  if (isList) parts.push('list=1');
  if (takesFile) parts.push('files=1');
  return parts.join(' ');
};

/** Flags that take the same stand in one case. */
const flagCases = (placed: readonly Placed[]): readonly string[] => {
  const byTaken = new Map<string, string[]>();
  for (const { words, command } of placed) {
    for (const flag of command.flags.filter(({ value }) => value !== '')) {
      const patterns = spellings(flag).map((one) => `${pathOf(words)}:${one}`);
      byTaken.set(takesOf(flag), [...(byTaken.get(takesOf(flag)) ?? []), ...patterns]);
    }
  }
  return [...byTaken].map(([taken, patterns]) => `${patterns.join(' | ')}) ${taken} ;;`);
};

const wordCases = (placed: readonly Placed[]): readonly string[] =>
  placed.flatMap(({ words, command }) => {
    const names = [
      ...command.commands.map(({ name }) => name),
      ...command.arguments.flatMap(({ values }) => values),
    ];
    const parts = [
      ...(names.length > 0 ? [`values='${names.join(' ')}'`] : []),
      ...(command.arguments.some(({ takesFile }) => takesFile) ? ['files=1'] : []),
    ];
    return parts.length === 0 ? [] : [`${patternOf(words)}) ${parts.join(' ')} ;;`];
  });
