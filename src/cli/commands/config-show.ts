import { Writable } from 'node:stream';
import { CommanderError, type Command, type Option } from 'commander';
import { suggestion } from '../../config/nearest.ts';
import { AuthlogError } from '../../errors.ts';
import { escapeText } from '../../report/escape.ts';
import { maskTokens } from '../../source/fields/mask.ts';
import { linesOf } from '../config-flags.ts';
import { hasPassword } from '../config-value.ts';
import type { ConfigShowFlags } from '../define/config.ts';
import type { Host } from '../host.ts';
import { createProgram } from '../program.ts';
import { streamSink } from '../write.ts';

/** One flag as it holds. */
interface Holding {
  readonly flag: string;
  /** Null where it is not set. */
  readonly value: string | number | boolean | readonly string[] | null;
  readonly origin: 'flag' | 'environment' | 'file' | 'default';
  /** The variable, or file and line; null for the others. */
  readonly place: string | null;
}

interface Shown {
  readonly command: string;
  readonly flags: readonly Holding[];
}

/** `authlog config show`: what each flag is set to, without running the command. */
export const runConfigShow = async (
  name: string | null,
  args: readonly string[],
  flags: ConfigShowFlags,
  host: Host,
): Promise<number> => {
  const program = await createProgram(undefined, host, '', () => undefined);
  const known = program.commands
    .filter(({ options }) => options.some(({ long }) => long === '--config'))
    .map((command) => command.name());
  if (name !== null && !known.includes(name)) {
    const what = `there is no command ${escapeText(maskTokens(name))} with flags to show`;
    throw new AuthlogError('USAGE', what, suggestion(name, known));
  }
  const shown: Shown[] = [];
  for (const one of name === null ? known : [name]) {
    const command = await parsed(one, args, flags, host);
    const all = command.options.filter(({ long }) => long !== '--config');
    const holdings = all.map((option) => holdingOf(option, command));
    const kept = name === null ? holdings.filter(({ origin }) => origin !== 'default') : holdings;
    if (name !== null || kept.length > 0) shown.push({ command: one, flags: kept });
  }
  const sink = streamSink(host.stdout, 'standard output');
  const document = { schema: 'authlog.flags/1', commands: shown };
  await sink.write(
    flags.json === true
      ? `${JSON.stringify(document, null, 2)}\n`
      : textOf(shown, flags.origin === true),
  );
  await sink.close();
  return 0;
};

/** The command with its flags set, as if it had been typed. */
const parsed = async (
  name: string,
  args: readonly string[],
  { config }: ConfigShowFlags,
  host: Host,
): Promise<Command> => {
  let said = '';
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      said += chunk.toString();
      done();
    },
  });
  // The remark of a run is not for here; a fault in the flags is.
  const quiet = Object.create(host, { stderr: { value: stderr } }) as Host;
  const program = await createProgram(name, quiet, '', () => undefined);
  const command = program.commands.find((one) => one.name() === name)!;
  for (const argument of command.registeredArguments) argument.argOptional();
  command.action(() => undefined);
  const file = config === undefined ? [] : [`--config=${config}`];
  try {
    await program.parseAsync([name, ...file, ...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) host.stderr.write(said);
    throw error;
  }
  return command;
};

const ORIGINS = { cli: 'flag', env: 'environment', config: 'file' } as const;

const holdingOf = (option: Option, command: Command): Holding => {
  const key = option.attributeName();
  const value = command.getOptionValue(key) as unknown;
  const source = command.getOptionValueSource(key) ?? 'default';
  const isSet = source in ORIGINS && !isOfTwin(option, value, command);
  const origin = isSet ? ORIGINS[source as keyof typeof ORIGINS] : 'default';
  const places = { environment: option.envVar, file: linesOf(command).get(key) };
  return {
    flag: option.long ?? option.flags,
    value: isSet || source === 'default' ? valueOf(option, value, origin) : offOf(option),
    origin,
    place: origin === 'environment' || origin === 'file' ? (places[origin] ?? null) : null,
  };
};

/** `--record` and `--no-record` share a value: what one of them set is not the other's. */
const isOfTwin = (option: Option, value: unknown, { options }: Command): boolean => {
  const key = option.attributeName();
  if (options.filter((one) => one.attributeName() === key).length < 2) return false;
  return option.negate !== (value === false);
};

const offOf = (option: Option): false | null => (option.negate ? false : null);

const HIDDEN: ReadonlySet<string> = new Set(['--secret', '--token']);

const valueOf = (option: Option, value: unknown, origin: string): Holding['value'] => {
  if (option.negate) return value === false;
  if (option.isBoolean()) return value === true;
  if (value === undefined || value === null) return null;
  if (HIDDEN.has(option.long ?? '')) return '(not shown)';
  if (origin === 'default' && option.defaultValueDescription !== undefined) {
    return option.defaultValueDescription;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((word) => shownText(String(word)));
  if (value instanceof Set) return [...value].map((word) => shownText(String(word)));
  return typeof value === 'string' ? shownText(value) : null;
};

const shownText = (text: string): string =>
  hasPassword(text) ? text.replace(/:[^/@\s]*@/, ':(not shown)@') : maskTokens(text);

const textOf = (shown: readonly Shown[], withOrigin: boolean): string => {
  if (shown.length === 0) return 'nothing is set: all flags have their defaults\n';
  const rows = shown.flatMap(({ flags }) => flags);
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  const values = rows.map(({ value }) => cellOf(value).length);
  const column = Math.min(40, Math.max(...values));
  return shown
    .map(({ command, flags }) => {
      const lines = flags.map(({ flag, value, origin, place }) => {
        const cell = cellOf(value);
        const from = withOrigin
          ? `  ${cell.padEnd(column)}  ${originText(origin, place)}`
          : `  ${cell}`;
        return `  ${flag.padEnd(width)}${from}`.trimEnd();
      });
      return `authlog ${command}\n${lines.join('\n')}\n`;
    })
    .join('\n');
};

const originText = (origin: Holding['origin'], place: string | null): string =>
  escapeText(place ?? origin);

const cellOf = (value: Holding['value']): string => {
  if (value === null) return '-';
  return escapeText(Array.isArray(value) ? value.join(', ') : String(value));
};
