import { dirname, resolve } from 'node:path';
import { AuthlogError } from '../errors.ts';
import { printable } from '../keys/printable.ts';
import { NO_CONFIG, pathText, type Config, type ConfigValues, type Path } from './config.ts';
import { parseDocument, type Parsed } from './document.ts';
import { findConfig, shownPath, type ConfigHost } from './find-config.ts';
import { faultsOf, sentenceOf, type Fault } from './schema-check.ts';
import { readTextFile } from './text-file.ts';

const MOST_BYTES = 1024 * 1024;

/**
 * The configuration of `--config` (`-` for none), else the first one found. Throws USAGE with file
 * and line for what it must not hold; paths in it come out absolute.
 */
export const loadConfig = async (named: string | null, host: ConfigHost): Promise<Config> => {
  if (named === '-') return NO_CONFIG;
  const path = named === null ? findConfig(host) : resolve(host.cwd, named);
  if (path === null) return NO_CONFIG;
  const name = shownPath(path, host.cwd);
  return await parseConfig(await readTextFile(path, MOST_BYTES, name), path, name);
};

/** The configuration in a text; `path` is where it lies, `name` what messages call it. */
export const parseConfig = async (text: string, path: string, name: string): Promise<Config> => {
  const parsed = await parseDocument(text, name);
  // Nothing but comments.
  const value = parsed.value ?? {};
  const faults = faultsOf(value);
  if (faults.length > 0) throw wrong(faults, parsed, name);
  const place = (at: Path): string =>
    `${printable(name)}:${parsed.lineOf(at)}: ${printable(pathText(at))}`;
  return { file: name, path, values: withPaths(value, dirname(path)), place };
};

const wrong = (faults: readonly Fault[], parsed: Parsed, name: string): AuthlogError => {
  const [first, ...rest] = faults
    .map((fault) => ({ fault, line: parsed.lineOf(fault.path) }))
    .toSorted((a, b) => a.line - b.line);
  const { fault, line } = first!;
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`;
  const message = `${printable(name)}:${line}: ${printable(sentenceOf(fault))}${more}`;
  return new AuthlogError('USAGE', message, fault.hint);
};

const withPaths = (value: unknown, folder: string): ConfigValues => {
  const values = value as ConfigValues;
  const { revocations, geoip } = values;
  return {
    ...values,
    ...(revocations !== undefined && { revocations: resolve(folder, revocations) }),
    ...(geoip !== undefined && { geoip: resolve(folder, geoip) }),
  };
};
