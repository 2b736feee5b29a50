import { escapeText } from './escape.ts';
import type { Theme } from './theme.ts';

/** `authlog: what went wrong`, and on a second line what to do next. */
export const renderError = (message: string, hint: string | null, theme: Theme): string => {
  const line = `${theme.bad('authlog:')} ${escapeText(message)}\n`;
  return hint === null ? line : `${line}  ${escapeText(hint)}\n`;
};
