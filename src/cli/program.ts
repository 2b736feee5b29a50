import { Command, CommanderError, type Option } from 'commander';
import {
  addOutputFlags,
  addReadFlags,
  analyzeOptions,
  type AnalyzeFlags,
  type ReadFlags,
} from './flags.ts';
import { maskTokens } from '../source/fields/mask.ts';
import type { Host } from './host.ts';

type Runner<F> = (
  sources: readonly string[],
  flags: F,
  host: Host,
  isTyped: (flag: string) => boolean,
) => Promise<number>;

/** Parses the command line and runs the command; returns its exit code. */
export const run = async (
  args: readonly string[],
  host: Host,
  version: string,
): Promise<number> => {
  let exitCode = 0;
  const program = createProgram(args[0], host, version, (code) => {
    exitCode = code;
  });
  try {
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
};

const COMMANDS = ['analyze', 'events', 'explain'] as const;

const createProgram = (
  first: string | undefined,
  host: Host,
  version: string,
  exit: (code: number) => void,
): Command => {
  const named = COMMANDS.find((name) => name === first) ?? null;
  const program = new Command('authlog')
    .description('Finds, verifies and summarises the JSON Web Tokens in authentication logs.')
    .version(version, '-V, --version')
    .showHelpAfterError('(authlog --help shows what there is)')
    .exitOverride()
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(withoutSecrets(text)),
    })
    .addHelpText('after', EXAMPLES);

  addSourceCommand<AnalyzeFlags>(
    program,
    'analyze',
    'who got in, who should not have, what expires',
    {
      host,
      exit,
      named,
      options: analyzeOptions,
      load: async () => (await import('./commands/analyze.ts')).runAnalyze,
    },
  );
  addSourceCommand<ReadFlags>(
    program,
    'events',
    'one line of NDJSON for each token, in the order of the log',
    {
      host,
      exit,
      named,
      options: () => [],
      load: async () => (await import('./commands/events.ts')).runEvents,
    },
  );
  addSourceCommand<ReadFlags>(
    program,
    'explain',
    'why the tokens of one line (FILE:LINE, or a line on stdin) got their verdict',
    {
      host,
      exit,
      named,
      options: () => [],
      load: async () => (await import('./commands/explain.ts')).runExplain,
    },
  );
  return program;
};

/** The parser repeats what was typed: a token in the wrong place, `--secrt=VALUE`. */
const withoutSecrets = (text: string): string =>
  maskTokens(text)
    .replace(/^error: /, 'authlog: ')
    .replace(/(unknown option '[^'=]*)=[^']*/s, '$1');

interface Wiring<F> {
  readonly host: Host;
  readonly exit: (code: number) => void;
  /** The command that was asked for, where that is plain. */
  readonly named: string | null;
  readonly options: () => readonly Option[];
  readonly load: () => Promise<Runner<F>>;
}

const addSourceCommand = <F>(
  program: Command,
  name: string,
  description: string,
  { host, exit, named, options, load }: Wiring<F>,
): void => {
  const command = program.command(name).description(description);
  // The flags of the other commands are not looked at, and to make them takes time.
  if (named !== null && named !== name) return;
  addOutputFlags(addReadFlags(command), options());
  command.addHelpText('after', ENVIRONMENT);
  command.action(async (sources: string[], flags: F) => {
    if (sources.length === 0 && host.stdin.isTTY === true) command.help({ error: true });
    const isTyped = (flag: string): boolean => command.getOptionValueSource(flag) === 'cli';
    exit(await (await load())(sources, flags, host, isTyped));
  });
};

/** Description and default; that every flag has its AUTHLOG_ variable is said once. */
const describeOption = ({
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

const ENVIRONMENT = `
Every flag can also be set as an environment variable: --secret-file as AUTHLOG_SECRET_FILE.
A flag on the command line wins.
`;

const EXAMPLES = `
Examples:
  authlog analyze auth_logs.log --secret-file secret
  authlog analyze '/var/log/app/*.log*' --key jwks.json --since 24h
  authlog analyze access.log --secret-file secret --json | jq '.users[0]'
  journalctl -u api | authlog analyze - --key public.pem
  authlog explain auth_logs.log:17 --secret-file secret
`;
