import { maskTokens } from '../source/fields/mask.ts';
import { escapeText } from './escape.ts';
import type { Theme } from './theme.ts';

/** `authlog: what went wrong`, and on a second line what to do next; a token typed in the wrong place is masked. */
export const renderError = (message: string, hint: string | null, theme: Theme): string => {
  const line = `${theme.bad('authlog:')} ${escapeText(maskTokens(message))}\n`;
  return hint === null ? line : `${line}  ${escapeText(maskTokens(hint))}\n`;
};

/** What happened to an input, which it names once. */
export const incompleteText = ({
  path,
  reason,
  detail,
}: {
  readonly path: string;
  readonly reason: string;
  readonly detail: string;
}): string => {
  const name = path === '-' ? 'standard input' : path;
  return detail.includes(name) ? detail : `${name} (${reason}): ${detail}`;
};
