import { dirname, resolve } from 'node:path';
import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import { pathText, type FlagValue, type Path } from './config.ts';
import { parseDocument } from './document.ts';
import { shownPath } from './find-config.ts';
import { readTextFile } from './text-file.ts';

const MOST_BYTES = 1024 * 1024;

/** What a configuration says of flags; the names are not looked at. */
export interface FlagSections {
  /** As messages call it. */
  readonly file: string;
  /** Absolute: relative paths in the file are relative to it. */
  readonly folder: string;
  readonly shared: Readonly<Record<string, FlagValue>>;
  readonly commands: Readonly<Record<string, Readonly<Record<string, FlagValue>>>>;
  /** `authlog.config.yaml:4` */
  line(path: Path): string;
  /** `authlog.config.yaml:4: flags.tz` */
  place(path: Path): string;
}

/** The sections `flags` and `commands` of a file, null where it has neither. Throws USAGE with the line that is wrong. */
export const readFlagSections = async (path: string, cwd: string): Promise<FlagSections | null> => {
  const full = resolve(cwd, path);
  const file = shownPath(full, cwd);
  const text = await readTextFile(full, MOST_BYTES, file);
  // The parser takes longer to load than a small log to read.
  if (!/\b(?:flags|commands)\b/.test(text)) return null;
  const parsed = await parseDocument(text, file);
  const { flags, commands } = (parsed.value ?? {}) as Record<string, unknown>;
  if (flags === undefined && commands === undefined) return null;
  const line = (at: Path): string => `${printable(file)}:${parsed.lineOf(at)}`;
  const place = (at: Path): string => `${line(at)}: ${printable(pathText(at))}`;
  const wrong = (at: Path, what: string): AuthlogError =>
    new AuthlogError('USAGE', `${place(at)} must be ${what}`);
  const sectionOf = (value: unknown, at: Path): Readonly<Record<string, FlagValue>> => {
    if (!isObject(value)) throw wrong(at, 'an object of flags');
    for (const [name, one] of Object.entries(value)) {
      if (!isFlagValue(one)) {
        throw wrong([...at, name], 'a text, a number, true, false or a list of texts');
      }
    }
    return value as Record<string, FlagValue>;
  };
  if (commands !== undefined && !isObject(commands)) {
    throw wrong(['commands'], 'an object of commands');
  }
  return {
    file,
    folder: dirname(full),
    shared: flags === undefined ? {} : sectionOf(flags, ['flags']),
    commands: Object.fromEntries(
      Object.entries(commands ?? {}).map(([name, value]) => [
        name,
        sectionOf(value, ['commands', name]),
      ]),
    ),
    line,
    place,
  };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

const isFlagValue = (value: unknown): value is FlagValue =>
  isScalar(value) ||
  typeof value === 'boolean' ||
  (Array.isArray(value) && value.length > 0 && value.every(isScalar));
