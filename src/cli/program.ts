import { Command, CommanderError, type Option } from 'commander';
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

interface OwnCommand {
  readonly name: string;
  readonly description: string;
  /** Loaded only for the command that was asked for. */
  readonly load: () => Promise<Define>;
}

/** The commands with flags of their own. */
const OWN: readonly OwnCommand[] = [
  {
    name: 'redact',
    description: 'the same log, tokens masked, still analysable',
    load: async () => (await import('./define/redact.ts')).defineRedact,
  },
  {
    name: 'audit',
    description: 'what happened: findings of the detection rules, with evidence',
    load: async () => (await import('./define/audit.ts')).defineAudit,
  },
  {
    name: 'ingest',
    description: 'verified events into a store, each line of a log once for ever',
    load: async () => (await import('./define/ingest.ts')).defineIngest,
  },
  {
    name: 'compare',
    description: 'what is new, gone, grown or shrunk between two windows of time',
    load: async () => (await import('./define/compare.ts')).defineCompare,
  },
  {
    name: 'merge',
    description: 'one summary of the tallies of many machines',
    load: async () => (await import('./define/merge.ts')).defineMerge,
  },
  {
    name: 'forget',
    description: 'delete old events, or those of one user, from a store',
    load: async () => (await import('./define/forget.ts')).defineForget,
  },
  {
    name: 'issue',
    description: 'sign a token, or make a key to sign with',
    load: async () => (await import('./define/issue.ts')).defineIssue,
  },
  {
    name: 'record',
    description: 'append auth events to a log or a store',
    load: async () => (await import('./define/record.ts')).defineRecord,
  },
  {
    name: 'verify-log',
    description: 'find the first record of a chained log that was edited, inserted or deleted',
    load: async () => (await import('./define/verify-log.ts')).defineVerifyLog,
  },
  {
    name: 'guard',
    description: 'forward-auth endpoint: verify the bearer token, record the access',
    load: async () => (await import('./define/guard.ts')).defineGuard,
  },
  {
    name: 'serve',
    description: 'the report of a store as a live page, with sign-in',
    load: async () => (await import('./define/serve.ts')).defineServe,
  },
  {
    name: 'config',
    description: 'check the settings of authlog audit',
    load: async () => (await import('./define/config.ts')).defineConfig,
  },
];

const createProgram = async (
  first: string | undefined,
  host: Host,
  version: string,
  exit: (code: number) => void,
): Promise<Command> => {
  const named = [...READERS, ...OWN.map(({ name }) => name)].find((name) => name === first) ?? null;
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
  addSourceCommand<EventsFlags>(
    program,
    'events',
    'one line of NDJSON for each token, in the order of the log; a DuckDB store also -o FILE.parquet',
    {
      host,
      exit,
      named,
      options: eventsOptions,
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
  for (const { name, description, load } of OWN) {
    const command = program.command(name).description(description);
    if (named === null || named === name) (await load())(command, host, exit);
  }
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
  authlog issue --secret-file secret --user-id 12345 --email johndoe@example.com
  authlog guard --secret-file secret --record auth.jsonl
  authlog ingest /var/log/app/auth.log --key jwks.json --store duckdb:history.duckdb
`;
