import { maskTokens } from '../source/fields/mask.ts';
import { withoutQuery } from './path.ts';

const MOST_PATH = 1024;
const MOST_AGENT = 256;
const MOST_NAME = 128;
const MOST_METHOD = 32;

/** The path as it is recorded: without query, bounded, tokens in it made useless. */
export const recordedPath = (path: string | null): string | null => {
  if (path === null) return null;
  const shown = maskTokens(withoutQuery(path).slice(0, MOST_PATH));
  if (!shown.includes('%')) return shown;
  const plain = decoded(shown);
  const masked = maskTokens(plain);
  return masked === plain ? shown : masked;
};

/** Undoes what escapes there are, valid UTF-8 or not: only to see whether they hide a token. */
const decoded = (text: string): string =>
  text.replaceAll(/%[0-9A-Fa-f]{2}/g, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
  );

export const recordedAgent = (agent: string | null): string | null => bounded(agent, MOST_AGENT);

export const recordedMethod = (method: string | null): string | null =>
  bounded(method, MOST_METHOD);

/** An address or a request id. */
export const recordedName = (name: string | null): string | null => bounded(name, MOST_NAME);

const bounded = (text: string | null, most: number): string | null =>
  text === null ? null : maskTokens(text.length > most ? text.slice(0, most) : text);
