/** A flag, as completions and the manual tell of it. */
export interface FlagText {
  /** `-o`, null where there is none. */
  readonly short: string | null;
  /** `--output` */
  readonly long: string;
  /** What stands for its value: `file`; empty for a flag without one. */
  readonly value: string;
  readonly takesFile: boolean;
  /** Whether the value is several words with commas between them. */
  readonly isList: boolean;
  readonly isRepeatable: boolean;
  /** The only values that there are, or those that are likely; empty where any will do. */
  readonly values: readonly string[];
  readonly description: string;
  /** The same with its values and its default. */
  readonly detail: string;
  /** Its heading, without colon. */
  readonly group: string;
  /** The variable that sets it too: `AUTHLOG_OUTPUT`. */
  readonly variable: string | null;
}

/** What stands behind a command. */
export interface ArgumentText {
  readonly name: string;
  /** `[source...]` */
  readonly term: string;
  readonly description: string;
  readonly takesFile: boolean;
  readonly values: readonly string[];
}

/** The program, one of its commands, or one of theirs. */
export interface CommandText {
  /** The last word: `check` of `authlog config check`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly ArgumentText[];
  /** Those that the help shows. */
  readonly flags: readonly FlagText[];
  readonly commands: readonly CommandText[];
  readonly examples: readonly string[];
  readonly notes: readonly string[];
}

/** A command and all words that lead to it, the program's name not among them. */
export interface Placed {
  readonly words: readonly string[];
  readonly command: CommandText;
}

/** Every command with words of its own, in their order; the program itself first. */
export const placedCommands = (
  command: CommandText,
  words: readonly string[] = [],
): readonly Placed[] => [
  { words, command },
  ...command.commands.flatMap((one) => placedCommands(one, [...words, one.name])),
];

/** Flags that take a value, by all of their spellings. */
export const spellings = ({ short, long }: FlagText): readonly string[] =>
  short === null ? [long] : [short, long];
