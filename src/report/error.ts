import type { Incomplete } from '../source/input.ts';
import { escapeText } from './escape.ts';
import type { Theme } from './theme.ts';

/** `authlog: what went wrong`, and on a second line what to do next. */
export const renderError = (message: string, hint: string | null, theme: Theme): string => {
  const line = `${theme.bad('authlog:')} ${escapeText(message)}\n`;
  return hint === null ? line : `${line}  ${escapeText(hint)}\n`;
};

/** What happened to an input, which it names once. */
export const incompleteText = ({ path, reason, detail }: Incomplete): string => {
  const name = path === '-' ? 'standard input' : path;
  return detail.includes(name) ? detail : `${name} (${reason}): ${detail}`;
};
