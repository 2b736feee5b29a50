import { Buffer } from 'node:buffer';
import { setFlagsFromString } from 'node:v8';
import { createContext, Script, type Context } from 'node:vm';
import { AuthlogError } from '../errors.ts';
import type { Scanner } from './scanner.ts';
import type { Spans } from './spans.ts';
import { latin1 } from './text.ts';

const TIMEOUT_MS = 200;
const MATCH_ALL = new Script('found = Array.from(line.matchAll(pattern))');

/**
 * Finds tokens by the user's own regular expression: its first group, else the whole match.
 * A pattern can need exponential time on a hostile line. One that V8's linear engine can run falls
 * back to that engine; one that it can't (look-around, back-references) runs under a timer.
 */
export class PatternScanner {
  readonly #pattern: RegExp;
  readonly #timed: Context | null;
  readonly #scanner: Scanner;

  /** Throws `USAGE` where `source` is no regular expression. */
  constructor(source: string, scanner: Scanner) {
    const { pattern, linear } = compilePattern(source);
    this.#scanner = scanner;
    this.#pattern = pattern;
    this.#timed = linear ? null : createContext({ pattern, line: '', found: [] });
  }

  /** Appends what the pattern finds in `bytes[start, end)`; false where it ran out of time. */
  scanLine(bytes: Uint8Array, start: number, end: number, spans: Spans): boolean {
    const line = latin1(bytes, start, end);
    const matches = this.#timed === null ? line.matchAll(this.#pattern) : inTime(this.#timed, line);
    if (matches === null) return false;
    for (const match of matches) {
      const token = match[1] ?? match[0];
      if (token === '') continue;
      const at = start + match.index + match[0].indexOf(token);
      this.#scanner.addNamed(bytes, at, at + token.length, spans);
    }
    return true;
  }
}

const inTime = (context: Context, line: string): readonly RegExpExecArray[] | null => {
  context['line'] = line;
  try {
    MATCH_ALL.runInContext(context, { timeout: TIMEOUT_MS });
  } catch {
    return null;
  }
  return context['found'] as readonly RegExpExecArray[];
};

/** The user's pattern over bytes, one character each. Throws `USAGE` where it does not compile. */
export const compilePattern = (
  source: string,
): { readonly pattern: RegExp; readonly linear: boolean } => {
  const overBytes = Buffer.from(source, 'utf8').toString('latin1');
  setFlagsFromString('--enable-experimental-regexp-engine');
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
  let pattern: RegExp;
  try {
    pattern = new RegExp(overBytes, 'g');
  } catch {
    throw new AuthlogError(
      'USAGE',
      '--pattern is not a regular expression',
      "Give a JavaScript regular expression whose first group is the token, for example 'jwt=(\\S+)'.",
    );
  }
  return { pattern, linear: isLinear(overBytes) };
};

/** The `l` flag compiles only what V8's linear engine can run. */
const isLinear = (source: string): boolean => {
  try {
    return new RegExp(source, 'gl') instanceof RegExp;
  } catch {
    return false;
  }
};
