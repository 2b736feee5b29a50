import { Command, CommanderError, Option } from 'commander';
import {
  addOutputFlags,
  addReadFlags,
  analyzeOptions,
  eventsOptions,
  type AnalyzeFlags,
  type EventsFlags,
  type ReadFlags,
} from './flags.ts';
import { maskTokens } from '../source/fields/mask.ts';
import { addGuide, ANALYZE, AUTHLOG, EVENTS, EXPLAIN, type Guide } from './guide.ts';
import { HELP, helpWidth } from './help.ts';
import type { Host } from './host.ts';
import { addSettings, applySettings } from './settings.ts';

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
  try {
    const program = await createProgram(args[0], host, version, (code) => {
      exitCode = code;
    });
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
};

const READERS = ['analyze', 'events', 'explain'] as const;

/** Adds arguments, flags and action to a command. */
export type Define = (command: Command, host: Host, exit: (code: number) => void) => void;

/** Headings of the list of commands. */
const READ = 'Read logs and stores:';
const MAKE = 'Tokens and events:';
const KEEP = 'History:';
const SETUP = 'Set up:';

interface OwnCommand {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  /** Loaded only for the command that was asked for. */
  readonly load: () => Promise<Define>;
}

/** The commands with flags of their own. */
const OWN: readonly OwnCommand[] = [
  {
    name: 'redact',
    group: READ,
    description: 'the same log, tokens masked, still analysable',
    load: async () => (await import('./define/redact.ts')).defineRedact,
  },
  {
    name: 'audit',
    group: READ,
    description: 'what happened: findings of the detection rules, with evidence',
    load: async () => (await import('./define/audit.ts')).defineAudit,
  },
  {
    name: 'ingest',
    group: KEEP,
    description: 'verified events into a store, each line of a log once for ever',
    load: async () => (await import('./define/ingest.ts')).defineIngest,
  },
  {
    name: 'compare',
    group: READ,
    description: 'what is new, gone, grown or shrunk between two windows of time',
    load: async () => (await import('./define/compare.ts')).defineCompare,
  },
  {
    name: 'merge',
    group: READ,
    description: 'one summary of the tallies of many machines',
    load: async () => (await import('./define/merge.ts')).defineMerge,
  },
  {
    name: 'forget',
    group: KEEP,
    description: 'delete old events, or those of one user, from a store',
    load: async () => (await import('./define/forget.ts')).defineForget,
  },
  {
    name: 'issue',
    group: MAKE,
    description: 'sign a token, or make a key to sign with',
    load: async () => (await import('./define/issue.ts')).defineIssue,
  },
  {
    name: 'record',
    group: MAKE,
    description: 'append auth events to a log or a store',
    load: async () => (await import('./define/record.ts')).defineRecord,
  },
  {
    name: 'verify-log',
    group: MAKE,
    description: 'find the first record of a chained log that was edited, inserted or deleted',
    load: async () => (await import('./define/verify-log.ts')).defineVerifyLog,
  },
  {
    name: 'guard',
    group: MAKE,
    description: 'forward-auth endpoint: verify the bearer token, record the access',
    load: async () => (await import('./define/guard.ts')).defineGuard,
  },
  {
    name: 'serve',
    group: KEEP,
    description: 'the report of a store as a live page, with sign-in',
    load: async () => (await import('./define/serve.ts')).defineServe,
  },
  {
    name: 'config',
    group: SETUP,
    description: 'the configuration file: whether it is right, and where each flag comes from',
    load: async () => (await import('./define/config.ts')).defineConfig,
  },
  {
    name: 'completion',
    group: SETUP,
    description: 'a script that completes commands, flags and values in bash, zsh or fish',
    load: async () => (await import('./define/completion.ts')).defineCompletion,
  },
];

/** Everything that can be typed; of the commands only `first` has its flags, or all where it is none. */
export const createProgram = async (
  first: string | undefined,
  host: Host,
  version: string,
  exit: (code: number) => void,
): Promise<Command> => {
  const named = [...READERS, ...OWN.map(({ name }) => name)].find((name) => name === first) ?? null;
  const program = new Command('authlog')
    .description('Finds, verifies and summarises the JSON Web Tokens in authentication logs.')
    .version(version, '-V, --version', 'print the version')
    .addHelpOption(new Option('-h, --help', 'print this help'))
    .helpCommand('help [command]', 'the same as --help of the command')
    .showHelpAfterError('(authlog --help shows what there is)')
    .exitOverride()
    .configureHelp(HELP)
    .configureOutput({
      getOutHelpWidth: () => helpWidth(host, host.stdout),
      getErrHelpWidth: () => helpWidth(host, host.stderr),
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(withoutSecrets(text)),
    });
  addGuide(program, AUTHLOG.examples, AUTHLOG.notes);
  program.commandsGroup(READ);

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
      guide: ANALYZE,
    },
  );
  addSourceCommand<EventsFlags>(
    program,
    'events',
    'one line of NDJSON for each token, in the order of the log',
    {
      host,
      exit,
      named,
      options: eventsOptions,
      load: async () => (await import('./commands/events.ts')).runEvents,
      guide: EVENTS,
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
      guide: EXPLAIN,
    },
  );
  for (const { name, group, description, load } of OWN) {
    const command = program.command(name).description(description).helpGroup(group);
    if (named === null || named === name) (await load())(command, host, exit);
  }
  program.commandsGroup(SETUP);
  program.commands.forEach(addSettings);
  program.hook('preAction', (_, command) => applySettings(command, host));
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
  readonly guide: Guide;
}

const addSourceCommand = <F>(
  program: Command,
  name: string,
  description: string,
  { host, exit, named, options, load, guide }: Wiring<F>,
): void => {
  const command = program.command(name).description(description);
  // The flags of the other commands are not looked at, and to make them takes time.
  if (named !== null && named !== name) return;
  addOutputFlags(addReadFlags(command), options());
  addGuide(command, guide.examples, guide.notes);
  command.action(async (sources: string[], flags: F) => {
    if (sources.length === 0 && host.stdin.isTTY === true) command.help({ error: true });
    const isTyped = (flag: string): boolean => command.getOptionValueSource(flag) === 'cli';
    exit(await (await load())(sources, flags, host, isTyped));
  });
};
