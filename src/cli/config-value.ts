import { resolve } from 'node:path';
import { InvalidArgumentError, type Option } from 'commander';
import { AuthlogError } from '../errors.ts';
import type { FlagValue, Path } from '../config/config.ts';
import type { FlagSections } from '../config/flag-sections.ts';
import { maskTokens } from '../source/fields/mask.ts';
import { collect } from './values.ts';

/** `--secret-file <file>` → `file`; empty for a flag without value. */
export const placeholderOf = ({ flags }: Pick<Option, 'flags'>): string =>
  /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? '';

/** Flags whose value is the path of a file, or of a file among other things. */
export const takesFile = (option: Pick<Option, 'flags'>): boolean =>
  placeholderOf(option).split('|').includes('file');

/**
 * What a flag is set to by a value of the file; undefined where that is what it is anyway. Throws
 * USAGE with the line where the flag does not take it.
 */
export const valueOf = (
  option: Option,
  value: FlagValue,
  sections: FlagSections,
  at: Path,
): unknown => {
  const wrong = (what: string, hint: string | null = null): AuthlogError =>
    new AuthlogError('USAGE', `${sections.place(at)} ${what}`, hint);
  if (option.isBoolean() || option.negate) {
    if (typeof value !== 'boolean') throw wrong('must be true or false');
    return value ? !option.negate : undefined;
  }
  if (typeof value === 'boolean') throw wrong('needs a value', `As in ${option.flags}.`);
  const isRepeatable = option.parseArg === collect;
  const isList = placeholderOf(option) === 'list';
  if (Array.isArray(value) && !isRepeatable && !isList) throw wrong('takes one value');
  const words = [value].flat().map((word) => pathOf(String(word), option, sections.folder));
  for (const word of words) {
    if (maskTokens(word) !== word) {
      throw wrong('holds a token', 'Whoever reads the file could use it.');
    }
    if (hasPassword(word)) {
      const hint = `Set ${option.envVar ?? 'a variable'} in the environment.`;
      throw wrong('holds a password, which does not belong into a file', hint);
    }
  }
  try {
    if (isRepeatable) return words;
    const word = words.join(',');
    return option.parseArg === undefined ? word : option.parseArg(word, undefined as never);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw wrong(`is nothing that --${option.name()} takes`, error.message);
  }
};

/** Whether a URL has a password in it. */
export const hasPassword = (word: string): boolean => /^[a-z]+:\/\/[^/@\s]*:[^/@\s]*@/i.test(word);

const EMBEDDED = 'duckdb:';

/** Relative to the folder of the file, wherever the program runs. */
const pathOf = (word: string, option: Option, folder: string): string => {
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(word);
  if (word.startsWith(EMBEDDED) && word.length > EMBEDDED.length) {
    return EMBEDDED + resolve(folder, word.slice(EMBEDDED.length));
  }
  if (!takesFile(option) || isUrl || word === '-' || word === '') return word;
  return resolve(folder, word);
};
